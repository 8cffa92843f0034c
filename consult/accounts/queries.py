"""Finding staff."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.accounts.rules import brought_in_the_end_by


def user_by_email(session: Session, email: str) -> User | None:
    """The account with that address, whatever its letter case."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def user_by_id(session: Session, user_id: str) -> User | None:
    """The active account with that identifier, and its roles. One query."""
    found = select(User).where(User.id == user_id, User.active).options(joinedload(User.memberships))
    return session.scalars(found).unique().first()


def directors_of_a_party(session: Session, consultation_id: str, user: User) -> set[str]:
    """The directors who are of one party with `user`: whom one of them brought, and who brought them; `user` too."""
    party = brought_in_the_end_by(user, consultation_id)
    found = session.scalars(
        select(Membership.user_id).where(
            Membership.consultation_id == consultation_id,
            Membership.role == Role.PROGRAMME_DIRECTOR,
            func.coalesce(Membership.brought_by, Membership.user_id) == party,
        )
    )
    return {user.id, *found}


def everybody(session: Session) -> Sequence[User]:
    """All accounts, closed ones too, by address, with their roles."""
    return session.scalars(select(User).order_by(User.email)).all()


def without_director(session: Session, consultation_ids: Sequence[str]) -> set[str]:
    """Those of these consultations in which no programme director can sign in."""
    directed = session.scalars(
        select(Membership.consultation_id)
        .join(Membership.user)
        .where(
            Membership.consultation_id.in_(consultation_ids),
            Membership.role == Role.PROGRAMME_DIRECTOR,
            User.active,
        )
    )
    return set(consultation_ids) - set(directed)


def staff_of(session: Session, consultation_id: str) -> Sequence[Membership]:
    """Roles held in a consultation, by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(Membership.consultation_id == consultation_id)
        .order_by(User.name, Membership.id)
    ).all()
