"""Meetings side by side: each theme's share at both, the difference with an interval, and a sentence that holds.

The interval is Newcombe's for two independent proportions (his method 10, from Wilson's intervals at 95 %). Meetings
are not quite independent where people were invited to both, so it is said how many were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from sqlalchemy.orm import Session

from consult.analysis.disclosure.themes import ReleasedThemes, ThemeTable, release_themes
from consult.analysis.rules import Rounded
from consult.consultations.models import Consultation, GroundRules
from consult.core.errors import Invalid
from consult.participants.queries import invited_to_both

Z = 1.959963984540054
"""Of the standard normal distribution, for 95 %."""
MORE, FEWER, UNSETTLED = "more", "fewer", "unsettled"


@dataclass(frozen=True)
class Compared:
    """One theme at two meetings, in rounded percentage points; `direction`: whether the interval leaves out nought."""

    theme: str
    title: str
    earlier: Rounded
    later: Rounded
    points: int
    low: int
    high: int
    direction: str


@dataclass(frozen=True)
class Comparison:
    """Two meetings, by slug. Without rows `withheld` says why."""

    earlier: str
    later: str
    bases: tuple[int, int] | None
    invited_to_both: int
    rows: tuple[Compared, ...]
    withheld: str


def wilson(count: int, base: int) -> tuple[float, float]:
    """Wilson's score interval of a proportion at 95 %. Source: E. B. Wilson 1927."""
    share, square = count / base, Z * Z
    middle = (share + square / (2 * base)) / (1 + square / base)
    reach = Z * sqrt(share * (1 - share) / base + square / (4 * base * base)) / (1 + square / base)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def newcombe(count: int, base: int, later: int, later_base: int) -> tuple[float, float]:
    """The interval of `later / later_base - count / base` at 95 %. Source: R. G. Newcombe 1998, method 10."""
    first, second = count / base, later / later_base
    low_1, high_1 = wilson(count, base)
    low_2, high_2 = wilson(later, later_base)
    change = second - first
    return (
        change - sqrt((second - low_2) ** 2 + (high_1 - first) ** 2),
        change + sqrt((high_2 - second) ** 2 + (first - low_1) ** 2),
    )


def compare_meetings(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    earlier: str,
    later: str,
    *,
    released: ReleasedThemes | None = None,
) -> Comparison:
    """Two meetings of the consultation, by slug. Raises Invalid for others, or for one and the same.

    `released`: what `release_themes` gives, where it is at hand.
    """
    released = released or release_themes(session, consultation, rules)
    slugs = [table.meeting for table in released.tables if table.meeting is not None]
    if earlier not in slugs or later not in slugs or earlier == later:
        raise Invalid("Choose two different meetings of this consultation.", field="later")
    both = invited_to_both(session, consultation, earlier, later)
    tables = released.at(earlier), released.at(later)
    if tables[0].base is None or tables[1].base is None or not tables[0].base or not tables[1].base:
        why = next((table.withheld for table in tables if table.withheld), "")
        return Comparison(earlier, later, None, both, (), why)
    return Comparison(
        earlier, later, (tables[0].base, tables[1].base), both, _rows(released, tables), withheld=""
    )


def _rows(released: ReleasedThemes, tables: Sequence[ThemeTable]) -> tuple[Compared, ...]:
    titles = {theme.code: theme.title for theme in released.codebook}
    before, after = tables
    rows = []
    for first, second in zip(before.shares, after.shares, strict=True):
        if None in (first.count, second.count) or first.rounded is None or second.rounded is None:
            continue
        low, high = newcombe(first.count or 0, before.base or 0, second.count or 0, after.base or 0)
        rows.append(
            Compared(
                theme=first.theme,
                title=titles[first.theme],
                earlier=first.rounded,
                later=second.rounded,
                points=second.rounded.percent - first.rounded.percent,
                low=round(100 * low),
                high=round(100 * high),
                direction=MORE if low > 0 else FEWER if high < 0 else UNSETTLED,
            )
        )
    return tuple(rows)
