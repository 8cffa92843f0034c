"""However a search is carried out, through the index, along the queue or counted in part, it finds the same."""

from itertools import product

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.meetings.models import Meeting
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.queries import (
    COUNTED_UP_TO,
    SHOWN,
    Pile,
    Search,
    queue_page,
    searched,
    state_counts,
)
from consult.moderation.queries.searching import index_of, standing_as, thresholds
from consult.responses.enums import AnswerState
from consult.responses.models import Revision
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.moderation.test_queue_depth import change
from tests.web.scenes import approve

WAITING = AnswerState.WAITING

COLLECTED = {"SPELT_OUT": -1}
WAYS: dict[str, dict[str, object]] = {
    "few hits": {},
    "beginnings spelt out, many hits": {"RARE": 2},
    "one beginning spelt out and another not": {"SPELT_OUT": 1},
    "few hits, collected": COLLECTED,
    "hits counted by the index": {**COLLECTED, "RARE": -1},
    "whole words counted first": {**COLLECTED, "RARE": -1, "MANY": -1},
    "many hits in few slices": {**COLLECTED, "RARE": 2, "SLICES_AT_ONCE": (1, 256)},
    "a common word": {**COLLECTED, "SAMPLE": 1, "COMMON": 0},
    "a common word in few answers": {
        **COLLECTED, "SAMPLE": 1, "COMMON": 0, "RARE": 2, "ALONG_AT_ONCE": (1, 3),
    },
    "a common word beyond the first answers": {**COLLECTED, "SAMPLE": 1, "COMMON": 0, "READ_TO_COUNT": 1},
}  # fmt: skip
TEXTS = ("Łódź, then Gdańsk.", "A channel to Gdańsk", "channels; GDANSK_2", "Nothing.", "第一個問題", "一個")
SOUGHT = {"gdansk": 3, "channel gdansk": 2, "lodz": 1, "問題": 1, "一個": 2, "a": 1, "never": 0}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_finds_the_same(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(thresholds, name, value)
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
            assert counts[state] == expected, (query, state)
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
        assert counts[AnswerState.WAITING] == counted_only
        assert len(queue_page(session, only, after=None)) == counted_only


@pytest.mark.parametrize("way", WAYS)
def test_counts_stop_above_a_thousand(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(thresholds, name, value)
    monkeypatch.setattr("consult.moderation.queries.counting.COUNTED_UP_TO", 2)
    for _ in range(4):
        make_answer(session, world.consultation, world.rules, world.asking, "Gdańsk")
    pile = Pile(world.consultation, [world.october.id], AnswerState.WAITING, search=searched("gdansk"))
    counts = state_counts(session, pile)
    assert counts[AnswerState.WAITING] == 3
    narrowed = Pile(pile.consultation, pile.meeting_ids, pile.state, search=pile.search, language="en")
    assert state_counts(session, narrowed)[AnswerState.WAITING] == 3
    assert COUNTED_UP_TO == 1000


def test_the_index_follows_an_answer_wherever_it_goes(session: Session, world: World) -> None:
    """Decided, reversed, changed, held back, released, withdrawn, erased: the index has it where it is, once."""

    def found(words: str, *meetings: Meeting) -> list[int]:
        ids = [meeting.id for meeting in meetings or (world.october, world.may)]
        counts = state_counts(session, Pile(world.consultation, ids, WAITING, search=searched(words)))
        return [counts[state] for state in (WAITING, AnswerState.APPROVED, AnswerState.REJECTED)]

    for number in range(3):
        make_answer(
            session, world.consultation, world.rules, world.asking, f"Number {number}: convoys to Gdańsk."
        )
    answer = make_answer(session, world.consultation, world.rules, world.asking, "Convoys, and buoys.")
    assert found("convoys") == [4, 0, 0]
    assert found("convoys", world.may) == [0, 0, 0]
    approve(session, answer, world.director)
    assert found("conv") == [3, 1, 0]
    revision = current_revision(session, answer)
    decide(session, answer, Verdict.REOPEN, read=revision.hash, read_number=1, by=world.director)
    assert found("convoy buoys") == [1, 0, 0]
    change(session, answer, words="Only lighthouses.")
    assert (found("convoys"), found("buoys"), found("lighthouse")) == ([3, 0, 0], [0, 0, 0], [1, 0, 0])
    answer.released = False
    session.flush()
    assert found("lighthouse") == [0, 0, 0]
    answer.released = True
    session.flush()
    assert found("lighthouses") == [1, 0, 0]
    answer.state = AnswerState.WITHDRAWN
    session.flush()
    assert found("lighthouses") == [0, 0, 0]
    session.execute(delete(Revision).where(Revision.answer_id == answer.id))
    assert found("convoys") == [3, 0, 0]
    for state in SHOWN:
        assert keys_of(session, "buoys", state, [world.october.id]) == []


def test_the_index_tells_meetings_apart_where_there_are_others(session: Session, world: World) -> None:
    """With every meeting there is, it need not look which one it was."""
    here = make_answer(session, world.consultation, world.rules, world.asking, "Convoys.")
    there = make_answer(
        session, world.consultation, world.rules, world.askings[world.may.id][0], "A convoy again."
    )
    key, other = (current_revision(session, answer).search_key for answer in (here, there))
    everywhere = list(session.scalars(select(Meeting.id)))
    assert keys_of(session, "convoy", WAITING, [world.october.id]) == [key]
    assert keys_of(session, "convoy", WAITING, everywhere) == sorted([key, other])
    assert keys_of(session, "convoy", AnswerState.APPROVED, everywhere) == []
    assert keys_of(session, "convoy", WAITING, []) == []


def keys_of(session: Session, words: str, state: AnswerState, meeting_ids: list[str]) -> list[int]:
    found = index_of(session).found(Search((words,)), standing_as(state, meeting_ids))
    return sorted(session.scalars(select(found.c.search_key)))


def test_words_of_every_length_are_found_by_how_they_begin(session: Session, world: World) -> None:
    """PostgreSQL finds the first 3, 5 and 8 letters at once, and looks again where more or fewer were typed."""
    make_answer(
        session, world.consultation, world.rules, world.asking, "Interoperability of 2 x 4 ab corps_units"
    )
    make_answer(
        session, world.consultation, world.rules, world.asking, "Interoperable internal interim interns"
    )
    sought = {"in": 2, "int": 2, "inte": 2, "inter": 2, "intero": 2, "interop": 2, "interopera": 2}
    sought |= {
        "interoperabi": 1,
        "interna": 1,
        "interim": 1,
        "interimx": 0,
        "ab": 1,
        "2": 1,
        "units": 1,
        "nterim": 0,
    }
    for typed, answers in sought.items():
        pile = Pile(world.consultation, [world.october.id], WAITING, search=searched(typed))
        assert len(queue_page(session, pile, after=None)) == answers, typed
        assert state_counts(session, pile)[WAITING] == answers, typed


def test_a_beginning_is_spelt_out_as_the_words_that_begin_so(session: Session, world: World) -> None:
    """On SQLite, each once, whatever their letters; a beginning of too many words stays one."""
    for text in ("Channel, channels. Ch!", "CHANNELLED; Łodzi, łódź", "第一個問題 wir sind", "ma rynarka"):
        make_answer(session, world.consultation, world.rules, world.asking, text)
    for number in range(thresholds.SPELT_OUT + 1):
        make_answer(session, world.consultation, world.rules, world.asking, f"Brigade{number:02}")
    sought = searched("channel lod 問題 never b brig brigade03")
    assert sought is not None
    found = index_of(session).spelt_out(sought)
    if session.get_bind().dialect.name != "sqlite":
        assert not found.spelt_out
        return
    assert found.spelt_out == {
        "channel": ("channel", "channelled", "channels"),
        "lod": ("lodz", "lodzi"),
        "問題": ("問題",),
        "never": (),
        "b": ("b",),
        "brigade03": ("brigade03",),
    }
    assert not found.is_spelt_out
