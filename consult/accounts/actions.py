"""Adding staff and letting them in."""

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.accounts.queries import user_by_email
from consult.accounts.rules import brought_in_the_end_by, hashed, matches
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.core.identifiers import new_id


def sign_in(session: Session, email: str, password: str) -> User:
    """The account that the address and the password open. Raises Invalid with one sentence for every other case."""
    user = user_by_email(session, email)
    if not matches(user.password_hash if user else None, password) or user is None or not user.active:
        raise Invalid(
            "That address and password do not go together. Check both and try again.", field="password"
        )
    return user


def ensure_user(session: Session, *, email: str, name: str, is_administrator: bool = False) -> User:
    """The account with that address, made if there is none. An existing one keeps its name and password."""
    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(
            "%(email)s is not an e-mail address. Write it like name@example.org.", field="email", email=email
        ) from error
    user = user_by_email(session, address)
    if user is None:
        user = User(
            email=address, name=name, created_at=now(), is_administrator=is_administrator, memberships=[]
        )
        session.add(user)
        session.flush()
        audit.record(session, "user_added", subject=user.id, administrator=is_administrator)
    elif is_administrator and not user.is_administrator:
        user.is_administrator = True
        audit.record(session, "user_made_administrator", subject=user.id)
    return user


def set_password(session: Session, user: User, password: str) -> None:
    """A new password; every session that was signed in ends."""
    user.password_hash = hashed(password)
    user.session_key = new_id()
    session.flush()


def end_sessions(session: Session, user: User) -> None:
    """Sign this person out everywhere: a copy of a cookie is of no use any more."""
    session.get_one(User, user.id).session_key = new_id()
    session.flush()


def close_account(session: Session, user: User) -> None:
    """Let this person in no more, from this moment on. Roles stay, and do nothing; decisions go on naming them.

    The database ends the tokens and links that they made.
    """
    user.active, user.session_key = False, new_id()
    session.flush()
    audit.record(session, "user_closed", subject=user.id)


def open_account(session: Session, user: User) -> None:
    """Let somebody in again whose account was closed."""
    user.active = True
    session.flush()
    audit.record(session, "user_opened", subject=user.id)


def use_single_keys(session: Session, user: User, *, on: bool) -> None:
    """Whether single keys act on this person's desk, on every device."""
    session.get_one(User, user.id).single_keys = on
    session.flush()


def want_digests(session: Session, user: User, *, wanted: bool) -> None:
    """Whether this person hears by mail how many answers wait. The desk says it all the same."""
    session.get_one(User, user.id).digests = wanted
    session.flush()


def give_role(
    session: Session,
    user: User,
    role: Role,
    *,
    consultation_id: str,
    meeting_id: str | None = None,
    by: User | None = None,
) -> Membership:
    """Let `user` be `role` in the consultation or at one meeting of it; a role already held there is replaced.

    `by` is whoever gives it at the desk; without, an administrator does, who thereby answers for somebody whom a
    director had brought.
    """
    if role is Role.PROGRAMME_DIRECTOR and meeting_id is not None:
        raise Invalid(
            "A programme director directs the whole consultation; leave the meeting out.", field="meeting"
        )
    held = session.scalars(
        select(Membership).where(
            Membership.user_id == user.id,
            Membership.consultation_id == consultation_id,
            Membership.meeting_id.is_(None) if meeting_id is None else Membership.meeting_id == meeting_id,
        )
    ).first()
    brought_by = None if by is None or by.is_administrator else brought_in_the_end_by(by, consultation_id)
    if held is not None and held.role is role:
        if by is None or by.is_administrator:
            held.brought_by = None
        return held
    if held is not None:
        _check_still_directed(session, held)
    if held is None:
        held = Membership(user=user, consultation_id=consultation_id, meeting_id=meeting_id, role=role)
        session.add(held)
    held.role, held.brought_by = role, brought_by
    session.flush()
    audit.record(
        session,
        "role_given",
        user_id=by.id if by else None,
        consultation_id=consultation_id,
        subject=user.id,
        role=role.value,
        meeting=meeting_id,
    )
    return held


def take_role(session: Session, membership: Membership, *, by: User) -> None:
    """Have that role held no longer. Raises Refused for the last programme director."""
    _check_still_directed(session, membership)
    audit.record(
        session,
        "role_taken",
        user_id=by.id,
        consultation_id=membership.consultation_id,
        subject=membership.user_id,
        role=membership.role.value,
        meeting=membership.meeting_id,
    )
    session.delete(membership)
    session.flush()


def _check_still_directed(session: Session, membership: Membership) -> None:
    """Nobody else could prepare, publish or invite once the last director was gone."""
    directing = select(Membership.id).where(
        Membership.consultation_id == membership.consultation_id,
        Membership.role == Role.PROGRAMME_DIRECTOR,
        Membership.id != membership.id,
    )
    if membership.role is Role.PROGRAMME_DIRECTOR and session.scalars(directing).first() is None:
        raise Refused(
            "A consultation keeps one programme director at least. Make somebody else director first."
        )
