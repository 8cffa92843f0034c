"""Responses, answers and their words. No table here says who wrote, and none finer than the rules when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import AttributionStep
from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH, new_id, new_shuffle_key
from consult.responses.enums import AnswerState, Source, Voiced

_NO_PERSON = "mode = 'attributed' OR participant_id IS NULL"


class Response(Identified, Base):
    """What one participant submitted for one meeting.

    Outside attributed mode it names no person. `submitted_at` is already coarsened to the timing switch, or empty.
    The breakdown is a copy, coarsened before storage so that at least k invited people share it.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(_NO_PERSON, name="no_person_unless_attributed"),
        CheckConstraint("mode <> 'unlinked' OR submitted_at IS NULL", name="no_time_when_unlinked"),
        ForeignKeyConstraint(["ground_rules_id", "mode"], ["ground_rules.id", "ground_rules.mode"]),
        ForeignKeyConstraint(["meeting_id", "consultation_id"], ["meeting.id", "meeting.consultation_id"]),
        Index("ix_response_meeting_id", "meeting_id"),
        Index("ix_response_source", "consultation_id", "source"),
        WITHOUT_ROWID,
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="RESTRICT"))
    meeting_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    mode: Mapped[Mode] = mapped_column(checked(Mode, "mode"))
    source: Mapped[Source] = mapped_column(checked(Source, "source"))
    ground_rules_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    submission_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the form's submission key: the same key is the same response, however often it is sent."""
    receipt_hash: Mapped[str] = mapped_column(String(64), unique=True)
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participant.id", ondelete="RESTRICT"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)
    """Sent within the grace period after closing."""
    country: Mapped[str | None] = mapped_column(String(2))
    country_group: Mapped[str | None] = mapped_column(String(120))
    sector: Mapped[str | None] = mapped_column(String(80))
    role_label: Mapped[str | None] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(12))

    answers: Mapped[list["Answer"]] = relationship(back_populates="response")


class ResponseLink(Base):
    """Confidential mode's one link from an invitation to its response, sealed with the link key.

    `handle` is an HMAC of the invitation, `sealed` the encrypted response: without the key neither leads anywhere.
    """

    __tablename__ = "response_link"
    __table_args__ = WITHOUT_ROWID

    handle: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Answer(Identified, Base):
    """One participant's reply to one question. Its words live in revisions, which are never edited."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "question_id"),
        ForeignKeyConstraint(["meeting_id", "consultation_id"], ["meeting.id", "meeting.consultation_id"]),
        Index("ix_answer_queue", "consultation_id", "state", "shuffle_key", "id"),
        Index("ix_answer_meeting_queue", "meeting_id", "state", "shuffle_key", "id"),
        Index("ix_answer_counts", "meeting_id", "state", "question_id", "released"),
        Index(
            "ix_answer_held",
            "meeting_id",
            sqlite_where=text("released IS 0"),
            postgresql_where=text("released IS FALSE"),
        ),
        WITHOUT_ROWID,
    )

    response_id: Mapped[str] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    meeting_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="RESTRICT"))
    state: Mapped[AnswerState] = mapped_column(checked(AnswerState, "state"), default=AnswerState.WAITING)
    shuffle_key: Mapped[int] = mapped_column(BigInteger, default=new_shuffle_key)
    """Orders queues and exports without saying what came first."""
    released: Mapped[bool] = mapped_column(default=True)
    """Whether the desk sees it. In unlinked mode answers wait until a few have come together."""

    response: Mapped[Response] = relationship(back_populates="answers")
    revisions: Mapped[list["Revision"]] = relationship(order_by="Revision.number", back_populates="answer")


class Revision(Identified, Base):
    """The words of an answer at one time. The database refuses to change them; a change of mind appends one.

    `hash` covers words, choices, attribution level and wording version: what a moderator read.
    The attribution level is at most the ceiling it was given under, unless a waiver is dated.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        Index("ix_revision_found", "search_key", "answer_id", "current", "standing"),
        Index("ix_revision_language", "standing", "language", "search_key"),
        Index("ix_revision_attribution", "standing", "attribution", "search_key"),
        Index(
            "uq_revision_current",
            "answer_id",
            unique=True,
            sqlite_where=text("current = 1"),
            postgresql_where=text("current"),
        ),
        ForeignKeyConstraint(["ground_rules_id", "ceiling"], ["ground_rules.id", "ground_rules.ceiling"]),
        CheckConstraint("attribution BETWEEN 0 AND 6", name="attribution"),
        CheckConstraint("attribution <= ceiling OR waived_at IS NOT NULL", name="under_the_ceiling"),
        CheckConstraint("text IS NOT NULL OR choices IS NOT NULL", name="says_something"),
        WITHOUT_ROWID,
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    number: Mapped[int]
    current: Mapped[bool] = mapped_column(default=True)
    wording_id: Mapped[str] = mapped_column(ForeignKey("wording.id", ondelete="RESTRICT"))
    text: Mapped[str | None] = mapped_column(Text)
    """NFC, line breaks as \\n."""
    choices: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    language: Mapped[str] = mapped_column(String(12))
    attribution: Mapped[Attribution] = mapped_column(AttributionStep)
    ground_rules_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    ceiling: Mapped[Attribution] = mapped_column(AttributionStep)
    waived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hash: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(64), nullable=True, default=new_id)
    """Random: by it decisions, which outlive these words, know them, and tell nothing of them once they are gone."""
    folded: Mapped[str] = mapped_column(Text, default="")
    """The words as searched: see `core.text.fold`."""
    search_key: Mapped[int] = mapped_column(BigInteger, unique=True, default=new_shuffle_key)
    """A random number by which SQLite's full-text index knows this row."""
    standing: Mapped[str | None] = mapped_column(String(40), deferred=True)
    """State and meeting of the answer as the search index has them; empty once these words do not stand, or not yet.

    The database writes it, when the words come in and whenever the answer moves.
    """

    answer: Mapped[Answer] = relationship(back_populates="revisions")


