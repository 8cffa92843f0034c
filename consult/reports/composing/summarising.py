"""The first draft of a summary: how it begins, and each meeting and session in prose. A person edits it."""

from collections.abc import Mapping, Sequence

from consult.analysis.disclosure.attendance import AttendanceEntry
from consult.consultations.models import Consultation
from consult.core.errors import N_
from consult.meetings.enums import DatePrecision
from consult.meetings.models import Meeting
from consult.moderation.published import PublishedNote
from consult.reports.composing.shapes import Drafted, Told
from consult.reports.composing.telling import told_in_prose

NAMED = 12
"""A longer list is left to the part of its own."""


_HELD = {
    DatePrecision.DAY: N_("On %(when)s %(convenor)s held “%(title)s”."),
    DatePrecision.MONTH: N_("In %(when)s %(convenor)s held “%(title)s”."),
}
_HELD_THEN = N_("%(convenor)s held “%(title)s” (%(when)s).")
_CONVENOR = N_("The convenor")
_AMONG = N_("Among those who took part were %(people)s.")
_LAST = N_("%(others)s; and %(last)s")


def drafted_from(
    consultation: Consultation,
    meetings: Sequence[Meeting],
    *,
    counted: Mapping[str, str],
    notes: Sequence[PublishedNote],
    when: Mapping[str, str],
    attendance: Sequence[AttendanceEntry],
    told: Told,
) -> Drafted:
    """`counted`: meeting slug → prose from its counts, where there are any. `when`: its dates in words."""
    whole = {
        meeting.slug: told_in_prose(
            [one for one in notes if one.meeting_id == meeting.id and one.session_id is None], told
        )
        for meeting in meetings
    }
    alone = len(meetings) == 1 and not counted
    opening = _introduction(consultation, meetings, when, attendance, told)
    if alone and (more := whole[meetings[0].slug]):
        opening, whole = f"{opening}\n\n{more}", {}
    sessions = {
        part.id: told_in_prose([one for one in notes if one.session_id == part.id], told)
        for meeting in meetings
        for part in meeting.sessions
    }
    texts = {
        slug: "\n\n".join(text for text in (counted.get(slug, ""), whole.get(slug, "")) if text)
        for slug in when
    }
    return Drafted(opening, texts, sessions, counted=bool(counted))


def _introduction(
    consultation: Consultation,
    meetings: Sequence[Meeting],
    when: Mapping[str, str],
    attendance: Sequence[AttendanceEntry],
    told: Told,
) -> str:
    """When, who, what about; and who took part, where the ground rules open a list that is short enough."""
    lines = [
        told(_HELD_THEN if meeting.starts_on != meeting.ends_on else _HELD.get(meeting.precision, _HELD_THEN))
        % {
            "when": when[meeting.slug],
            "convenor": consultation.convenor or told(_CONVENOR),
            "title": meeting.title,
        }
        for meeting in meetings
    ]
    if consultation.strapline:
        lines.append(consultation.strapline)
    paragraphs = [" ".join(lines)]
    people = [person for entry in attendance for person in entry["people"]]
    if 0 < len(people) <= NAMED:
        named = [", ".join(part for part in (one["name"], one["description"]) if part) for one in people]
        paragraphs.append(told(_AMONG) % {"people": _and(named, told)})
    return "\n\n".join(paragraphs)


def _and(names: Sequence[str], told: Told) -> str:
    if len(names) < 2:
        return "".join(names)
    return told(_LAST) % {"others": "; ".join(names[:-1]), "last": names[-1]}
