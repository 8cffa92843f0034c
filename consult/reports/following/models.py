"""Entries that follow a published report."""

from datetime import date

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.database import Base, Identified


class FollowUp(Identified, Base):
    """One "we asked, you said, we did", in the convenor's words; its day is the one that the convenor gives it.

    It is never deleted, so that versions only grow and a page made from them knows when it is old.
    """

    __tablename__ = "follow_up"

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    on_day: Mapped[date]
    asked: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    did: Mapped[str] = mapped_column(Text)
    taken_back: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
