"""Hints as they are kept: found in rounds, in step with words and roster, and silent about people."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consult.core.database import Base, Database
from consult.core.text import fold
from consult.jobs.find_hints import find_hints
from consult.moderation.enums import HintKind
from consult.moderation.hints.actions import (
    Rosters,
    examine_again,
    keep_hints,
    look_through,
    outdated,
)
from consult.moderation.hints.queries import has_hint
from consult.moderation.models import Hint, Unexamined
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revision
from consult.responses.rules import content_hash, move
from tests.factories import World, make_answer

TELLING = "As the Estonian ambassador I told Colonel Zawisza."


def given(session: Session, world: World, words: str) -> Answer:
    answer = make_answer(session, world.consultation, world.rules, world.asking, words)
    session.commit()
    return answer


def make_round(session: Session, database: Database) -> int:
    session.commit()
    return find_hints(database)


def examine(session: Session, rosters: Rosters, limit: int = 500) -> int:
    found = look_through(session, rosters, limit=limit)
    keep_hints(session, found)
    return len(found)


def hints_of(session: Session, revision_id: str) -> Sequence[Hint]:
    return session.scalars(select(Hint).where(Hint.revision_id == revision_id)).all()


def kinds(session: Session, answer: Answer) -> set[HintKind]:
    return {hint.kind for hint in hints_of(session, current_revision(session, answer).id)}


def test_a_round_finds_what_came_in(session: Session, world: World, database: Database) -> None:
    telling = given(session, world, TELLING)
    plain = given(session, world, "A standing channel for incidents at sea.")
    assert make_round(session, database) == 2
    assert kinds(session, telling) >= {HintKind.SELF, HintKind.PERSON}
    assert kinds(session, plain) == set()
    assert session.scalar(select(func.count()).select_from(Unexamined)) == 0
    assert make_round(session, database) == 0


def test_a_queue_is_narrowed_to_a_kind(session: Session, world: World, database: Database) -> None:
    revisions = [current_revision(session, given(session, world, TELLING)).id for _ in range(3)]
    make_round(session, database)
    found = session.scalars(select(Revision.id).where(has_hint([HintKind.PERSON]))).all()
    assert set(found) == set(revisions)
    assert session.scalars(select(Revision.id).where(has_hint([HintKind.EMAIL]))).all() == []


def test_another_roster_has_everything_looked_through_again(
    session: Session, world: World, database: Database
) -> None:
    answer = given(session, world, "Nobody listened to Brzozowski at sea.")
    make_round(session, database)
    assert kinds(session, answer) == set()
    world.participant.participant.name = "Jan Brzozowski"
    session.merge(world.participant.participant)
    session.commit()
    assert make_round(session, database) == 1
    assert kinds(session, answer) == {HintKind.PERSON}


def test_words_that_are_replaced_lose_their_hints(session: Session, world: World, database: Database) -> None:
    answer = given(session, world, TELLING)
    make_round(session, database)
    before = current_revision(session, answer)
    before.current = False
    session.flush()
    session.add(
        Revision(
            answer_id=answer.id,
            number=2,
            wording_id=before.wording_id,
            text="Unity.",
            language="en",
            attribution=before.attribution,
            ground_rules_id=before.ground_rules_id,
            ceiling=before.ceiling,
            hash=content_hash("Unity.", None, before.attribution, before.wording_id),
            folded=fold("Unity."),
        )
    )
    session.commit()
    assert hints_of(session, before.id) == []
    assert make_round(session, database) == 1
    assert kinds(session, answer) == set()


def test_what_is_withdrawn_loses_its_hints(session: Session, world: World, database: Database) -> None:
    answer = given(session, world, TELLING)
    make_round(session, database)
    move(session.get_one(Answer, answer.id), AnswerState.WITHDRAWN)
    session.commit()
    assert kinds(session, answer) == set()


def test_what_is_withdrawn_while_it_is_read_gets_none(session: Session, world: World) -> None:
    answer = given(session, world, TELLING)
    found = look_through(session, Rosters())
    assert list(found) == [current_revision(session, answer).id]
    move(session.get_one(Answer, answer.id), AnswerState.WITHDRAWN)
    session.flush()
    keep_hints(session, found)
    assert session.scalars(select(Hint)).all() == []


def test_batches_leave_the_rest_for_the_next(session: Session, world: World) -> None:
    for number in range(5):
        given(session, world, f"{TELLING} {number}")
    rosters = Rosters()
    examine_again(session, outdated(session, rosters))
    assert [examine(session, rosters, limit=2) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize("table", ["hint", "unexamined", "examination", "duplicate"])
def test_nothing_kept_leads_to_a_person_or_tells_a_time(table: str) -> None:
    columns = Base.metadata.tables[table].columns
    leads = {key.column.table.name for column in columns for key in column.foreign_keys}
    assert leads <= {"revision", "answer", "consultation"}
    assert not {column.name for column in columns if column.name.endswith("_at")}
    assert "participant" not in " ".join(column.name for column in columns)


def test_the_database_refuses_a_hint_of_another_kind(session: Session, world: World) -> None:
    revision = current_revision(session, given(session, world, TELLING)).id
    with pytest.raises(Exception, match=r"(?i)check"):
        session.execute(
            text("INSERT INTO hint (revision_id, starts, ends, kind) VALUES (:id, 0, 1, 'tallinn')"),
            {"id": revision},
        )
