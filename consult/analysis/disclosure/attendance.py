"""The list of those who took part, as the organisers publish it, and only while the ground rules open it.

It is the organisers' own list: no invitation, answer or roster stands behind it, so nothing can be counted from it.
"""

from collections.abc import Sequence
from typing import TypedDict

from consult.consultations.enums import Switch
from consult.consultations.models import GroundRules
from consult.meetings.models import Meeting


class PersonEntry(TypedDict):
    """Somebody on the list; `description` is what the organisers say of the person, or empty."""

    name: str
    description: str


class AttendanceEntry(TypedDict):
    """One meeting's list in a document."""

    meeting: str
    people: list[PersonEntry]


def release_attendance(meetings: Sequence[Meeting], rules: GroundRules) -> list[AttendanceEntry]:
    """The lists of these meetings that have one; none where the ground rules do not reveal who took part."""
    if rules.attendance is not Switch.OPEN:
        return []
    return [
        {
            "meeting": meeting.slug,
            "people": [{"name": one.name, "description": one.description} for one in meeting.attendees],
        }
        for meeting in meetings
        if meeting.attendees
    ]
