"""The people invited, and their invitations. Nothing here leads to a response."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime
from consult.meetings.models import Meeting


class Participant(Identified, Base):
    """An invited person of one consultation, at one or more of its meetings."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("consultation_id", "email"), WITHOUT_ROWID)

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    """Lower case; the name by which a roster import finds the person again."""
    country: Mapped[str] = mapped_column(String(2), default="")
    organisation: Mapped[str] = mapped_column(String(300), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    role_label: Mapped[str] = mapped_column(String(120), default="")
    """Coarse, as a quotation might name it: "a NATO official"."""
    sector: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")

    invitations: Mapped[list["Invitation"]] = relationship(back_populates="participant")


class Invitation(Identified, Base):
    """One participant asked to one meeting's questions. The secret and the typed code are kept as hashes.

    `answered` has no time beside it, and no response is named here or names this.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        Index(
            "uq_invitation_standing",
            "participant_id",
            "meeting_id",
            unique=True,
            sqlite_where=text("revoked = 0"),
            postgresql_where=text("NOT revoked"),
        ),
        WITHOUT_ROWID,
    )

    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    answered: Mapped[bool] = mapped_column(default=False)
    issued: Mapped[bool] = mapped_column(default=False)
    """Unlinked mode: exchanged for a response code. Whether an answer came in with that code is stored nowhere."""
    declined: Mapped[bool] = mapped_column(default=False)
    """"I do not wish to answer": no reminders; answering stays possible."""
    revoked: Mapped[bool] = mapped_column(default=False)
    supplementary: Mapped[bool] = mapped_column(default=False)
    """Issued after a code was lost; reports count these."""
    seen_at_desk: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The desk printed this link, or changed the address that it is mailed to: so it shows nobody's words.

    The database sets it with an address that changes, and never takes it back.
    """
    readdressed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The person's address was changed: set by the database and for good. Whether they have answered is no reason to
    mail them or not, since whoever changed it may read what comes."""

    participant: Mapped[Participant] = relationship(back_populates="invitations")
    meeting: Mapped[Meeting] = relationship()


class JoinCode(Base):
    """The one code that everybody at a meeting may type from a poster. It stands for nobody.

    The code is derived from the link key and `round`, and kept as a hash; a new round makes the old code useless.
    """

    __tablename__ = "join_code"
    __table_args__ = WITHOUT_ROWID

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[int]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    open: Mapped[bool]
    """Whether it is taken now."""

    meeting: Mapped[Meeting] = relationship()


class PlannedReminder(Base):
    """So many hours before closing, those who have not answered are reminded."""

    __tablename__ = "planned_reminder"
    __table_args__ = (
        CheckConstraint("hours_before BETWEEN 1 AND 2160", name="within_three_months"),
        WITHOUT_ROWID,
    )

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    hours_before: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """A reminder whose time was past already when it was planned is never sent."""
