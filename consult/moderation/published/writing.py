"""Writing the published view: decisions do, and nobody else."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    delete,
    select,
)
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.meetings.models import Meeting
from consult.moderation.models import PublishedCase, PublishedText
from consult.moderation.phrases import attribution_line, note_line, removed_words
from consult.moderation.rules import LEAST_COUNTED, LEAST_QUOTED, Segments, Span, segments_of
from consult.responses.enums import Source
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import part_of_note


def write(session: Session, answer: Answer, revision: Revision, spans: Sequence[Span]) -> None:
    """Put an approved answer's words into the view: a case, and a quotable text where its level allows one.

    None of its rows stands there yet: an approval that is renewed takes them out first.
    """
    if revision.attribution < LEAST_COUNTED:
        return
    response = session.get_one(Response, answer.response_id)
    session.add(PublishedCase(**case_values(answer, revision, response)))
    if revision.attribution >= LEAST_QUOTED and revision.text is not None:
        language = session.get_one(Consultation, answer.consultation_id).language
        segments = segments_of(revision.text, spans)
        session.add(
            PublishedText(
                revision_id=revision.id,
                consultation_id=answer.consultation_id,
                meeting_id=answer.meeting_id,
                question_id=answer.question_id,
                segments=segments,
                text=as_printed(segments, language),
                language=revision.language,
                attribution=revision.attribution.code,
                attribution_line=line_of(session, answer, revision, response, language),
                shuffle_key=answer.shuffle_key,
            )
        )
    session.flush()


def case_values(answer: Answer, revision: Revision, response: Response) -> dict[str, Any]:
    """The columns of an answer's countable case."""
    return {
        "revision_id": revision.id,
        "consultation_id": answer.consultation_id,
        "meeting_id": answer.meeting_id,
        "question_id": answer.question_id,
        "choices": revision.choices,
        "counts_as_participant": response.source is not Source.RAPPORTEUR,
        "country": response.country or None,
        "country_group": response.country_group or None,
        "sector": response.sector or None,
        "role_label": response.role_label or None,
        "language": response.language or None,
    }


def remove(session: Session, answer: Answer) -> None:
    """Take every row of an answer out of the view."""
    for table in (PublishedText, PublishedCase):
        session.execute(
            delete(table).where(
                table.revision_id.in_(select(Revision.id).where(Revision.answer_id == answer.id))
            )
        )


def as_printed(segments: Segments, language: str) -> str:
    """The text as one string, each redaction as "[affiliation]"."""
    return "".join(f"[{removed_words(kind, language)}]" if kind else words or "" for words, kind in segments)


def line_of(session: Session, answer: Answer, revision: Revision, response: Response, language: str) -> str:
    """The attribution line under an answer, from what was copied to its response. A note is called one."""
    meeting = session.get_one(Meeting, answer.meeting_id)
    if response.source is Source.RAPPORTEUR:
        return note_line(language, part_of_note(session, answer.id), meeting.starts_on, meeting.precision)
    return attribution_line(
        language,
        revision.attribution,
        meeting.starts_on,
        meeting.precision,
        role_label=response.role_label,
        country_group=response.country_group,
    )
