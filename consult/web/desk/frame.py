"""What stands round every page of the desk."""

from typing import Any

from consult.web.guards import Scope


def framed(scope: Scope, active: str, **values: Any) -> dict[str, Any]:
    """Values for a template that extends layouts/desk.html. `active` names the entry of the navigation."""
    return {"consultation": scope.consultation, "active": active, **values}
