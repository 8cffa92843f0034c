"""What a receipt code shows: the answer as it is stored, and what has become of it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation, Translations
from consult.meetings.models import Meeting
from consult.moderation.models import PublishedText
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.queries import response_by_receipt, wordings_of


@dataclass(frozen=True)
class StoredAnswer:
    """One answer as it stands. `published` and `line` are how it is printed, where it is; reasons are not here."""

    prompt: Translations
    text: str
    language: str
    attribution: Attribution
    state: AnswerState
    published: str | None
    line: str | None


@dataclass(frozen=True)
class StoredResponse:
    """What came in under one receipt code. Nothing here says who sent it, or when."""

    consultation: Consultation
    meeting: Meeting
    answers: tuple[StoredAnswer, ...]
    late: bool


def stored_response(session: Session, code: str) -> StoredResponse | None:
    """What the code leads to, or None where it leads nowhere."""
    response = response_by_receipt(session, code)
    if response is None:
        return None
    current = {answer.id: _current(answer) for answer in response.answers}
    published = {
        row.revision_id: row
        for row in session.scalars(
            select(PublishedText).where(
                PublishedText.revision_id.in_([revision.id for revision in current.values()])
            )
        )
    }
    wordings = wordings_of(session, current.values())
    ordered = sorted(
        response.answers, key=lambda answer: wordings[current[answer.id].wording_id].question.position
    )
    return StoredResponse(
        consultation=session.get_one(Consultation, response.consultation_id),
        meeting=session.get_one(Meeting, response.meeting_id),
        answers=tuple(
            _stored(
                answer,
                current[answer.id],
                wordings[current[answer.id].wording_id].prompt,
                published.get(current[answer.id].id),
            )
            for answer in ordered
        ),
        late=response.late,
    )


def _current(answer: Answer) -> Revision:
    return next(revision for revision in answer.revisions if revision.current)


def _stored(
    answer: Answer, revision: Revision, prompt: Translations, printed: PublishedText | None
) -> StoredAnswer:
    return StoredAnswer(
        prompt=prompt,
        text=revision.text or "",
        language=revision.language,
        attribution=revision.attribution,
        state=answer.state,
        published=printed.text if printed else None,
        line=printed.attribution_line if printed else None,
    )
