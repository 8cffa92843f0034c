"""Answers are found within their consultation and meetings, in shuffled pages, for a fixed number of queries."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.errors import Invalid
from consult.responses.actions import GatheredAnswer, add_answers
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer
from consult.responses.queries import (
    answer_in,
    counts_by_state,
    current_revision,
    imported_among,
)
from tests.factories import World, make_answer


@contextmanager
def queries(session: Session) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def gathered(world: World, number: int) -> list[GatheredAnswer]:
    return [
        GatheredAnswer(world.asking, f"Statement {n}.", Attribution.QUOTE_UNATTRIBUTED, "en", f"{n:064}")
        for n in range(number)
    ]


def add(
    session: Session, world: World, rows: list[GatheredAnswer], source: Source = Source.IMPORT
) -> list[str]:
    return add_answers(
        session,
        consultation=world.consultation,
        meeting=world.october,
        rules=world.rules,
        source=source,
        rows=rows,
    )


def test_an_answer_is_found_only_in_its_consultation_and_meetings(session: Session, world: World) -> None:
    answer = make_answer(session, world.consultation, world.rules, world.asking)
    session.expunge_all()
    both = [world.october.id, world.may.id]
    found = answer_in(session, world.consultation, both, answer.id)
    assert found is not None
    assert current_revision(session, found).text == "A standing channel for incidents at sea."
    assert answer_in(session, world.consultation, [world.may.id], answer.id) is None
    assert answer_in(session, world.consultation, [], answer.id) is None
    assert answer_in(session, world.elsewhere, both, answer.id) is None


def test_counts_name_every_meeting_and_state(session: Session, world: World) -> None:
    make_answer(session, world.consultation, world.rules, world.asking)
    make_answer(session, world.consultation, world.rules, world.asking, state=AnswerState.REJECTED)
    counts = counts_by_state(session, world.consultation, [world.october.id, world.may.id])
    assert counts[world.october.id] == {
        AnswerState.WAITING: 1,
        AnswerState.APPROVED: 0,
        AnswerState.REJECTED: 1,
        AnswerState.WITHDRAWN: 0,
    }
    assert sum(counts[world.may.id].values()) == 0
    assert counts_by_state(session, world.consultation, []) == {}


def test_thousands_are_added_with_a_handful_of_statements(session: Session, world: World) -> None:
    _ = world.asking.question
    rows = gathered(world, 2000)
    with queries(session) as said:
        add(session, world, rows)
    assert len(said) < 20
    keys = [row.row_key for row in rows]
    assert imported_among(session, world.october.id, [*keys[:500], "f" * 64]) == set(keys[:500])
    assert imported_among(session, world.may.id, keys[:500]) == set()


def test_one_bad_row_is_named_and_nothing_is_added(session: Session, world: World) -> None:
    rows = gathered(world, 3)
    rows.insert(2, GatheredAnswer(world.asking, "a\x00b", Attribution.AGGREGATE_ONLY, "en"))
    with pytest.raises(Invalid) as refused:
        add(session, world, rows)
    assert refused.value.facts["row"] == 2
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    with pytest.raises(Invalid):
        add(session, world, [GatheredAnswer(world.asking, "Words.", Attribution.NAMED, "en")])


def test_one_answer_from_elsewhere_names_nobody(session: Session, world: World) -> None:
    row = GatheredAnswer(world.asking, " On paper. ", Attribution.AGGREGATE_ONLY, "pl")
    (answer_id,) = add(session, world, [row], source=Source.PAPER)
    answer = session.get_one(Answer, answer_id)
    assert answer.revisions[0].text == "On paper."
    assert answer.response.source is Source.PAPER
    assert answer.response.participant_id is None
    assert answer.response.submitted_at is None
