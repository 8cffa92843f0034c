"""Decisions, redactions, and the published rows that decisions write."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.database import Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.responses.enums import AnswerState

_WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Decision(Identified, Base):
    """One act of moderation on one revision as read. Append-only: the database refuses change and deletion.

    It holds the hash that was read, not the words, and is numbered within its answer so that two at once collide.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        CheckConstraint("verdict <> 'reject' OR reason IS NOT NULL", name="rejection_has_reason"),
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="RESTRICT"))
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(checked(Verdict, "verdict"))
    read_hash: Mapped[str] = mapped_column(String(64))
    state_before: Mapped[AnswerState] = mapped_column(checked(AnswerState, "state_before"))
    state_after: Mapped[AnswerState] = mapped_column(checked(AnswerState, "state_after"))
    reason: Mapped[RejectReason | None] = mapped_column(checked(RejectReason, "reason"))
    note: Mapped[str] = mapped_column(Text, default="")
    """For colleagues; never exported or published."""
    decided_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    redactions: Mapped[list["Redaction"]] = relationship(
        order_by="Redaction.starts", back_populates="decision"
    )


class Redaction(Identified, Base):
    """A span of the revision that was read, in Unicode code points [starts, ends), removed from the published text."""

    __tablename__ = "redaction"
    __table_args__ = (
        CheckConstraint("starts >= 0 AND ends > starts", name="span"),
        UniqueConstraint("decision_id", "starts"),
    )

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    starts: Mapped[int]
    ends: Mapped[int]
    kind: Mapped[RedactionKind] = mapped_column(checked(RedactionKind, "kind"))

    decision: Mapped[Decision] = relationship(back_populates="redactions")


class PublishedText(Base):
    """A quotable text, redacted, with its attribution line composed: one face of the published view.

    It goes with its revision, and holds no attribute that its attribution level does not allow to print.
    """

    __tablename__ = "published_text"
    __table_args__ = (Index("ix_published_text_order", "consultation_id", "shuffle_key"), _WITHOUT_ROWID)

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    segments: Mapped[list[list[str | None]]] = mapped_column(JSON)
    """The text in order as [words, None] and ["", redaction kind] pairs."""
    text: Mapped[str] = mapped_column(Text)
    """The same as one string, each redaction written as "[kind]" in words."""
    language: Mapped[str] = mapped_column(String(12))
    attribution: Mapped[str] = mapped_column(String(32))
    attribution_line: Mapped[str] = mapped_column(String(300))
    shuffle_key: Mapped[int] = mapped_column(BigInteger)


class PublishedCase(Base):
    """A countable case without text: the other face of the published view, for figures inside the gate only."""

    __tablename__ = "published_case"
    __table_args__ = (
        Index("ix_published_case_scope", "consultation_id", "meeting_id", "question_id"),
        _WITHOUT_ROWID,
    )

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    choices: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    counts_as_participant: Mapped[bool] = mapped_column(default=True)
    country: Mapped[str | None] = mapped_column(String(2))
    country_group: Mapped[str | None] = mapped_column(String(120))
    sector: Mapped[str | None] = mapped_column(String(80))
    role_label: Mapped[str | None] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(12))
