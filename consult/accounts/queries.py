"""Finding staff."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consult.accounts.models import Membership, User


def user_by_email(session: Session, email: str) -> User | None:
    """The account with that address, whatever its letter case."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def user_by_id(session: Session, user_id: str) -> User | None:
    """The active account with that identifier, and its roles. One query."""
    found = select(User).where(User.id == user_id, User.active).options(joinedload(User.memberships))
    return session.scalars(found).unique().first()


def staff_of(session: Session, consultation_id: str) -> Sequence[Membership]:
    """Roles held in a consultation, by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(Membership.consultation_id == consultation_id)
        .order_by(User.name, Membership.id)
    ).all()
