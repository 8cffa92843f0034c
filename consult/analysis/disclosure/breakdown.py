"""Themes by an attribute of persons, over all meetings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import (
    Share,
    ShareEntry,
    Withheld,
    hidden_rows,
    merged,
)
from consult.analysis.disclosure.themes import release_themes
from consult.analysis.models import Theme
from consult.analysis.queries import themes_of
from consult.analysis.queries.tallies import ATTRIBUTES, respondents_by_attribute, themes_by_attribute
from consult.analysis.rules import opened
from consult.consultations.models import Consultation, GroundRules
from consult.core.errors import Invalid

ALL = "all"
WIDER = {"country": "country_group"}
"""What an attribute is rolled up to when one of its values stands for too few."""

OTHERS = "others"
NOT_STATED = "not stated"


class BreakdownRowEntry(TypedDict):
    """A row in a document."""

    value: str
    base: int
    shares: list[ShareEntry]


@dataclass(frozen=True)
class BreakdownRow:
    """Respondents with one value; `others` stands for several small ones together, `not stated` for none."""

    value: str
    base: int
    shares: tuple[Share, ...]

    def to_document(self) -> BreakdownRowEntry:
        return {
            "value": self.value,
            "base": self.base,
            "shares": [share.to_document() for share in self.shares],
        }


class BreakdownEntry(TypedDict):
    """A breakdown in a document."""

    asked: str
    level: str
    base: int | None
    withheld: str
    rows: list[BreakdownRowEntry]


@dataclass(frozen=True)
class ReleasedBreakdown:
    """Rows that add up to all respondents, each of k at least; none where the level is "all".

    `asked` and `level` differ where countries were rolled up to their groups, or everything to all; `withheld` says why
    there are no rows.
    """

    asked: str
    level: str
    base: int | None
    withheld: str
    rows: tuple[BreakdownRow, ...]

    def to_document(self) -> BreakdownEntry:
        return {
            "asked": self.asked,
            "level": self.level,
            "base": self.base,
            "withheld": self.withheld,
            "rows": [row.to_document() for row in self.rows],
        }


def release_breakdown(
    session: Session, consultation: Consultation, rules: GroundRules, attribute: str
) -> ReleasedBreakdown:
    """Themes by country, country group, sector, role label or language. Raises Invalid for another attribute.

    Of country and country group one table only is ever given, since two would subtract to a country.
    """
    if attribute not in ATTRIBUTES:
        raise Invalid(
            "“%(attribute)s” cannot be broken down by. Choose one of %(attributes)s.",
            field="attribute",
            attribute=attribute,
            attributes=", ".join(ATTRIBUTES),
        )
    total = release_themes(session, consultation, rules).at(None)
    if total.base is None:
        return ReleasedBreakdown(attribute, ALL, None, total.withheld, ())
    level = _level(session, consultation, attribute, rules.smallest_group)
    sizes = {
        value: size
        for (value,), size in opened(respondents_by_attribute(session, consultation, level)).items()
    }
    groups = merged(sizes, rules.smallest_group)
    if len(groups) < 2:
        return ReleasedBreakdown(attribute, ALL, total.base, Withheld.SMALL_GROUP.value, ())
    named: dict[tuple[str | None, str], int] = {
        (value, theme or ""): size
        for (value, theme), size in opened(themes_by_attribute(session, consultation, level)).items()
    }
    rows = _rows(themes_of(session, consultation), groups, sizes, named, rules.smallest_group)
    return ReleasedBreakdown(attribute, level, total.base, Withheld.NOT_WITHHELD.value, rows)


def _level(session: Session, consultation: Consultation, attribute: str, smallest: int) -> str:
    """Countries where every one of them has enough respondents, else their groups; the same whichever was asked."""
    narrow = next((low for low, high in WIDER.items() if attribute in (low, high)), None)
    if narrow is None:
        return attribute
    sizes = opened(respondents_by_attribute(session, consultation, narrow)).values()
    return narrow if min(sizes, default=0) >= smallest else WIDER[narrow]


def _rows(
    codebook: Sequence[Theme],
    groups: Sequence[frozenset[str | None]],
    sizes: Mapping[str | None, int],
    named: Mapping[tuple[str | None, str], int],
    smallest: int,
) -> tuple[BreakdownRow, ...]:
    bases = {group: sum(sizes[value] for value in group) for group in groups}
    shares: dict[frozenset[str | None], list[Share]] = {group: [] for group in groups}
    for theme in codebook:
        counts = {group: sum(named.get((value, theme.id), 0) for value in group) for group in groups}
        hidden = hidden_rows(counts, bases, smallest)
        for group in groups:
            shares[group].append(
                Share.held_back(theme.code, Withheld.SMALL_GROUP)
                if group in hidden
                else Share.of(theme.code, counts[group], bases[group])
            )
    return tuple(BreakdownRow(_name(group), bases[group], tuple(shares[group])) for group in groups)


def _name(group: frozenset[str | None]) -> str:
    if len(group) > 1:
        return OTHERS
    return next(iter(group)) or NOT_STATED
