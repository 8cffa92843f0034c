"""Staff and what they may do. Participants have no account and are not here."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.enums import Role
from consult.core.database import Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH, new_id


class User(Identified, Base):
    """A member of staff. Never deleted, since decisions name them; `active` ends their access."""

    __tablename__ = "user_account"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    session_key: Mapped[str] = mapped_column(String(ID_LENGTH), default=new_id)
    """Renewed to end every signed-in session at once."""
    single_keys: Mapped[bool] = mapped_column(default=True)
    """Whether single-key shortcuts are on in the desk."""
    digests: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether this person wants to hear by mail, once a day at most, how many answers wait."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", foreign_keys="Membership.user_id", lazy="selectin"
    )


class Membership(Identified, Base):
    """One role of one person in a consultation; with a meeting, for that meeting alone."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_whole",
            "user_id",
            "consultation_id",
            unique=True,
            sqlite_where=text("meeting_id IS NULL"),
            postgresql_where=text("meeting_id IS NULL"),
        ),
        Index("uq_membership_meeting", "user_id", "consultation_id", "meeting_id", unique=True),
        CheckConstraint("role <> 'programme_director' OR meeting_id IS NULL", name="directors_direct_all"),
    )

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(checked(Role, "role"))
    brought_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    """From which director at the desk this role comes in the end; empty where an administrator gave it.

    Those whom one director brought are with them one party: the database lets no two of a party open a link.
    """

    user: Mapped[User] = relationship(back_populates="memberships", foreign_keys=[user_id])
