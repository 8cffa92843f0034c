"""Meetings, and what was asked, concluded and published there."""

from datetime import date

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Question, Wording
from consult.core.database import WITHOUT_ROWID, Base, Identified, checked
from consult.core.identifiers import ID_LENGTH
from consult.meetings.enums import DatePrecision, LinkKind


class Meeting(Identified, Base):
    """An event at which a consultation's questions are asked."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("consultation_id", "slug"),
        UniqueConstraint("id", "consultation_id"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(300))
    short_title: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    """The first day of what is known: for a month its first day."""
    ends_on: Mapped[date]
    precision: Mapped[DatePrecision] = mapped_column(checked(DatePrecision, "precision"))
    venue: Mapped[str] = mapped_column(String(200), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    outcomes_heading: Mapped[str] = mapped_column(String(120), default="Outcomes")

    sessions: Mapped[list["MeetingSession"]] = relationship(order_by="MeetingSession.position")
    outcomes: Mapped[list["Outcome"]] = relationship(order_by="Outcome.position")
    links: Mapped[list["MeetingLink"]] = relationship(order_by="MeetingLink.position")
    attendees: Mapped[list["Attendee"]] = relationship(order_by="Attendee.position")
    askings: Mapped[list["Asking"]] = relationship(order_by="Asking.position", back_populates="meeting")


class MeetingSession(Identified, Base):
    """A part of a meeting's programme."""

    __tablename__ = "meeting_session"
    __table_args__ = (UniqueConstraint("id", "meeting_id"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    chair: Mapped[str] = mapped_column(String(200), default="")


class Outcome(Identified, Base):
    """A conclusion of one meeting."""

    __tablename__ = "outcome"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class Attendee(Identified, Base):
    """Somebody who took part, in the list that the organisers publish. Nothing leads to an invitation or an answer.

    The database takes a list only where the ground rules open it, and empties it when they close it.
    """

    __tablename__ = "meeting_attendee"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(300), default="")
    """What the organisers say of the person: an office, an organisation."""


class MeetingLink(Identified, Base):
    """A web page, programme, report or podcast of a meeting; without an address it is still to be published."""

    __tablename__ = "meeting_link"
    __table_args__ = (CheckConstraint("to_be_published = (url IS NULL)", name="published_has_address"),)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[LinkKind] = mapped_column(checked(LinkKind, "kind"))
    title: Mapped[str] = mapped_column(String(300))
    url: Mapped[str | None] = mapped_column(String(1000))
    to_be_published: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    """The document of ours that `url` leads to."""


class Asking(Identified, Base):
    """One question asked at one meeting (or session) in one wording."""

    __tablename__ = "asking"
    __table_args__ = (
        ForeignKeyConstraint(["wording_id", "question_id"], ["wording.id", "wording.question_id"]),
        ForeignKeyConstraint(
            ["session_id", "meeting_id"], ["meeting_session.id", "meeting_session.meeting_id"]
        ),
        Index(
            "uq_asking_meeting",
            "question_id",
            "meeting_id",
            unique=True,
            sqlite_where=text("session_id IS NULL"),
            postgresql_where=text("session_id IS NULL"),
        ),
        Index("uq_asking_session", "question_id", "meeting_id", "session_id", unique=True),
    )

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    wording_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    session_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    position: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(back_populates="askings", foreign_keys=[meeting_id])
    question: Mapped[Question] = relationship(foreign_keys=[question_id])
    wording: Mapped[Wording] = relationship(
        primaryjoin="Asking.wording_id == Wording.id", foreign_keys=[wording_id], viewonly=True
    )


class PilotAnswer(Identified, Base):
    """What staff wrote while trying the form. It is no answer: nothing that counts or publishes reads it.

    The database takes one before opening only, and deletes them all when the consultation opens or is answered.
    """

    __tablename__ = "pilot_answer"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    asking_id: Mapped[str] = mapped_column(ForeignKey("asking.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    use: Mapped[str] = mapped_column(String(40))

    asking: Mapped[Asking] = relationship()
