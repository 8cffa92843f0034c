"""States move as the table says, and what is kept about a person hides them among others."""

from collections import Counter
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consult.consultations.enums import Attribution, Mode, Timing
from consult.consultations.models import GroundRules
from consult.core.errors import Refused
from consult.responses.enums import MOVES, AnswerState
from consult.responses.models import Answer
from consult.responses.rules import Breakdown, coarse_time, coarsened, content_hash, country_group, move

STATES = list(AnswerState)


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_an_answer_moves_exactly_as_the_table_says(before: AnswerState, after: AnswerState) -> None:
    answer = Answer(state=before)
    allowed = {
        "waiting": {"approved", "rejected", "withdrawn"},
        "approved": {"waiting", "rejected", "withdrawn"},
        "rejected": {"waiting", "approved", "withdrawn"},
        "withdrawn": set(),
    }[before.value]
    if after.value in allowed:
        move(answer, after)
        assert answer.state is after
    else:
        with pytest.raises(Refused):
            move(answer, after)
        assert answer.state is before


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(AnswerState)


class AnAnswer(RuleBasedStateMachine):
    """However it is pushed, a withdrawn answer stays withdrawn, and no other state is a dead end."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = Answer(state=AnswerState.WAITING)
        self.withdrawn = False

    @rule(to=st.sampled_from(STATES))
    def push(self, to: AnswerState) -> None:
        before = self.answer.state
        try:
            move(self.answer, to)
        except Refused:
            assert self.answer.state is before
        self.withdrawn = self.withdrawn or self.answer.state is AnswerState.WITHDRAWN

    @precondition(lambda self: not self.withdrawn)
    @rule()
    def it_can_be_withdrawn(self) -> None:
        move(self.answer, AnswerState.WITHDRAWN)
        self.withdrawn = True

    @invariant()
    def withdrawn_is_for_good(self) -> None:
        assert (self.answer.state is AnswerState.WITHDRAWN) == self.withdrawn


TestAnAnswer = AnAnswer.TestCase


def test_the_hash_covers_words_choices_use_and_wording() -> None:
    base = ("words", None, Attribution.AGGREGATE_ONLY, "w1")
    others = [
        ("Words", None, Attribution.AGGREGATE_ONLY, "w1"),
        ("words", [], Attribution.AGGREGATE_ONLY, "w1"),
        ("words", ["a"], Attribution.AGGREGATE_ONLY, "w1"),
        ("words", ["a", "b"], Attribution.AGGREGATE_ONLY, "w1"),
        ("words", ["ab"], Attribution.AGGREGATE_ONLY, "w1"),
        ("words", None, Attribution.QUOTE_UNATTRIBUTED, "w1"),
        ("words", None, Attribution.AGGREGATE_ONLY, "w2"),
        (None, ["words"], Attribution.AGGREGATE_ONLY, "w1"),
    ]
    hashes = {content_hash(*parts) for parts in [base, *others]}
    assert len(hashes) == len(others) + 1
    assert all(len(value) == 64 for value in hashes)
    assert content_hash(*base) == content_hash(*base)


def test_times_are_no_finer_than_the_switch() -> None:
    at = datetime(2016, 5, 14, 17, 3, 21, 500, UTC)
    rules = GroundRules(mode=Mode.CONFIDENTIAL, timing=Timing.NONE)
    assert coarse_time(at, rules) is None
    rules.timing = Timing.DAY
    assert coarse_time(at, rules) == datetime(2016, 5, 14, tzinfo=UTC)
    rules.timing = Timing.MINUTE
    assert coarse_time(at, rules) == datetime(2016, 5, 14, 17, 3, tzinfo=UTC)
    rules.mode = Mode.UNLINKED
    assert coarse_time(at, rules) is None


people = st.builds(
    Breakdown,
    country=st.sampled_from(["PL", "EE", "LV", ""]),
    sector=st.sampled_from(["government", "academia", ""]),
    role_label=st.sampled_from(["an official", "a scholar"]),
    language=st.sampled_from(["en", "pl"]),
).map(
    lambda person: Breakdown(
        person.country,
        country_group(person.country, {"Baltic states": ["EE", "LV"]}),
        person.sector,
        person.role_label,
        person.language,
    )
)


@given(roster=st.lists(people, max_size=60), smallest_group=st.integers(3, 8))
def test_whoever_knows_the_roster_finds_at_least_k_people_behind_what_is_stored(
    roster: list[Breakdown], smallest_group: int
) -> None:
    kept = coarsened(Counter(roster), smallest_group)
    assert set(kept) == set(roster)
    behind = Counter(kept[person] for person in roster)
    for stored, number in behind.items():
        assert number >= smallest_group or (stored == Breakdown() and len(roster) == number)
    for person in roster:
        for name, value in vars(kept[person]).items():
            assert value in ("", getattr(person, name)), "nothing is invented"


@given(roster=st.lists(people, max_size=60), smallest_group=st.integers(3, 8))
def test_a_combination_that_is_common_enough_is_kept_where_nobody_needs_it_to_hide(
    roster: list[Breakdown], smallest_group: int
) -> None:
    whole = Counter(roster)
    if all(number >= smallest_group for number in whole.values()):
        assert coarsened(whole, smallest_group) == {person: person for person in whole}


def test_one_rare_person_is_not_given_away_by_having_less() -> None:
    common = Breakdown("PL", "", "government", "an official", "en")
    rare = Breakdown("PL", "", "academia", "a scholar", "en")
    kept = coarsened({common: 5, rare: 1}, 5)
    assert kept[rare] == kept[common]
