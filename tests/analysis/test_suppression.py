"""What a subtraction would give away is never shown: the arithmetic of the gate against an attacker of its own."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.disclosure.figures import (
    SMALLEST_BASE,
    Withheld,
    base_withheld,
    hidden_rows,
    merged,
    total_withheld,
)
from consult.analysis.rules import QUANTIFIER_RANGES, Quantifier, quantifier, rounded_percent

GIVEN = (Withheld.NOT_WITHHELD, Withheld.NO_ANSWERS)
sizes = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 60), max_size=12)
smallest_groups = st.integers(3, 12)


@st.composite
def columns(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int]]:
    """Bases of rows, and how many in each named a theme."""
    bases = draw(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(3, 40), min_size=1))
    return {row: draw(st.integers(0, base)) for row, base in bases.items()}, bases


def solved(total: int, cells: dict[str, int | None]) -> dict[str, int]:
    """What somebody learns who subtracts the shown cells from the total: the missing one, if it is one."""
    missing = [row for row, cell in cells.items() if cell is None]
    rest = total - sum(cell for cell in cells.values() if cell is not None)
    return {missing[0]: rest} if len(missing) == 1 else {}


@given(columns(), smallest_groups)
def test_no_cell_under_k_can_be_derived_from_a_column_and_its_margins(
    column: tuple[dict[str, int], dict[str, int]], k: int
) -> None:
    named, bases = column
    hidden = hidden_rows(named, bases, k)
    for counts in (named, {row: bases[row] - named[row] for row in bases}):
        shown = {row: None if row in hidden else counts[row] for row in bases}
        assert all(cell >= k for cell in shown.values() if cell is not None)
        if len(hidden) == len(bases):
            continue
        learnt = solved(sum(counts.values()), shown)
        assert all(cell >= k for cell in learnt.values())
        rest = sum(counts[row] for row in hidden)
        assert not hidden or rest >= k, "all hidden rows together are a cell too"


@given(columns(), smallest_groups)
def test_a_hidden_row_is_not_pinned_down_by_the_bases_beside_it(
    column: tuple[dict[str, int], dict[str, int]], k: int
) -> None:
    """Between nought and its base each hidden cell must have more than one value that adds up."""
    named, bases = column
    hidden = hidden_rows(named, bases, k)
    if not hidden or len(hidden) == len(bases):
        return
    rest = sum(named[row] for row in hidden)
    for row in hidden:
        others = sum(bases[other] for other in hidden if other != row)
        assert max(0, rest - others) < min(bases[row], rest)


@given(columns(), smallest_groups)
def test_a_subgroup_of_one_mind_is_not_shown(column: tuple[dict[str, int], dict[str, int]], k: int) -> None:
    named, bases = column
    shown = set(bases) - hidden_rows(named, bases, k)
    assert not [row for row in shown if named[row] in (0, bases[row])]


@given(sizes, smallest_groups)
def test_rows_of_a_breakdown_are_a_whole_without_small_parts(parts: dict[str, int], k: int) -> None:
    groups = merged(parts, k)
    assert sorted(part for group in groups for part in group) == sorted(parts)
    if len(groups) > 1:
        assert all(sum(parts[part] for part in group) >= k for group in groups)
    assert sum(len(group) > 1 for group in groups) <= 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), smallest_groups)
def test_meetings_do_not_subtract_to_one_with_few_answers(bases: list[int], k: int) -> None:
    if total_withheld(bases, k) not in GIVEN:
        return
    shown = [base for base in bases if base_withheld(base, k) in GIVEN]
    hidden = [base for base in bases if base_withheld(base, k) not in GIVEN]
    assert len(hidden) != 1
    rest = sum(bases) - sum(shown)
    assert rest == 0 or rest >= max(SMALLEST_BASE, k)


@given(st.integers(0, 200))
def test_figures_need_a_base_of_ten(base: int) -> None:
    assert (base_withheld(base, 5) in GIVEN) == (base == 0 or base >= 10)


@given(st.integers(1, 3000), st.data())
def test_percentages_are_rounded_and_words_are_not(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    percent = rounded_percent(count, base)
    step = 5 if base < 50 else 1
    assert percent % step == 0
    assert abs(percent * base - 100 * count) * 2 <= step * base
    word = quantifier(count, base)
    assert (word is Quantifier.NONE) == (count == 0)
    assert (word in (Quantifier.MOST, Quantifier.NEARLY_ALL)) == (2 * count >= base and count > 0)


def test_every_share_has_one_word() -> None:
    assert [quantifier(n, 100).value for n in (1, 9, 10, 24, 25, 49, 50, 89, 90, 100)] == [
        *("a few", "a few", "some", "some", "many", "many", "most", "most", "nearly all", "nearly all"),
    ]
    for (_, _, below), (_, least, _) in pairwise(QUANTIFIER_RANGES):
        assert below == least


@pytest.mark.parametrize("k", [3, 5, 10])
def test_the_attacker_of_these_tests_can_win(k: int) -> None:
    """Against cells that are merely hidden when small it does, so the tests above say something."""
    bases, named = {"a": 20, "b": 20, "c": 20}, {"a": 10, "b": 10, "c": 1}
    merely = {row: None if named[row] < k else named[row] for row in bases}
    assert solved(sum(named.values()), merely) == {"c": 1}
    assert all(len(pair & hidden_rows(named, bases, k)) for pair in map(set, combinations(bases, 2)))
