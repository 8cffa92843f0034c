"""What changed from one version of a codebook to a later one, theme by theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIELDS = ("title", "parent", "description", "includes", "excludes", "examples", "colour")


@dataclass(frozen=True)
class FieldChange:
    """One part of a theme's words, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class ThemeChange:
    """A theme that is not as it was. `title`: as it is called in the later version.

    `became`: what happened to it, in order: "added", "split", "merged", "retired" or "restored", each with the code of
    the theme that it was split from or merged into. Nothing where only its words changed.
    """

    code: str
    title: str
    became: tuple[tuple[str, str], ...]
    fields: tuple[FieldChange, ...]


def changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[ThemeChange]:
    """Of themes as versions keep them, in the later version's order. A theme is never deleted."""
    earlier = {theme["code"]: theme for theme in before}
    found = []
    for theme in after:
        was = earlier.get(theme["code"])
        became = _became(was, theme)
        fields = () if was is None else _fields(was, theme)
        if became or fields:
            found.append(ThemeChange(theme["code"], theme["title"], became, fields))
    return found


def _became(was: Mapping[str, Any] | None, now: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """How it came, if it came since, and how it went or came back: a theme can have come and gone since."""
    came = [("split", now["split_from"]) if now["split_from"] else ("added", "")] if was is None else []
    if now["merged_into"] and (was is None or was["merged_into"] != now["merged_into"]):
        return (*came, ("merged", now["merged_into"]))
    if now["retired"] != (was is not None and was["retired"]):
        came.append(("retired" if now["retired"] else "restored", ""))
    return tuple(came)


def _fields(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, _text(was[name]), _text(now[name])) for name in FIELDS if was[name] != now[name]
    )


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "\n".join(value)
