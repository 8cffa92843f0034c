"""Who may do what, on one page.

A permission maps to the roles that carry it. A role held for a whole consultation carries it at every meeting; held for
one meeting, at that meeting alone. Administrators run the installation: they prepare consultations and staff, and read
no answers unless they hold a role as well.
"""

from enum import StrEnum

from consult.accounts.enums import Role
from consult.accounts.models import User


class Permission(StrEnum):
    """An act, as guards name it."""

    SEE_DESK = "see_desk"
    MODERATE = "moderate"
    CODE = "code"
    KEEP_CODEBOOK = "keep_codebook"
    READ_REPORT = "read_report"
    COMPOSE = "compose"
    FREEZE = "freeze"
    EXPORT = "export"
    OPEN_LINKS = "open_links"
    """Ask, agree and read who gave a confidential answer: two together, never one alone."""
    SERVE_RIGHTS = "serve_rights"
    """Do for participants what they have a right to: withdraw after closing, tell what is held about them."""
    PREPARE = "prepare"
    SET_UP = "set_up"
    ADMINISTER = "administer"


_STAFF = frozenset(Role)
_DIRECTOR = frozenset({Role.PROGRAMME_DIRECTOR})

CARRIED_BY: dict[Permission, frozenset[Role]] = {
    Permission.SEE_DESK: _STAFF,
    Permission.READ_REPORT: _STAFF,
    Permission.MODERATE: frozenset({Role.PROGRAMME_DIRECTOR, Role.RAPPORTEUR}),
    Permission.CODE: frozenset({Role.PROGRAMME_DIRECTOR, Role.RAPPORTEUR}),
    Permission.COMPOSE: frozenset({Role.PROGRAMME_DIRECTOR, Role.RAPPORTEUR}),
    Permission.KEEP_CODEBOOK: _DIRECTOR,
    Permission.FREEZE: _DIRECTOR,
    Permission.EXPORT: _DIRECTOR,
    Permission.OPEN_LINKS: _DIRECTOR,
    Permission.SERVE_RIGHTS: _DIRECTOR,
    Permission.PREPARE: _DIRECTOR,
    Permission.SET_UP: _DIRECTOR,
    Permission.ADMINISTER: frozenset(),
}
ADMINISTRATOR_HAS = frozenset({Permission.ADMINISTER, Permission.SET_UP})


def may(
    user: User, permission: Permission, consultation_id: str | None = None, meeting_id: str | None = None
) -> bool:
    """Whether `user` may do it in the consultation as a whole, or at one meeting of it."""
    if not user.active:
        return False
    if permission in ADMINISTRATOR_HAS and user.is_administrator:
        return True
    return any(
        membership.consultation_id == consultation_id
        and membership.role in CARRIED_BY[permission]
        and membership.meeting_id in (None, meeting_id)
        for membership in user.memberships
    )


def may_create(user: User) -> bool:
    """Whether `user` may start a consultation: administrators, and whoever directs one."""
    directs = any(held.role is Role.PROGRAMME_DIRECTOR for held in user.memberships)
    return user.active and (user.is_administrator or directs)


def meetings_open_to(
    user: User, permission: Permission, consultation_id: str, meeting_ids: list[str]
) -> list[str]:
    """Those of `meeting_ids` at which `user` may do it, in the order given."""
    return [meeting for meeting in meeting_ids if may(user, permission, consultation_id, meeting)]
