"""Who took part, as numbers. People invited, meetings and staff are facts; how many answered needs a base."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import GIVEN, Withheld
from consult.analysis.disclosure.told.printed import Counted, Told
from consult.analysis.disclosure.told.publishing import Publishing
from consult.consultations.models import Consultation, GroundRules


class MeetingParticipationEntry(TypedDict):
    """A row in a document; `meeting` is a slug, or None for all. A number that is not given is None."""

    meeting: str | None
    invited: int
    answered: int | None
    approved: int | None
    withheld: str
    joined: NotRequired[int | None]
    """Not in editions that were frozen before those who joined were counted apart."""
    supplementary: NotRequired[int]


@dataclass(frozen=True)
class MeetingParticipation:
    """One meeting's numbers, or those of all where `meeting` is None."""

    meeting: str | None
    invited: int
    answered: int | None
    """Responses received of those invited, whatever their source; rapporteurs' notes are none."""
    approved: int | None
    """Responses, of those who joined too, with an approved answer that may be counted, be it in words or a choice."""
    withheld: str
    joined: int | None
    """Responses of people at the meeting, invited or not, by the code on its poster: in no response rate."""
    supplementary: int
    """Of the invitations, those made anew in place of one whose link was lost."""

    def to_document(self) -> MeetingParticipationEntry:
        return {
            "meeting": self.meeting,
            "invited": self.invited,
            "answered": self.answered,
            "approved": self.approved,
            "withheld": self.withheld,
            "joined": self.joined,
            "supplementary": self.supplementary,
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
    """Invited, answered and approved per meeting and over all. A number from 1 to 9 is not given.

    Nor is one that differs by so few from what an earlier publication gave: then the earlier one stands.
    """
    return released_participation(Publishing(session, consultation, rules))


def released_participation(publishing: Publishing) -> ReleasedParticipation:
    """The same of figures that are at hand."""
    facts = publishing.participation
    invited = {publishing.slugs[row.meeting_id]: row.invited for row in facts.meetings}
    answered = publishing.answered(
        {publishing.slugs[row.meeting_id]: row.responses for row in facts.meetings}
    )
    approved = publishing.approved
    joined = publishing.joined({publishing.slugs[row.meeting_id]: row.joined for row in facts.meetings})
    made_anew = {publishing.slugs[row.meeting_id]: row.supplementary for row in facts.meetings}
    rows = [
        _row(
            slug,
            number,
            (answered, answered.meetings.get(slug)),
            (approved, approved.meetings.get(slug)),
            joined=_number(slug, joined, joined.meetings.get(slug))[0],
            supplementary=made_anew[slug],
        )
        for slug, number in invited.items()
    ]
    several = [row.joined for row in rows]
    everybody = (answered, answered.total), (approved, approved.total)
    rows.append(
        _row(
            None,
            sum(invited.values()),
            *everybody,
            joined=None if None in several else sum(number or 0 for number in several),
            supplementary=sum(made_anew.values()),
        )
    )
    return ReleasedParticipation(
        people=facts.people,
        countries=facts.countries,
        at_several_meetings=facts.at_several_meetings,
        meetings=tuple(rows),
    )


Number = tuple[Told, Counted | None]


def _row(
    meeting: str | None,
    invited: int,
    answered: Number,
    approved: Number,
    *,
    joined: int | None,
    supplementary: int,
) -> MeetingParticipation:
    numbers = [_number(meeting, *each) for each in (answered, approved)]
    why = next((why for _number, why in numbers if why not in GIVEN), Withheld.NOT_WITHHELD)
    return MeetingParticipation(
        meeting, invited, numbers[0][0], numbers[1][0], why.value, joined, supplementary
    )


def _number(meeting: str | None, told: Told, counted: Counted | None) -> tuple[int | None, Withheld]:
    """A number and why it is not given. That there is nobody may be said."""
    if counted is not None:
        return counted.base, Withheld.NOT_WITHHELD
    why = told.why_total if meeting is None else told.why.get(meeting, Withheld.NO_ANSWERS)
    return (0 if why is Withheld.NO_ANSWERS else None), why
