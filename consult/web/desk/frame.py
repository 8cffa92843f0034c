"""What stands round every page of the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from consult.permissions import Permission
from consult.web.guards import Scope

ENTRIES = {
    "overview": (Permission.SEE_DESK, _l("Overview")),
    "queue": (Permission.MODERATE, _l("Queue")),
    "gathering": (Permission.MODERATE, _l("Paper and notes")),
    "log": (Permission.MODERATE, _l("Log")),
    "coding": (Permission.CODE, _l("Coding")),
    "codebook": (Permission.CODE, _l("Codebook")),
    "figures": (Permission.READ_REPORT, _l("Figures")),
    "report": (Permission.READ_REPORT, _l("Report")),
    "exports": (Permission.EXPORT, _l("Exports")),
    "people": (Permission.PREPARE, _l("People")),
    "invitations": (Permission.PREPARE, _l("Invitations")),
    "setup": (Permission.SET_UP, _l("Set-up")),
    "links": (Permission.OPEN_LINKS, _l("Who gave an answer")),
    "requests": (Permission.SERVE_RIGHTS, _l("Requests")),
}
"""Entry → what it takes to be let in, and its name."""

GROUPS = (
    (_l("Overview"), ("overview",)),
    (_l("Moderation"), ("queue", "gathering", "log")),
    (_l("Analysis"), ("coding", "codebook", "figures")),
    (_l("Report"), ("report", "exports")),
    (_l("People"), ("people", "invitations")),
    (_l("Set-up"), ("setup",)),
)
"""The navigation, from what comes first in a director's day: few enough names to stand in one line."""


@dataclass(frozen=True)
class Entry:
    """One link of the navigation."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Group:
    """A link of the navigation's first line, and those of its second that stand under it: none or several."""

    label: str
    href: str
    current: bool
    entries: tuple[Entry, ...]


def framed(scope: Scope, active: str, **values: Any) -> dict[str, Any]:
    """Values for a template that extends layouts/desk.html. `active` names the entry of the navigation."""
    allowed = {entry for entry, (permission, _label) in ENTRIES.items() if scope.may(permission)}
    return {
        "consultation": scope.consultation,
        "navigation": _navigation(scope.consultation.slug, allowed, active),
        "allowed": allowed,
        **values,
    }


def _navigation(slug: str, allowed: Collection[str], active: str) -> list[Group]:
    groups = []
    for label, names in GROUPS:
        entries = tuple(
            Entry(str(ENTRIES[name][1]), url_for(f"desk.{name}", slug=slug), name == active)
            for name in names
            if name in allowed
        )
        current = any(entry.current for entry in entries)
        if len(entries) == 1:
            groups.append(Group(entries[0].label, entries[0].href, current, ()))
        elif entries:
            groups.append(Group(str(label), entries[0].href, current, entries))
    return groups
