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

from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH
from consult.moderation.enums import HintKind, RedactionKind, RejectReason, Verdict
from consult.responses.enums import AnswerState
from consult.responses.models import Answer


class Decision(Identified, Base):
    """One act of moderation on one revision as read. Append-only: the database refuses change and deletion.

    It is numbered within its answer, so that two at once collide, and outlives the words. It therefore knows what was
    read by the mark of that revision: a hash of the words could be compared with what somebody guesses they were.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        CheckConstraint("verdict <> 'reject' OR reason IS NOT NULL", name="rejection_has_reason"),
        Index("ix_decision_log", "decided_at", "id"),
        Index("ix_decision_log_by", "decided_by", "decided_at", "id"),
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="RESTRICT"))
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(checked(Verdict, "verdict"))
    read_hash: Mapped[str] = mapped_column(String(64))
    """The mark of the revision that was read; in databases of before, its hash, which was its mark then."""
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


class ApprovedOnce(Base):
    """An answer that waits for another person's approval of the words that one has approved. The database keeps it."""

    __tablename__ = "approved_once"
    __table_args__ = (
        Index("ix_approved_once_by", "meeting_id", "approved_by", "answer_id"),
        Index("ix_approved_once_order", "meeting_id", "shuffle_key", "answer_id", "approved_by"),
        WITHOUT_ROWID,
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    approved_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    shuffle_key: Mapped[int] = mapped_column(BigInteger)
    """The answer's own, so that they are read in the queue's order."""


class PublishedText(Base):
    """A quotable text, redacted, with its attribution line composed: one face of the published view.

    It goes with its revision, and holds no attribute that its attribution level does not allow to print.
    """

    __tablename__ = "published_text"
    __table_args__ = (
        Index("ix_published_text_order", "consultation_id", "shuffle_key"),
        Index("ix_published_text_question", "consultation_id", "question_id", "revision_id"),
        WITHOUT_ROWID,
    )

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
        WITHOUT_ROWID,
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


class TakenOut(Base):
    """How often a row has left a consultation's published view: the database counts it, in the same transaction."""

    __tablename__ = "taken_out"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Hint(Base):
    """Code points [starts, ends) of a revision that to look at, and why: a kind, never whose or how many."""

    __tablename__ = "hint"
    __table_args__ = (
        CheckConstraint("starts >= 0 AND ends >= starts", name="span"),
        Index("ix_hint_kind", "kind"),
        WITHOUT_ROWID,
    )

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    starts: Mapped[int] = mapped_column(primary_key=True)
    ends: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[HintKind] = mapped_column(checked(HintKind, "kind"), primary_key=True)


class Unexamined(Base):
    """A revision that nobody has looked through for hints yet. The database adds one for every new revision."""

    __tablename__ = "unexamined"
    __table_args__ = WITHOUT_ROWID

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)


class Examination(Base):
    """How far the looking through of one consultation is."""

    __tablename__ = "examination"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    against: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 over the whole roster and the rules' version: once it differs, everything is examined again."""
    changes: Mapped[int] = mapped_column(default=0)
    """How many batches have been examined."""
    compared: Mapped[int] = mapped_column(default=0)
    """The value of `changes` from which duplicates were last sought; where it differs, they are sought again."""


class Duplicate(Base):
    """An answer whose words, or nearly, others gave as well. Recomputed; decisions are never taken from it."""

    __tablename__ = "duplicate"
    __table_args__ = (
        Index("ix_duplicate_group", "group_key", "text_number"),
        Index("ix_duplicate_consultation_id", "consultation_id"),
        Index("ix_duplicate_revision_id", "revision_id"),
        CheckConstraint("likeness BETWEEN 0 AND 100", name="likeness"),
        WITHOUT_ROWID,
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"))
    """The words that were compared."""
    group_key: Mapped[str] = mapped_column(String(ID_LENGTH))
    """Random."""
    text_number: Mapped[int]
    """Answers of a group with one number have one folded text; number 0 is the text given most often."""
    likeness: Mapped[int]
    """Percent of text number 0 that stands in this one in order (rapidfuzz ratio), rounded down; 100 for itself."""


class AnswerNote(Identified, Base):
    """What moderators say to each other about an answer. Never exported or published; goes with the answer."""

    __tablename__ = "answer_note"
    __table_args__ = WITHOUT_ROWID

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Base):
    """Somebody has this answer open, as far as their browser last said, and until when that is believed."""

    __tablename__ = "presence"
    __table_args__ = WITHOUT_ROWID

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(Identified, Base):
    """Filters of the queue that one person comes back to, by a name of their own."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "consultation_id", "name"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(1000))
    """As in the queue's address, without a page."""


class Digest(Base):
    """What one moderator was last told by mail about one consultation: a number, and when that mail was queued."""

    __tablename__ = "digest"
    __table_args__ = WITHOUT_ROWID

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrived: Mapped[int]
    """How many answers had come in by then at the meetings of this moderator."""
    message_id: Mapped[str | None] = mapped_column(
        ForeignKey("mail_message.id", ondelete="SET NULL"), index=True
    )
    """The message that speaks of it."""


class LinkOpening(Identified, Base):
    """Break-glass: one director asks who gave an answer, another agrees in time, and each reads it once.

    It names the answer and never the person. The database refuses whoever acts alone or agrees too late, any answer
    outside confidential mode, and every change of what was asked, agreed and read.
    """

    __tablename__ = "link_opening"
    __table_args__ = (
        CheckConstraint("agreed_by <> asked_by", name="two_people"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("agreed_by IS NULL OR agreed_reason <> ''", name="agreed_reason_given"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed_whole"),
        CheckConstraint("agreed_at <= expires_at", name="agreed_in_time"),
        CheckConstraint(
            "agreed_by IS NOT NULL OR (asker_read_at IS NULL AND agreer_read_at IS NULL)",
            name="read_once_agreed",
        ),
        WITHOUT_ROWID,
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="RESTRICT"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    """Why, in words that the participant is shown as well."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Until when another may agree."""
    agreed_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_reason: Mapped[str] = mapped_column(Text, default="")
    asker_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreer_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    answer: Mapped[Answer] = relationship()
