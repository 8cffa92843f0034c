"""What publications said before, and what a later one may say beside them: nobody's coming or going shows in between.

Those who came, left or changed their words since are a group like the people of a meeting: of fewer than ten nothing is
said. So a meeting's figures are given anew when ten at least more or fewer stand behind them than behind any earlier
ones, or when the same words were only coded anew. Until then the earlier figures stand.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from consult.analysis.disclosure.figures import GIVEN, SMALLEST_BASE, Withheld, base_withheld


@dataclass(frozen=True)
class Counted:
    """Respondents, and how many of them named each theme (by code); a theme that is not there is not told."""

    base: int
    named: Mapping[str, int]

    def with_more(self, other: "Counted") -> "Counted":
        both = self.named.keys() & other.named.keys()
        return Counted(self.base + other.base, {code: self.named[code] + other.named[code] for code in both})

    def without(self, other: "Counted") -> "Counted":
        both = self.named.keys() & other.named.keys()
        return Counted(self.base - other.base, {code: self.named[code] - other.named[code] for code in both})

    def says_as(self, other: "Counted") -> bool:
        """Whether the other said the same, of every theme there is now."""
        return self.base == other.base and all(other.named.get(code) == n for code, n in self.named.items())


@dataclass(frozen=True)
class Publication:
    """One earlier publication: meetings by slug, and what its total says of those that it does not list.

    `words`: slug → a fingerprint of the answers that its figures were counted from.
    """

    meetings: Mapping[str, Counted]
    hidden: frozenset[str]
    rest: Counted | None
    words: Mapping[str, str]

    @classmethod
    def of(
        cls,
        figures: Mapping[str | None, Counted | None],
        some_hidden: Collection[str],
        words: Mapping[str, str],
    ) -> "Publication":
        """`figures`: slug → what was told, None for nothing; under None the total."""
        shown = {slug: told for slug, told in figures.items() if slug is not None and told is not None}
        rest = figures.get(None)
        for told in shown.values():
            rest = rest.without(told) if rest is not None else None
        return cls(shown, frozenset(some_hidden), rest, words)


@dataclass(frozen=True)
class Told:
    """What may be said: of meetings by slug and of all; why not of the others; which figures were not said before."""

    meetings: Mapping[str, Counted]
    why: Mapping[str, Withheld]
    total: Counted | None
    why_total: Withheld
    hidden: frozenset[str]
    """Meetings with answers that are not told by themselves."""
    anew: frozenset[str]


SameWords = Callable[[Publication, Collection[str]], bool]
"""Whether the answers at these meetings are the very ones that a publication counted."""


def beside(
    now: Mapping[str, Counted], earlier: Sequence[Publication], smallest: int, same_words: SameWords
) -> Told:
    """What may be said now, by meeting in order, beside publications from the oldest to the newest."""
    least = max(SMALLEST_BASE, smallest)
    shown: dict[str, Counted] = {}
    why: dict[str, Withheld] = {}
    anew: set[str] = set()
    for slug, counted in now.items():
        reason = base_withheld(counted.base, smallest)
        said = [(each, each.meetings[slug]) for each in earlier if slug in each.meetings]
        if said:
            last = said[-1][1]
            follows = reason in GIVEN and all(
                _follows(counted, before, least, partial(same_words, each, [slug])) for each, before in said
            )
            if follows and not counted.base:
                why[slug] = reason
                continue
            shown[slug] = counted if follows else last
            anew |= {slug} if follows and not counted.says_as(last) else set()
        elif reason is Withheld.NOT_WITHHELD and counted.base < 2 * least - 1 and _in_a_rest(slug, earlier):
            why[slug] = Withheld.BY_SUBTRACTION
        elif reason is Withheld.NOT_WITHHELD:
            shown[slug] = counted
            anew.add(slug)
        else:
            why[slug] = reason
    return _with_total(now, shown, why, anew, earlier, smallest, same_words)


def _with_total(  # noqa: PLR0917
    now: Mapping[str, Counted],
    shown: dict[str, Counted],
    why: dict[str, Withheld],
    anew: set[str],
    earlier: Sequence[Publication],
    smallest: int,
    same_words: SameWords,
) -> Told:
    """The total: what is shown and a rest, which follows the rests of earlier totals as a meeting does."""
    hidden = frozenset(slug for slug in why if now[slug].base)
    rest = _sum([now[slug] for slug in hidden], now)
    least = max(SMALLEST_BASE, smallest)
    why_total = base_withheld(sum(each.base for each in shown.values()) + rest.base, smallest)
    if (
        hidden
        and why_total in GIVEN
        and (len(hidden) == 1 or base_withheld(rest.base, smallest) not in GIVEN)
    ):
        why_total = Withheld.BY_SUBTRACTION
    for each in earlier:
        if not hidden or not each.hidden or each.rest is None:
            continue
        if each.hidden != hidden:
            why_total = Withheld.BY_SUBTRACTION
        elif not _follows(rest, each.rest, least, partial(same_words, each, each.hidden)):
            rest = each.rest
    total = _sum([*shown.values(), rest], now) if why_total is Withheld.NOT_WITHHELD else None
    return Told(shown, why, total, why_total, hidden, frozenset(anew))


def _follows(now: Counted, before: Counted, least: int, same_words: Callable[[], bool]) -> bool:
    if now.base == before.base:
        return now.says_as(before) or same_words()
    return abs(now.base - before.base) >= least


def _in_a_rest(slug: str, earlier: Sequence[Publication]) -> bool:
    """A meeting of fewer than ten that was part of a total: it comes forward when ten more are there for certain."""
    return any(each.rest is not None and slug in each.hidden for each in earlier)


def _sum(parts: Sequence[Counted], now: Mapping[str, Counted]) -> Counted:
    whole = Counted(0, dict.fromkeys({code for counted in now.values() for code in counted.named}, 0))
    for part in parts:
        whole = whole.with_more(part)
    return whole


def counted_in(table: Mapping[str, Any]) -> Counted | None:
    """A theme table of a document, as numbers."""
    if table["base"] is None:
        return None
    return Counted(
        table["base"], {one["theme"]: one["count"] for one in table["shares"] if one["count"] is not None}
    )
