"""Named readers of an edition that is not published yet."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.database import Base, Identified, UtcDateTime


class EditionReader(Identified, Base):
    """Somebody who may read an edition before it is published, by a link that ends.

    The link's secret is derived with the link key and never stored; its hash is.
    """

    __tablename__ = "edition_reader"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="expires"),)

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked: Mapped[bool] = mapped_column(default=False)


class EditionOpening(Identified, Base):
    """That a named reader opened the copy or took its file, and when."""

    __tablename__ = "edition_opening"

    reader_id: Mapped[str] = mapped_column(ForeignKey("edition_reader.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(16))
    """The page, or the code of a format."""
