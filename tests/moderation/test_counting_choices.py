"""Choices without words are counted some together; words and decisions stay with people."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Question
from consult.core.clock import now
from consult.moderation.actions import decide
from consult.moderation.actions.counting import count_choices
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.models import PublishedCase, PublishedText
from consult.operations.verification import faults
from consult.responses.actions import GatheredAnswer, add_answers
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer
from tests.factories import World, make_asking, make_question

COUNTED, UNUSED = Attribution.AGGREGATE_ONLY, Attribution.NOT_FOR_USE
OPTIONS = [{"code": code, "label": {"en": code}} for code in ("yes", "no")]


def give(
    session: Session, world: World, question: Question, rows: list[tuple[str, str, Attribution]]
) -> list[Answer]:
    """(choice, words, use) of one response each."""
    asking = next(one for one in world.october.askings if one.question_id == question.id)
    gathered = [GatheredAnswer(asking, text, use, "en", choices=(choice,)) for choice, text, use in rows]
    identifiers = add_answers(
        session,
        consultation=world.consultation,
        meeting=world.october,
        rules=world.rules,
        source=Source.PAPER,
        rows=gathered,
    )
    return [session.get_one(Answer, identifier) for identifier in identifiers]


@pytest.fixture
def question(session: Session, world: World) -> Question:
    question = make_question(session, world.consultation, "agree", "Do you agree?", position=3)
    question.kind, question.settings = "single_choice", {"options": OPTIONS, "other": True}
    session.flush()
    make_asking(session, question, world.october)
    session.refresh(world.october, ["askings"])
    return question


def test_choices_are_counted_five_together_and_words_wait(
    session: Session, world: World, question: Question
) -> None:
    early = give(session, world, question, [("yes", "", COUNTED)] * 4)
    assert count_choices(session) == 0
    assert {answer.state for answer in early} == {AnswerState.WAITING}
    unused, other = give(session, world, question, [("no", "", UNUSED), ("other", "Perhaps.", COUNTED)])
    assert count_choices(session) == 5
    assert {answer.state for answer in early} == {AnswerState.APPROVED}
    assert (unused.state, other.state) == (AnswerState.REJECTED, AnswerState.WAITING)
    cases = session.scalars(select(PublishedCase).where(PublishedCase.question_id == question.id)).all()
    assert [case.choices for case in cases] == [["yes"]] * 4
    assert count_choices(session) == 0
    (revision,) = other.revisions
    decide(session, other, Verdict.APPROVE, read=revision.hash, by=world.director)
    session.expire_all()
    assert session.scalars(select(PublishedText).where(PublishedText.question_id == question.id)).all() == []
    session.commit()
    assert faults(session) == []


def test_what_a_person_has_decided_is_left_to_people_and_closing_counts_the_rest(
    session: Session, world: World, question: Question
) -> None:
    first, second = give(session, world, question, [("yes", "", COUNTED), ("no", "", COUNTED)])
    (revision,) = first.revisions
    reject = {"read": revision.hash, "by": world.director, "reason": RejectReason.DUPLICATE}
    decide(session, first, Verdict.REJECT, **reject)  # type: ignore[arg-type]
    decide(session, first, Verdict.REOPEN, read=revision.hash, by=world.director, read_number=1)
    assert count_choices(session) == 0
    world.consultation.closes_at = now() - timedelta(days=1)
    session.flush()
    assert count_choices(session, world.consultation) == 1
    assert (first.state, second.state) == (AnswerState.WAITING, AnswerState.APPROVED)
