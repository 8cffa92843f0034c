"""Measures of agreement between two coders, each with its formula, and which answers are coded twice."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

USUAL_PERCENT = 15
FEWEST = 20
"""Below this many answers coded twice a coefficient says little."""

Pair = tuple[bool, bool]
"""Whether the first and the second coder gave the theme."""

COHEN = "κ = (p₀ − pₑ) / (1 − pₑ)"
KRIPPENDORFF = "α = 1 − D₀ / Dₑ"
SAMPLE_F1 = "F₁ = mean of 2·|A ∩ B| / (|A| + |B|)"


def cohen_kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa for two coders who give a theme or not. None without answers, and where chance always agrees."""
    if not pairs:
        return None
    total = len(pairs)
    observed = sum(first == second for first, second in pairs) / total
    one, other = sum(first for first, _ in pairs) / total, sum(second for _, second in pairs) / total
    expected = one * other + (1 - one) * (1 - other)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal values: one row of values a unit, missing ones left out.

    Units with fewer than two values say nothing. None where nothing can be said, or where all values are the same.
    """
    pairable = [list(unit) for unit in units if len(unit) > 1]
    totals: Counter[Hashable] = Counter(value for unit in pairable for value in unit)
    number = sum(totals.values())
    if number < 2 or len(totals) < 2:
        return None
    disagreeing = sum(
        (len(unit) ** 2 - sum(count**2 for count in Counter(unit).values())) / (len(unit) - 1)
        for unit in pairable
    )
    expected = (number**2 - sum(count**2 for count in totals.values())) / (number - 1)
    return 1 - disagreeing / expected


def sample_f1(pairs: Sequence[tuple[Collection[str], Collection[str]]]) -> float | None:
    """The mean over answers of 2|A∩B| / (|A|+|B|) of the two coders' themes; two that gave none agree fully."""
    if not pairs:
        return None
    return sum(_f1(set(first), set(second)) for first, second in pairs) / len(pairs)


def _f1(first: set[str], second: set[str]) -> float:
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0


@dataclass(frozen=True)
class ThemeAgreement:
    """How far two coders agree about one theme."""

    theme_id: str
    answers: int
    both: int
    first_only: int
    second_only: int
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree over all."""

    answers: int
    f1: float | None
    alpha: float | None
    themes: tuple[ThemeAgreement, ...]


Twice = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""The themes that the first and the second coder gave, and those that there were to choose from."""


def agreement_of(readings: Sequence[Twice], theme_ids: Sequence[str]) -> Agreement:
    """Per theme and over all. A theme is judged on the answers for which it was to be had; α over all takes every such
    answer × theme as a unit.
    """
    rows, units = [], []
    for theme_id in theme_ids:
        pairs = [
            (theme_id in first, theme_id in second)
            for first, second, offered in readings
            if theme_id in offered
        ]
        units += pairs
        rows.append(
            ThemeAgreement(
                theme_id,
                answers=len(pairs),
                both=sum(first and second for first, second in pairs),
                first_only=sum(first and not second for first, second in pairs),
                second_only=sum(second and not first for first, second in pairs),
                kappa=cohen_kappa(pairs),
                alpha=krippendorff_alpha(pairs),
            )
        )
    return Agreement(
        answers=len(readings),
        f1=sample_f1([(first, second) for first, second, _ in readings]),
        alpha=krippendorff_alpha(units),
        themes=tuple(rows),
    )
