"""What a subtraction would give away is never shown: the arithmetic of the gate against an attacker of its own."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.disclosure.figures import (
    SMALLEST_BASE,
    Withheld,
    base_withheld,
    merged,
    total_withheld,
)
from consult.analysis.disclosure.scales import USUAL
from consult.analysis.rules import QUANTIFIER_RANGES, Quantifier, rounded

GIVEN = (Withheld.NOT_WITHHELD, Withheld.NO_ANSWERS)
sizes = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 60), max_size=12)
smallest_groups = st.integers(3, 12)


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
    share = rounded(count, base)
    percent, step = share.percent, 5 if base < 50 else 1
    assert percent % step == 0
    assert abs(percent * base - 100 * count) * 2 <= step * base
    assert (share.under, share.over) == (
        step if count > 0 and percent == 0 else None,
        100 - step if count < base and percent == 100 else None,
    )
    assert share.under is None or 100 * count < share.under * base
    assert share.over is None or 100 * count > share.over * base
    word = USUAL.word(count, base)
    assert (word is Quantifier.NONE) == (count == 0)
    assert (word in (Quantifier.MOST, Quantifier.NEARLY_ALL)) == (2 * count >= base and count > 0)


def test_every_share_has_one_word() -> None:
    assert [USUAL.word(n, 100).value for n in (1, 9, 10, 24, 25, 49, 50, 89, 90, 100)] == [
        *("a few", "a few", "some", "some", "many", "many", "most", "most", "nearly all", "nearly all"),
    ]
    for (_, _, below), (_, least, _) in pairwise(QUANTIFIER_RANGES):
        assert below == least
