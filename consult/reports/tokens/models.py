"""Tokens by which a program reads what is not published yet."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.clock import now
from consult.core.database import Base, Identified, UtcDateTime


class ApiToken(Identified, Base):
    """A program's way to one consultation's unpublished editions or answers. Only its hash is kept; it ends."""

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("reads_editions OR reads_answers", name="reads_something"),
        CheckConstraint("expires_at > made_at", name="expires"),
    )

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    """What it is for, in the words of whoever made it."""
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    reads_editions: Mapped[bool]
    """Frozen editions, which wait for approval or publication."""
    reads_answers: Mapped[bool]
    """The published view as it stands now, after the rules on small groups."""
    made_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked: Mapped[bool] = mapped_column(default=False)

    @property
    def works(self) -> bool:
        """Whether it opens anything now."""
        return not self.revoked and self.expires_at > now()
