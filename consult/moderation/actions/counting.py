"""Counting answers that hold choices and no words: there is nothing in them to read, so nobody decides on each.

They are counted some together, so that no figure moves when one person answers; see docs/decisions/0007.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, insert, null, select
from sqlalchemy.orm import Session

from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, Question
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.moderation.models import Decision, PublishedCase
from consult.moderation.published import case_values
from consult.moderation.rules import LEAST_COUNTED
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision
from consult.responses.rules import move

SMALLEST_BATCH = 5
"""Of so many responses of a meeting choices are counted together, or of none before closing."""
BATCH = 500
"""Answers of one transaction, so that it holds up nobody's submission."""


def count_choices(session: Session, consultation: Consultation | None = None) -> int:
    """Count up to BATCH answers without words that are due, and put aside those not for use; how many there were."""
    waiting = _waiting(consultation)
    found = session.execute(
        select(Answer.meeting_id, Answer.consultation_id, func.count(Answer.response_id.distinct()))
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current)
        .where(*waiting)
        .group_by(Answer.meeting_id, Answer.consultation_id)
    ).all()
    due = [
        meeting_id
        for meeting_id, consultation_id, responses in found
        if responses >= SMALLEST_BATCH or _closed(session, consultation_id)
    ]
    if not due:
        return 0
    rows = session.execute(
        select(Answer, Revision, Response)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current)
        .join(Response, Response.id == Answer.response_id)
        .where(Answer.meeting_id.in_(due), *waiting)
        .order_by(Answer.shuffle_key, Answer.id)
        .limit(BATCH)
        .with_for_update(of=Answer, skip_locked=True)
    ).all()
    counted = []
    for answer, revision, response in rows:
        used = revision.attribution >= LEAST_COUNTED
        move(answer, AnswerState.APPROVED if used else AnswerState.REJECTED)
        if used:
            counted.append(case_values(answer, revision, response))
    session.flush()
    if counted:
        session.execute(insert(PublishedCase), counted)
    return len(rows)


def _waiting(consultation: Consultation | None) -> Sequence[ColumnElement[bool]]:
    closed = [code for code, kind in KINDS.items() if kind.closed and kind.asks]
    asking = select(Question.consultation_id).where(Question.kind.in_(closed))
    if consultation is not None:
        asking = asking.where(Question.consultation_id == consultation.id)
    return [
        Answer.consultation_id.in_(asking),
        Answer.state == AnswerState.WAITING,
        Answer.released.is_(True),
        Revision.text.is_(None),
        Revision.choices.is_not(null()),
        ~select(Decision.id).where(Decision.answer_id == Answer.id).exists(),
    ]


def _closed(session: Session, consultation_id: str) -> bool:
    consultation = session.get_one(Consultation, consultation_id)
    return phase(consultation, ground_rules_in_force(session, consultation), now()) is Phase.CLOSED
