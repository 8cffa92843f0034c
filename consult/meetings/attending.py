"""The organisers' list of those who took part. Kept only where the ground rules open it; nothing leads from it."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Switch
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core import audit
from consult.core.errors import Refused
from consult.meetings.models import Attendee, Meeting

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 300
MOST_PEOPLE = 1000


def listed(lines: Sequence[str]) -> list[tuple[str, str]]:
    """What was written, a person a line, as (name, what is said of the person): parted at the first comma."""
    parted = (line.partition(",") for line in lines)
    return [
        (name.strip()[:LONGEST_NAME], more.strip()[:LONGEST_DESCRIPTION])
        for name, _comma, more in parted
        if name.strip()
    ]


def written(meeting: Meeting) -> str:
    """The list as it is written, a person a line."""
    people = sorted(meeting.attendees, key=lambda one: one.position)
    return "\n".join(", ".join(part for part in (one.name, one.description) if part) for one in people)


def set_attendees(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    people: Sequence[tuple[str, str]],
    *,
    by: User,
) -> None:
    """Put this list in the place of the one that stands. Raises Refused where the ground rules close it."""
    if people and ground_rules_in_force(session, consultation).attendance is not Switch.OPEN:
        raise Refused("The ground rules do not reveal who took part, so no list is kept.")
    session.execute(delete(Attendee).where(Attendee.meeting_id == meeting.id))
    session.add_all(
        Attendee(meeting_id=meeting.id, position=position, name=name, description=description)
        for position, (name, description) in enumerate(people, start=1)
    )
    session.flush()
    session.expire(meeting, ["attendees"])
    audit.record(
        session,
        "attendees_set",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=meeting.id,
        number=len(people),
    )
