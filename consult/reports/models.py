"""Takeaways and editions."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH
from consult.core.storage import StoredFile
from consult.reports.enums import EditionState, ErasureKind


class Takeaway(Identified, Base):
    """A conclusion across meetings, with the themes that carry it and those that speak against it."""

    __tablename__ = "takeaway"

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    theme_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    against_codes: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counted up with every change; who saves names the one that was read."""


class Edition(Identified, Base):
    """A frozen, numbered report: one JSON document from which every format renders; its hash shows a change.

    At most one edition of a consultation is published; the others are frozen or superseded.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index(
            "uq_edition_published",
            "consultation_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
        Index("ix_edition_mark", "consultation_id", "state", "id", "document_hash"),
        CheckConstraint("(state = 'frozen') = (published_at IS NULL)", name="published_has_time"),
        CheckConstraint("approved_by <> frozen_by", name="approved_by_another"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_has_time"),
        CheckConstraint("withdrawn_at IS NULL OR state = 'superseded'", name="withdrawn_is_superseded"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why = '')", name="withdrawn_has_reason"),
        CheckConstraint(
            "state = 'frozen' OR before_approval OR approved_by IS NOT NULL", name="published_is_approved"
        ),
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="RESTRICT"))
    number: Mapped[int]
    state: Mapped[EditionState] = mapped_column(checked(EditionState, "state"), default=EditionState.FROZEN)
    document: Mapped[str] = mapped_column(Text, deferred=True)
    """Canonical JSON, see `reports.document`."""
    document_hash: Mapped[str] = mapped_column(String(64))
    ground_rules_id: Mapped[str] = mapped_column(ForeignKey("ground_rules.id", ondelete="RESTRICT"))
    frozen_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    """A director who did not freeze it."""
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Published before a second director was asked for."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its convenor took it back: whoever asks for it is told so, and why."""
    withdrawn_why: Mapped[str] = mapped_column(Text, default="", server_default="")
    corrections: Mapped[int] = mapped_column(default=0)
    """How many of its quotes were taken out after it was frozen, because their authors took them back."""

    files: Mapped[list["EditionFile"]] = relationship(back_populates="edition")


class EditionFile(Identified, Base):
    """An edition rendered in one format by the worker, stored and served as stored."""

    __tablename__ = "edition_file"
    __table_args__ = (UniqueConstraint("edition_id", "format"),)

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id", ondelete="RESTRICT"))
    format: Mapped[str] = mapped_column(String(16))
    file_id: Mapped[str] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    edition: Mapped[Edition] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()


class EditionQuote(Base):
    """Which revision stands at a place of an edition's quotes, so that it can be taken out again. Never published."""

    __tablename__ = "edition_quote"
    __table_args__ = WITHOUT_ROWID

    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """Counted from 0 in the document's `quotes`."""
    revision_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)


class Erasure(Identified, Base):
    """The ledger of what was taken back: no words, and the day only where the timing switch keeps days.

    A restored backup is brought in line with it by withdrawing `response_id` again.
    """

    __tablename__ = "erasure"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="RESTRICT"), index=True
    )
    response_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    kind: Mapped[ErasureKind] = mapped_column(checked(ErasureKind, "kind"))
    editions: Mapped[list[int]] = mapped_column(JSON)
    """The numbers of the editions from which a passage was taken out."""
    day: Mapped[date | None]
