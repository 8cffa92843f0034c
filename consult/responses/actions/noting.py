"""A rapporteur's notes on a discussion: moderated and coded like answers, and never counted as anybody's."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS
from consult.consultations.kinds.kind import check_words
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.meetings.models import Asking, Meeting, MeetingSession
from consult.meetings.queries import askings_at
from consult.responses.actions.gathering import response_values
from consult.responses.actions.words import GivenAnswer, answer_values, revision_values
from consult.responses.enums import Source, Voiced
from consult.responses.models import Answer, Response, Revision, SessionNote

LONGEST_NOTE = 6000


@dataclass(frozen=True)
class Discussed:
    """What a note stands under: the open question of a session, or else of its meeting."""

    meeting: Meeting
    part: MeetingSession | None
    asking: Asking


def discussed(session: Session, meeting: Meeting, part: MeetingSession | None) -> Discussed:
    """Raises Invalid for another meeting's session, and where no question takes words."""
    if part is not None and part.meeting_id != meeting.id:
        raise Invalid("This session belongs to another meeting.", field="session")
    taking = [one for one in askings_at(session, meeting) if not KINDS[one.question.kind].closed]
    own = [one for one in taking if part is not None and one.session_id == part.id]
    whole = [one for one in taking if one.session_id is None]
    found = [*own, *whole, *taking]
    if not found:
        raise Invalid(
            "No question at %(meeting)s takes words, so there is nothing that a note could stand under.",
            field="meeting",
            meeting=meeting.short_title,
        )
    return Discussed(meeting, part, found[0])


def note(
    session: Session,
    meeting: Meeting,
    session_of_meeting: MeetingSession | None,
    text: str,
    *,
    language: str,
    by: User,
    voiced: Voiced = Voiced.SAID,
    position: int = 0,
) -> Answer:
    """Keep what was said in a discussion, nobody named, waiting for a moderator.

    It has no person, no time and no attributes. Its use is to be quoted as a note, or less where the ground rules
    allow less. Raises Invalid for words that cannot be kept, Refused before the consultation opens.
    """
    about = discussed(session, meeting, session_of_meeting)
    words = check_words(text, LONGEST_NOTE)
    if not words:
        raise Invalid("Write the note.", field="text")
    consultation = session.get_one(Consultation, meeting.consultation_id)
    rules = ground_rules_in_force(session, consultation)
    if phase(consultation, rules, now()) is Phase.PREPARING:
        raise Refused("This consultation has not opened yet, so there is nothing to note.")
    given = GivenAnswer(
        about.asking,
        words,
        min(Attribution.QUOTE_UNATTRIBUTED, rules.ceiling),
        language or consultation.language,
    )
    answer = Answer(**answer_values(given, meeting), revisions=[Revision(**revision_values(given, rules))])
    session.add(Response(**response_values(meeting, rules, Source.RAPPORTEUR), answers=[answer]))
    session.flush()
    session.add(
        SessionNote(
            answer_id=answer.id,
            consultation_id=consultation.id,
            meeting_id=meeting.id,
            session_id=None if session_of_meeting is None else session_of_meeting.id,
            voiced=voiced,
            position=position,
            written_by=by.id,
        )
    )
    session.flush()
    audit.record(session, "note_taken", user_id=by.id, consultation_id=consultation.id, subject=meeting.id)
    return answer
