"""Figures as they may be seen, and the arithmetic that decides which may."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, TypeVar

from consult.analysis.rules import quantifier, rounded_percent

SMALLEST_BASE = 10
"""Themes are counted for a meeting only from so many respondents on."""

Part = TypeVar("Part", bound=Hashable)


class Withheld(StrEnum):
    """Why a figure is not given, as an English sentence of the catalogues; released figures carry an empty one."""

    NOT_WITHHELD = ""
    NO_ANSWERS = "no answers yet"
    FEW_ANSWERS = "fewer than 10 answers"
    BY_SUBTRACTION = "it would give away a meeting with few answers by subtraction"
    SMALL_GROUP = "it would say too much about a small group"


GIVEN = frozenset({Withheld.NOT_WITHHELD, Withheld.NO_ANSWERS})
"""That nobody has answered yet may be said."""


class ShareEntry(TypedDict):
    """A share in a document. Where `withheld` says why, the figures are None and the word is empty."""

    theme: str
    count: int | None
    percent: int | None
    quantifier: str
    withheld: str


@dataclass(frozen=True)
class Share:
    """How many of the respondents named a theme, or why that is not said."""

    theme: str
    count: int | None
    percent: int | None
    quantifier: str
    withheld: str = Withheld.NOT_WITHHELD.value

    @classmethod
    def of(cls, theme: str, count: int, base: int) -> "Share":
        """A released share of a base that is not empty."""
        return cls(theme, count, rounded_percent(count, base), quantifier(count, base).value)

    @classmethod
    def held_back(cls, theme: str, why: Withheld) -> "Share":
        return cls(theme, None, None, "", why.value)

    def to_document(self) -> ShareEntry:
        return {
            "theme": self.theme,
            "count": self.count,
            "percent": self.percent,
            "quantifier": self.quantifier,
            "withheld": self.withheld,
        }


def base_withheld(base: int, smallest_group: int) -> Withheld:
    """Whether figures about so many respondents are given: ten at least, and k where k is more."""
    if base == 0:
        return Withheld.NO_ANSWERS
    if base < SMALLEST_BASE:
        return Withheld.FEW_ANSWERS
    return Withheld.SMALL_GROUP if base < smallest_group else Withheld.NOT_WITHHELD


def total_withheld(bases: Collection[int], smallest_group: int) -> Withheld:
    """Whether the sum over all meetings is given beside those meetings that are.

    What is left when the given ones are subtracted must be nothing, or several meetings with a full base between them.
    """
    hidden = [base for base in bases if base_withheld(base, smallest_group) not in GIVEN]
    total = base_withheld(sum(bases), smallest_group)
    rest = base_withheld(sum(hidden), smallest_group)
    if hidden and total in GIVEN and (len(hidden) == 1 or rest not in GIVEN):
        return Withheld.BY_SUBTRACTION
    return total


def merged(sizes: Mapping[Part, int], smallest: int) -> list[frozenset[Part]]:
    """Parts of a whole put together so that every group has `smallest` members at least, largest first.

    Parts that are large enough stand alone. The small ones are one group; where they are too few together, or one
    alone, the smallest of the others joins them. A whole that is too small itself is one group.
    """
    alone = sorted((part for part in sizes if sizes[part] >= smallest), key=lambda part: sizes[part])
    others = {part for part in sizes if 0 < sizes[part] < smallest}
    while others and alone and (len(others) == 1 or sum(sizes[part] for part in others) < smallest):
        others.add(alone.pop(0))
    groups = [frozenset({part}) for part in reversed(alone)]
    return [*groups, frozenset(others)] if others else groups


def hidden_rows(named: Mapping[Part, int], bases: Mapping[Part, int], smallest: int) -> set[Part]:
    """Rows of one theme's column that are held back, the column's total and the bases being known.

    A row is given when both those who named the theme and those who did not are `smallest` at least, so that a subgroup
    is never shown to be of one mind. What a subtraction leaves over, all hidden rows together, keeps the same rule.
    """
    against = {row: bases[row] - named.get(row, 0) for row in bases}
    least = {row: min(named.get(row, 0), against[row]) for row in bases}
    hidden = {row for row in bases if least[row] < smallest}
    shown = sorted((row for row in bases if row not in hidden), key=lambda row: least[row])
    while hidden and shown:
        rest = sum(named.get(row, 0) for row in hidden), sum(against[row] for row in hidden)
        if len(hidden) > 1 and min(rest) >= smallest:
            break
        hidden.add(shown.pop(0))
    return hidden
