"""Answers: scoped to a consultation and its meetings, in an order that says nothing about time."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, literal, null, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation, Question, Wording
from consult.consultations.queries import ground_rules_in_force
from consult.meetings.models import Asking, Meeting
from consult.responses.enums import AnswerState
from consult.responses.models import (
    Answer,
    ImportedRow,
    Response,
    ResponseCode,
    Revision,
)

COUNTED_UP_TO = 10_000
"""So many answers of a meeting in one state are told exactly."""


def answer_in(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], answer_id: str
) -> Answer | None:
    """That answer with its revisions, if it was given at one of these meetings of the consultation."""
    return session.scalars(
        select(Answer)
        .where(
            Answer.id == answer_id,
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
            Answer.released,
        )
        .options(selectinload(Answer.revisions))
    ).first()


def current_revision(session: Session, answer: Answer) -> Revision:
    """The words that stand now, read anew. Every answer has exactly one such revision."""
    return session.scalars(
        select(Revision)
        .where(Revision.answer_id == answer.id, Revision.current.is_(True))
        .execution_options(populate_existing=True)
    ).one()


def current_revisions(session: Session, answer_ids: Collection[str]) -> dict[str, Revision]:
    """Answer → the words that stand now, for a page of answers, in one query."""
    revisions = session.scalars(
        select(Revision)
        .where(Revision.answer_id.in_(answer_ids), Revision.current.is_(True))
        .options(raiseload("*"))
    )
    return {revision.answer_id: revision for revision in revisions}


def chosen_of(session: Session, answer_ids: Collection[str]) -> dict[str, tuple[Question, list[str]]]:
    """Answer → its question and what stands chosen, for those with choices."""
    rows = session.execute(
        select(Answer.id, Question, Revision.choices)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.id.in_(answer_ids), Revision.choices.is_not(null()))
    )
    return {answer_id: (question, choices or []) for answer_id, question, choices in rows}


def counts_by_state(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> dict[str, dict[AnswerState, int]]:
    """Meeting → state → how many answers, exactly up to COUNTED_UP_TO and one above it for more.

    Every meeting and every state is there, if with nought. One query, which reads one index and never all of it.
    """
    bounded = [
        select(func.count())
        .select_from(
            select(literal(1).label("one"))
            .where(Answer.meeting_id == Meeting.id, Answer.state == state, Answer.released)
            .correlate(Meeting)
            .limit(COUNTED_UP_TO + 1)
            .subquery()
        )
        .scalar_subquery()
        for state in AnswerState
    ]
    rows = session.execute(
        select(Meeting.id, *bounded).where(
            Meeting.consultation_id == consultation.id, Meeting.id.in_(meeting_ids)
        )
    )
    found = {meeting_id: dict(zip(AnswerState, numbers, strict=True)) for meeting_id, *numbers in rows}
    return {meeting_id: found.get(meeting_id, dict.fromkeys(AnswerState, 0)) for meeting_id in meeting_ids}


def wordings_of(session: Session, revisions: Iterable[Revision]) -> dict[str, Wording]:
    """The wordings that those revisions are pinned to, with their questions, by identifier."""
    wordings = session.scalars(
        select(Wording)
        .where(Wording.id.in_({revision.wording_id for revision in revisions}))
        .options(joinedload(Wording.question))
    )
    return {wording.id: wording for wording in wordings}


def frozen_questions(session: Session, consultation: Consultation) -> set[str]:
    """The questions whose kind, settings and condition the database keeps: a response came in where they are asked."""
    responded = select(Response.meeting_id).where(Response.consultation_id == consultation.id)
    asked = select(Asking.question_id).where(Asking.meeting_id.in_(responded))
    answered = select(Answer.question_id).where(Answer.consultation_id == consultation.id)
    return set(session.scalars(asked.union(answered)))


def unchangeable_meetings(session: Session, consultation: Consultation) -> set[str]:
    """The meetings at which the database keeps what is asked: without links, from the first response code to closing.

    Every answer names the words that it saw, so that other words would say when it was given.
    """
    if ground_rules_in_force(session, consultation).mode is not Mode.UNLINKED:
        return set()
    handed_out = select(ResponseCode.meeting_id).join(Meeting, Meeting.id == ResponseCode.meeting_id)
    return set(session.scalars(handed_out.where(Meeting.consultation_id == consultation.id).distinct()))


def imported_among(session: Session, meeting_id: str, keys: Collection[str]) -> set[str]:
    """Those of the keys under which imports have taken a row for a meeting."""
    return set(
        session.scalars(
            select(ImportedRow.key).where(ImportedRow.meeting_id == meeting_id, ImportedRow.key.in_(keys))
        )
    )
