"""Passwords: argon2id, at most two checks at once so that sign-ins cannot take the machine's memory."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.core.errors import Invalid

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_two_at_once = BoundedSemaphore(2)
_NOBODY = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The argon2id hash to store. Raises Invalid for a password of the wrong length."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            "Use a password of %(shortest)s to %(longest)s characters.",
            field="password",
            shortest=SHORTEST_PASSWORD,
            longest=LONGEST_PASSWORD,
        )
    with _two_at_once:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one. Takes as long for an unknown account as for a known one."""
    with _two_at_once:
        try:
            _hasher.verify(stored or _NOBODY, password)
            return stored is not None
        except (VerificationError, InvalidHashError):
            return False


def brought_in_the_end_by(user: User, consultation_id: str) -> str:
    """Whose party `user` is of among the directors of a consultation: that of whoever brought them, else their own."""
    held = (
        one.brought_by
        for one in user.memberships
        if one.consultation_id == consultation_id and one.role is Role.PROGRAMME_DIRECTOR
    )
    return next(held, None) or user.id