class ResponseCode(Base):
    """A response code that was handed out: in unlinked mode, or for a meeting's join code.

    It leads to no invitation, and to no response. It is neither touched nor marked when it is used, and deleted at
    closing.
    """

    __tablename__ = "response_code"
    __table_args__ = WITHOUT_ROWID

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    joined: Mapped[bool] = mapped_column(default=False)
    """Whether it was handed out for a meeting's join code."""


class ImportedRow(Base):
    """A row of an imported file that was taken, so that importing again adds nothing. It leads to no response."""

    __tablename__ = "imported_row"
    __table_args__ = WITHOUT_ROWID

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """HMAC with the secret key of the row's identifier, or of its content and occurrence."""


class SessionNote(Base):
    """An answer that is a rapporteur's note on a discussion. It is nobody's answer: the database never counts it."""

    __tablename__ = "session_note"
    __table_args__ = WITHOUT_ROWID

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_session.id", ondelete="SET NULL"))
    """The part of the meeting that was discussed; None for all of it."""
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    """Where its rapporteur wants it told; those that have the same place follow in no order of time."""
    voiced: Mapped[Voiced] = mapped_column(
        checked(Voiced, "voiced"), default=Voiced.SAID, server_default=Voiced.SAID.value
    )
    """How widely it was voiced, as the rapporteur heard it: a summary says no more than this."""
    written_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))


class PaperCard(Identified, Base):
    """A card that was typed in. It becomes an answer once somebody else has compared it; then its words go from here.

    The database refuses one without consent, and one that was checked by whoever typed it. Nothing leads from it to
    the answer it became.
    """

    __tablename__ = "paper_card"
    __table_args__ = (
        CheckConstraint("consented", name="consented"),
        CheckConstraint("checked_by <> entered_by", name="checked_by_another"),
        CheckConstraint("(entered IS NULL) = (checked_by IS NOT NULL)", name="words_until_checked"),
        WITHOUT_ROWID,
    )

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    consented: Mapped[bool]
    """The card says that what stands on it may be used as ticked."""
    entered: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """[{"asking": id, "text": words, "choices": codes or None, "attribution": code}]."""
    entered_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    checked_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counted up with every correction; who confirms names the one that was compared."""


class Draft(Base):
    """What an invited person has written and not sent, sealed with the link key; nothing in it can be searched.

    `handle` is an HMAC of the invitation. It goes when its answer is submitted, and on `gone_on` at the latest. Never
    in unlinked mode, where nothing stored may lead from an invitation to words.
    """

    __tablename__ = "draft"
    __table_args__ = WITHOUT_ROWID

    handle: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    gone_on: Mapped[date] = mapped_column(index=True)
    """The first whole day after its life. The instant at which that ends is inside."""
