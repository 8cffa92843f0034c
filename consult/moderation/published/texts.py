"""What may be quoted: texts as they were redacted, each with its attribution line already composed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Exists,
    exists,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.models import Consultation
from consult.meetings.models import Meeting, MeetingSession
from consult.moderation.models import PublishedCase, PublishedText
from consult.responses.models import Revision, SessionNote

PAGE = 500


def number_of_rows(
    session: Session,
    consultation: Consultation,
    meeting: Meeting | None,
    *,
    choices: bool,
    most: int | None = None,
) -> int:
    """How many quotable texts there are, and countable choices where they are wanted; counted to one past `most`."""
    wanted: list[tuple[type[PublishedText | PublishedCase], ColumnElement[bool]]] = [(PublishedText, true())]
    if choices:
        wanted.append((PublishedCase, PublishedCase.choices.is_not(null())))
    number = 0
    for table, kind in wanted:
        rows = select(literal(1)).where(table.consultation_id == consultation.id, kind)
        if meeting is not None:
            rows = rows.where(table.meeting_id == meeting.id)
        if most is not None:
            rows = rows.limit(most + 1)
        number += session.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    return number


def stands(revision_id: InstrumentedAttribute[str]) -> Exists:
    """Whether that revision's words are quotable now, for a query that has revisions."""
    return exists().where(PublishedText.revision_id == revision_id)


def printed(
    session: Session, consultation_id: str, revision_ids: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Revision → (words, attribution line) as they may be printed now; those that may not are missing."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(revision_ids), PAGE):
        rows = session.execute(
            select(PublishedText.revision_id, PublishedText.text, PublishedText.attribution_line).where(
                PublishedText.consultation_id == consultation_id,
                PublishedText.revision_id.in_(revision_ids[start : start + PAGE]),
            )
        )
        found |= {revision_id: (text, line) for revision_id, text, line in rows}
    return found


@dataclass(frozen=True)
class PublishedNote:
    """A rapporteur's note as it may be printed. `session_id` None is the whole meeting."""

    meeting_id: str
    session_id: str | None
    voiced: str
    """"told", "said", or a word of quantity: how widely its rapporteur heard it."""
    text: str
    language: str


def published_notes(session: Session, consultation: Consultation) -> list[PublishedNote]:
    """Every approved note by meeting and session, in the place that its rapporteur gave it."""
    rows = session.execute(
        select(
            SessionNote.meeting_id,
            SessionNote.session_id,
            SessionNote.voiced,
            PublishedText.text,
            PublishedText.language,
        )
        .join(Revision, Revision.answer_id == SessionNote.answer_id)
        .join(PublishedText, PublishedText.revision_id == Revision.id)
        .join(Meeting, Meeting.id == SessionNote.meeting_id)
        .outerjoin(MeetingSession, MeetingSession.id == SessionNote.session_id)
        .where(SessionNote.consultation_id == consultation.id)
        .order_by(
            Meeting.position,
            Meeting.id,
            MeetingSession.position,
            SessionNote.position,
            PublishedText.shuffle_key,
            PublishedText.revision_id,
        )
    )
    return [
        PublishedNote(meeting_id, session_id, voiced.value, words, language)
        for meeting_id, session_id, voiced, words, language in rows
    ]
