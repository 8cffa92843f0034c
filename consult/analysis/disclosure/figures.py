"""Figures as they may be seen, and the arithmetic that decides which may."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NotRequired, TypedDict, TypeVar, cast

from consult.analysis.disclosure.scales import USUAL, Scale
from consult.analysis.rules import Rounded, rounded

SMALLEST_BASE = 10
"""Themes are counted for a meeting only from so many respondents on."""

Part = TypeVar("Part", bound=Hashable)
Entry = TypeVar("Entry", bound=Mapping[str, Any])


class Withheld(StrEnum):
    """Why a figure is not given, as an English sentence of the catalogues; released figures carry an empty one."""

    NOT_WITHHELD = ""
    NO_ANSWERS = "no answers yet"
    FEW_ANSWERS = "fewer than 10 answers"
    BY_SUBTRACTION = "it would give away a meeting with few answers by subtraction"
    SMALL_GROUP = "it would say too much about a small group"
    TOO_CLOSE = "it would say too much beside an earlier edition"


GIVEN = frozenset({Withheld.NOT_WITHHELD, Withheld.NO_ANSWERS})
"""That nobody has answered yet may be said."""


class ShareEntry(TypedDict):
    """A share in a document. Where `withheld` says why, the figures are None and the word is empty.

    `percent` is rounded. Where that makes 0 of some, or 100 of not all, `under` or `over` is what to print.
    """

    theme: str
    count: int | None
    percent: int | None
    quantifier: str
    withheld: str
    under: NotRequired[int]
    over: NotRequired[int]


def rounded_in(entry: ShareEntry) -> Rounded | None:
    """A share as a document has it."""
    percent = entry["percent"]
    return None if percent is None else Rounded(percent, entry.get("under"), entry.get("over"))


def bounded(entry: Entry, share: Rounded | None) -> Entry:
    """The entry with the bound that stands for its rounded share, where there is one."""
    return cast(Entry, {**entry, **share.bounds()}) if share is not None else entry


@dataclass(frozen=True)
class Share:
    """How many of the respondents named a theme, or why that is not said."""

    theme: str
    count: int | None
    rounded: Rounded | None
    quantifier: str
    withheld: str = Withheld.NOT_WITHHELD.value

    @property
    def percent(self) -> int | None:
        return None if self.rounded is None else self.rounded.percent

    @classmethod
    def of(cls, theme: str, count: int, base: int, scale: Scale = USUAL) -> "Share":
        """A released share of a base that is not empty, in the words of the consultation's scale."""
        return cls(theme, count, rounded(count, base), scale.word(count, base).value)

    @classmethod
    def held_back(cls, theme: str, why: Withheld) -> "Share":
        return cls(theme, None, None, "", why.value)

    def to_document(self) -> ShareEntry:
        entry: ShareEntry = {
            "theme": self.theme,
            "count": self.count,
            "percent": self.percent,
            "quantifier": self.quantifier,
            "withheld": self.withheld,
        }
        return bounded(entry, self.rounded)


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
