"""Mail to be sent and sent. A row says to whom and about what; never a secret, never the text."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime, checked


class MailState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENT = "sent"
    """The mail server has taken it."""
    FAILED = "failed"
    BOUNCED = "bounced"
    """Taken, and returned later as undeliverable."""
    SUPPRESSED = "suppressed"
    """When its turn came there was no reason left to send it."""


MOVES: dict[MailState, frozenset[MailState]] = {
    MailState.QUEUED: frozenset({MailState.SENT, MailState.FAILED, MailState.SUPPRESSED}),
    MailState.SENT: frozenset({MailState.BOUNCED}),
    MailState.FAILED: frozenset({MailState.QUEUED}),
    MailState.BOUNCED: frozenset({MailState.QUEUED}),
    MailState.SUPPRESSED: frozenset(),
}


class MailMessage(Identified, Base):
    """One message to one recipient. Its text is rendered when it is sent, from a template and facts.

    Its times are times of mail. Where who gets a message depends on who has answered, the row is deleted once sent
    (`forgotten`), so that no time stands between a person and an answer.
    """

    __tablename__ = "mail_message"
    __table_args__ = (
        Index(
            "uq_mail_message_occasion",
            "invitation_id",
            "kind",
            "occasion",
            unique=True,
            sqlite_where=text("occasion <> ''"),
            postgresql_where=text("occasion <> ''"),
        ),
        Index("ix_mail_message_consultation_id_state", "consultation_id", "state"),
        WITHOUT_ROWID,
    )

    consultation_id: Mapped[str | None] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(12))
    participant_id: Mapped[str | None] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    invitation_id: Mapped[str | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    """Where it goes, or went: as it was when the message was queued."""
    occasion: Mapped[str] = mapped_column(String(40), default="")
    """What must not be mailed twice about one invitation, e.g. "first"; empty where a repetition is meant."""
    forgotten: Mapped[bool] = mapped_column(default=False)
    """Whether the row goes once the message is sent or suppressed."""
    state: Mapped[MailState] = mapped_column(checked(MailState, "state"), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No attempt before: while one is under way, and while the next is waited for."""
    last_error: Mapped[str] = mapped_column(String(400), default="")
    """Why it has not arrived, in plain words."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailText(Identified, Base):
    """A consultation's own words for one kind of mail in one language, with `{placeholders}`."""

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("consultation_id", "kind", "language"),)

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(8000))
