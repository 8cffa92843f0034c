"""What stands round every page of the desk."""

from typing import Any

from consult.permissions import Permission
from consult.web.guards import Scope

ENTRIES = {
    "overview": Permission.SEE_DESK,
    "queue": Permission.MODERATE,
    "gathering": Permission.MODERATE,
    "coding": Permission.CODE,
    "codebook": Permission.CODE,
    "figures": Permission.READ_REPORT,
    "log": Permission.MODERATE,
    "report": Permission.READ_REPORT,
    "exports": Permission.EXPORT,
    "setup": Permission.SET_UP,
    "people": Permission.PREPARE,
    "invitations": Permission.PREPARE,
    "links": Permission.OPEN_LINKS,
    "requests": Permission.SERVE_RIGHTS,
}
"""Entry of the navigation → what it takes to be let in."""


def framed(scope: Scope, active: str, **values: Any) -> dict[str, Any]:
    """Values for a template that extends layouts/desk.html. `active` names the entry of the navigation."""
    allowed = {entry for entry, permission in ENTRIES.items() if scope.may(permission)}
    return {"consultation": scope.consultation, "active": active, "allowed": allowed, **values}
