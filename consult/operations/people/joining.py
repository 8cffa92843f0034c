"""A meeting's join code as directors keep it: off until one of them switches it on, and what its poster says."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Mode
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.rules import in_language
from consult.core import audit
from consult.core.errors import Refused
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at
from consult.moderation.published import participation_facts
from consult.participants.actions import close_join_code, open_join_code
from consult.participants.queries import join_code_of


@dataclass(frozen=True)
class Joining:
    """Where a meeting stands: its code, or none where it never had one; whether it is taken; how many joined by it."""

    code: str
    open: bool
    joined: int


def joined_at(session: Session, consultation: Consultation) -> dict[str, int]:
    """Meeting → how many joined by its code; meetings where nobody did are not there."""
    return {
        row.meeting_id: row.joined
        for row in participation_facts(session, consultation).meetings
        if row.joined
    }


def joining(session: Session, consultation: Consultation, meeting: Meeting, *, seal: Seal) -> Joining:
    """See Joining. What still waits for company is not counted, so that the count moves in batches as the desk does."""
    found = join_code_of(session, meeting)
    code = seal.join_code(meeting.id, found.round) if found else ""
    return Joining(code, bool(found and found.open), joined_at(session, consultation).get(meeting.id, 0))


def switch_on(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    meeting: Meeting,
    *,
    seal: Seal,
    fresh: bool,
    by: User,
) -> None:
    """Take the meeting's join code from now on. Raises Refused where answers have names."""
    if rules.mode is Mode.ATTRIBUTED:
        raise Refused("Here answers have names, and a join code has none. Send invitations instead.")
    open_join_code(session, meeting, seal=seal, fresh=fresh)
    audit.record(
        session,
        "join_code_renewed" if fresh else "join_code_opened",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=meeting.id,
    )


def switch_off(session: Session, consultation: Consultation, meeting: Meeting, *, by: User) -> None:
    """Take it no longer; what came in stays."""
    close_join_code(session, meeting)
    audit.record(
        session, "join_code_closed", user_id=by.id, consultation_id=consultation.id, subject=meeting.id
    )


def asked_in(session: Session, consultation: Consultation, meeting: Meeting, language: str) -> str:
    """What the poster asks: the meeting's first question."""
    askings = askings_at(session, meeting)
    if not askings:
        raise Refused("Nothing is asked at this meeting yet, so there is no poster.")
    return in_language(askings[0].wording.prompt, language, consultation.language)
