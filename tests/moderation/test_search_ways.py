"""However a search is carried out, through the index, along the queue or counted in part, it finds the same."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.moderation.queries import COUNTED_UP_TO, Pile, queue_page, searched, searching, state_counts
from consult.responses.enums import AnswerState
from tests.factories import World, make_answer

WAYS = {
    "few hits": {},
    "many hits": {"LOOKED_AT": 2},
    "many hits in few buckets": {"LOOKED_AT": 2, "BUCKETS_AT_ONCE": (1, 4096)},
    "a common word": {"SAMPLE": 1, "COMMON": 0},
    "a common word in few answers": {"SAMPLE": 1, "COMMON": 0, "LOOKED_AT": 2, "ALONG_AT_ONCE": (1, 3)},
}
TEXTS = ("Łódź, then Gdańsk.", "A channel to Gdańsk", "channels; GDANSK_2", "Nothing.", "第一個問題", "一個")
SOUGHT = {"gdansk": 3, "channel gdansk": 2, "lodz": 1, "問題": 1, "一個": 2, "a": 1, "never": 0}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_finds_the_same(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(searching, name, value)
    states = (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED)
    for text, state in product(TEXTS, states):
        for meeting in (world.october, world.may):
            asking = world.askings[meeting.id][0]
            make_answer(session, world.consultation, world.rules, asking, text, state=state)
        make_answer(
            session,
            world.elsewhere,
            world.elsewhere_rules,
            next(iter(world.elsewhere_askings.values()))[0],
            text,
            state=state,
        )
    make_answer(
        session,
        world.consultation,
        world.rules,
        world.asking,
        "Gdańsk",
        attribution=Attribution.AGGREGATE_ONLY,
    )
    both = [world.october.id, world.may.id]
    for query, found in SOUGHT.items():
        counted_only = 1 if query == "gdansk" else 0
        for meetings, state in product((both, both[:1]), states):
            pile = Pile(world.consultation, meetings, state, search=searched(query))
            lines = queue_page(session, pile, after=None)
            expected = found * len(meetings) + (counted_only if state is AnswerState.WAITING else 0)
            assert len(lines) == expected, (query, state)
            counts = state_counts(session, pile)
            told, exact = counts[state], state not in counts.at_least
            assert (told == expected) if exact else (told <= expected), (query, state)
            assert exact or "LOOKED_AT" in WAYS[way], "only of very many hits something is left uncounted"
            if len(lines) > 1:
                behind = queue_page(session, pile, after=lines[0].position)
                assert [line.answer_id for line in behind] == [line.answer_id for line in lines[1:]]
        only = Pile(
            world.consultation,
            both,
            states[0],
            search=searched(query),
            attribution=Attribution.AGGREGATE_ONLY,
        )
        counts = state_counts(session, only)
        assert counts[AnswerState.WAITING] == counted_only or AnswerState.WAITING in counts.at_least
        assert len(queue_page(session, only, after=None)) == counted_only


@pytest.mark.parametrize("way", WAYS)
def test_counts_stop_above_a_thousand(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(searching, name, value)
    monkeypatch.setattr("consult.moderation.queries.piles.COUNTED_UP_TO", 2)
    for _ in range(4):
        make_answer(session, world.consultation, world.rules, world.asking, "Gdańsk")
    pile = Pile(world.consultation, [world.october.id], AnswerState.WAITING, search=searched("gdansk"))
    counts = state_counts(session, pile)
    assert counts[AnswerState.WAITING] == 3
    assert AnswerState.WAITING not in counts.at_least
    assert COUNTED_UP_TO == 1000
