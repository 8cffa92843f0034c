"""The people invited, and their invitations. Nothing here leads to a response."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.database import Base, Identified
from consult.meetings.models import Meeting


class Participant(Identified, Base):
    """An invited person of one consultation, at one or more of its meetings."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("consultation_id", "email"), {"sqlite_with_rowid": False})

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
        {"sqlite_with_rowid": False},
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

    participant: Mapped[Participant] = relationship(back_populates="invitations")
    meeting: Mapped[Meeting] = relationship()
