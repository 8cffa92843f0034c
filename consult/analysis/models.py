"""The codebook and the codings."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.analysis.enums import CodingState
from consult.core.database import Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH


class Theme(Identified, Base):
    """A codebook entry of one consultation."""

    __tablename__ = "theme"
    __table_args__ = (
        UniqueConstraint("consultation_id", "code"),
        UniqueConstraint("id", "consultation_id"),
        ForeignKeyConstraint(["parent_id", "consultation_id"], ["theme.id", "theme.consultation_id"]),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    code: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    drawn_from: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)


class Coding(Identified, Base):
    """One theme given to one revision by one coder, a person or a named machine. Removal is a state."""

    __tablename__ = "coding"
    __table_args__ = (
        CheckConstraint("(coder_id IS NULL) <> (machine IS NULL)", name="one_coder"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="whole_span"),
        CheckConstraint("starts IS NULL OR (starts >= 0 AND ends > starts)", name="span"),
        Index(
            "uq_coding_whole_answer",
            "revision_id",
            "theme_id",
            "coder_id",
            unique=True,
            sqlite_where=text("state = 'confirmed' AND starts IS NULL"),
            postgresql_where=text("state = 'confirmed' AND starts IS NULL"),
        ),
        Index("ix_coding_theme_id", "theme_id", "state"),
        {"sqlite_with_rowid": False},
    )

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="RESTRICT"))
    coder_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    machine: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[CodingState] = mapped_column(checked(CodingState, "state"), default=CodingState.CONFIRMED)
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    coded_at: Mapped[datetime] = mapped_column(UtcDateTime)
