"""Who took part, as numbers. People invited, meetings and staff are facts; how many answered needs a base."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import GIVEN, Withheld, base_withheld, total_withheld
from consult.consultations.models import Consultation, GroundRules
from consult.meetings.queries import meetings_of
from consult.moderation.published import participation_facts


class MeetingParticipationEntry(TypedDict):
    """A row in a document; `meeting` is a slug, or None for all. A number that is not given is None."""

    meeting: str | None
    invited: int
    answered: int | None
    approved: int | None
    withheld: str


@dataclass(frozen=True)
class MeetingParticipation:
    """One meeting's numbers, or those of all where `meeting` is None."""

    meeting: str | None
    invited: int
    answered: int | None
    """Responses received, whatever their source; rapporteurs' notes are none."""
    approved: int | None
    """Of these, those with an approved answer that may be counted: the base of the theme tables."""
    withheld: str

    def to_document(self) -> MeetingParticipationEntry:
        return {
            "meeting": self.meeting,
            "invited": self.invited,
            "answered": self.answered,
            "approved": self.approved,
            "withheld": self.withheld,
        }


class ParticipationEntry(TypedDict):
    """Participation in a document."""

    people: int
    countries: int
    at_several_meetings: int
    meetings: list[MeetingParticipationEntry]


@dataclass(frozen=True)
class ReleasedParticipation:
    """The roster's size, and `meetings` in their order with all of them last."""

    people: int
    countries: int
    at_several_meetings: int
    meetings: tuple[MeetingParticipation, ...]

    def to_document(self) -> ParticipationEntry:
        return {
            "people": self.people,
            "countries": self.countries,
            "at_several_meetings": self.at_several_meetings,
            "meetings": [meeting.to_document() for meeting in self.meetings],
        }


def release_participation(
    session: Session, consultation: Consultation, rules: GroundRules
) -> ReleasedParticipation:
    """Invited, answered and approved per meeting and over all. A number from 1 to 9 is not given."""
    smallest = rules.smallest_group
    facts = participation_facts(session, consultation)
    slugs = {meeting.id: meeting.slug for meeting in meetings_of(session, consultation)}
    rows = [
        _row(
            slugs[row.meeting_id],
            row.invited,
            (row.responses, base_withheld(row.responses, smallest)),
            (row.approved, base_withheld(row.approved, smallest)),
        )
        for row in facts.meetings
    ]
    rows.append(
        _row(
            None,
            sum(row.invited for row in facts.meetings),
            _total([row.responses for row in facts.meetings], smallest),
            _total([row.approved for row in facts.meetings], smallest),
        )
    )
    return ReleasedParticipation(
        people=facts.people,
        countries=facts.countries,
        at_several_meetings=facts.at_several_meetings,
        meetings=tuple(rows),
    )


def _total(numbers: Sequence[int], smallest: int) -> tuple[int, Withheld]:
    return sum(numbers), total_withheld(numbers, smallest)


def _row(
    meeting: str | None, invited: int, answered: tuple[int, Withheld], approved: tuple[int, Withheld]
) -> MeetingParticipation:
    why = next((why for _number, why in (answered, approved) if why not in GIVEN), Withheld.NOT_WITHHELD)
    return MeetingParticipation(meeting, invited, _number(*answered), _number(*approved), why.value)


def _number(number: int, why: Withheld) -> int | None:
    return number if why in GIVEN else None
