"""Countable choices for the gate's row releases."""

import json
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Text, cast, func, null, select, tuple_
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.moderation.models import PublishedCase
from consult.responses.models import Answer, Revision

PAGE = 500
Chosen = tuple[str, ...]


def numbers_of_choices(
    session: Session, consultation: Consultation, question_id: str
) -> dict[tuple[str, Chosen], int]:
    """(meeting, choices) → how many participants chose just these, over the whole consultation."""
    written = cast(PublishedCase.choices, Text)
    rows = session.execute(
        select(PublishedCase.meeting_id, written, func.count())
        .where(
            PublishedCase.consultation_id == consultation.id,
            PublishedCase.question_id == question_id,
            PublishedCase.choices.is_not(null()),
            PublishedCase.counts_as_participant,
        )
        .group_by(PublishedCase.meeting_id, written)
    )
    return {(meeting_id, tuple(json.loads(choices))): number for meeting_id, choices, number in rows}


def pages_of_choices(
    session: Session, consultation: Consultation, question_id: str, meeting_ids: Collection[str] | None
) -> Iterator[Sequence[tuple[str, Chosen]]]:
    """(meeting, choices) of one question's answers in their shuffled order, a page at a time."""
    place = tuple_(Answer.shuffle_key, Answer.id)
    first = (
        select(PublishedCase.meeting_id, PublishedCase.choices, Answer.shuffle_key, Answer.id)
        .join(Revision, Revision.id == PublishedCase.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(
            PublishedCase.consultation_id == consultation.id,
            PublishedCase.question_id == question_id,
            PublishedCase.choices.is_not(null()),
            PublishedCase.counts_as_participant,
        )
        .order_by(Answer.shuffle_key, Answer.id)
        .limit(PAGE)
    )
    if meeting_ids is not None:
        first = first.where(PublishedCase.meeting_id.in_(meeting_ids))
    page = session.execute(first).all()
    while page:
        yield [(meeting_id, tuple(choices or ())) for meeting_id, choices, _key, _id in page]
        if len(page) < PAGE:
            return
        page = session.execute(first.where(place > (page[-1][2], page[-1][3]))).all()
