"""A definition's rapporteurs' notes: added where they are missing, then read by a moderator like any other note."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.queries import user_by_email
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Invalid
from consult.core.text import tidy
from consult.meetings.queries import meetings_in_full
from consult.operations.definition import Definition
from consult.responses.actions import note
from consult.responses.models import Revision, SessionNote


def load_notes(
    session: Session, consultation: Consultation, definition: Definition, changes: list[str]
) -> list[str]:
    """Add the notes that are not there yet, as the first programme director's. Returns what is left undone.

    A note that stands, in whatever state, is never added again, nor is one taken out that the file lost.
    """
    if not definition.notes:
        return []
    by = user_by_email(session, definition.directors[0].email) if definition.directors else None
    if by is None:
        raise Invalid(
            "Name a programme director in the file: the notes are theirs.", field="programme_directors"
        )
    if phase(consultation, ground_rules_in_force(session, consultation), now()) is Phase.PREPARING:
        return ["notes: they are added once the consultation has opened; load the file again then"]
    meetings = {meeting.slug: meeting for meeting in meetings_in_full(session, consultation)}
    standing = _standing(session, consultation)
    added: dict[str, int] = {}
    for position, part in enumerate(definition.notes, start=1):
        meeting = meetings[part.meeting]
        about = next((one for one in meeting.sessions if one.title == part.session), None)
        if (meeting.id, about.id if about else None, tidy(part.text)) in standing:
            continue
        note(
            session,
            meeting,
            about,
            part.text,
            language=part.language,
            by=by,
            voiced=part.voiced,
            position=position,
        )
        added[meeting.slug] = added.get(meeting.slug, 0) + 1
    changes.extend(
        f"meeting {slug}: {count} notes added, which wait for a moderator" for slug, count in added.items()
    )
    return []


def _standing(session: Session, consultation: Consultation) -> set[tuple[str, str | None, str]]:
    rows = session.execute(
        select(SessionNote.meeting_id, SessionNote.session_id, Revision.text)
        .join(Revision, Revision.answer_id == SessionNote.answer_id)
        .where(SessionNote.consultation_id == consultation.id)
    )
    return {(meeting_id, session_id, words or "") for meeting_id, session_id, words in rows}
