"""Two shapes to start from: the story of a consultation, and a summary in prose, session by session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consult.core.errors import N_
from consult.meetings.models import Meeting

Told = Callable[[str], str]
INTRODUCTION = N_("Introduction")


class Shape(StrEnum):
    """What a report begins as; afterwards it is whatever its authors make of it."""

    STORY = "story"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Part:
    """A section to begin with; `code` "" is a text."""

    code: str
    hidden: bool = False
    heading: str = ""
    body: str = ""
    meeting_id: str | None = None


STORY = (
    Part("numbers"),
    Part("question"),
    Part("views"),
    Part("takeaways"),
    Part("meetings"),
    Part("themes"),
    Part("method"),
    Part("withheld"),
    Part("attendance"),
    Part("annexes"),
)


@dataclass(frozen=True)
class Drafted:
    """What a summary begins with: an introduction, and prose by meeting slug and by session identifier."""

    introduction: str
    meetings: Mapping[str, str]
    sessions: Mapping[str, str]
    counted: bool = True
    """Whether anybody's answers are counted; a report on a discussion alone has no figures to show."""


def summary(meetings: Sequence[Meeting], drafted: Drafted, told: Told) -> list[Part]:
    """A text for each meeting, drafted from counts and notes, and one for each of its sessions, from its notes.

    Where there is one meeting with sessions and nothing else to tell of it, its introduction stands for it. Figures,
    method and what was withheld stay; charts and the list of views are hidden.
    """
    alone = len(meetings) == 1 and bool(meetings[0].sessions) and not drafted.meetings.get(meetings[0].slug)
    parts = [Part("", heading=told(INTRODUCTION), body=drafted.introduction)]
    for meeting in meetings:
        body = drafted.meetings.get(meeting.slug, "")
        if not alone:
            parts.append(Part("", heading=meeting.title, body=body, meeting_id=meeting.id))
        parts += [
            Part("", heading=one.title, body=drafted.sessions.get(one.id, ""), meeting_id=meeting.id)
            for one in meeting.sessions
        ]
    return [
        *parts,
        Part("takeaways"),
        Part("attendance"),
        Part("numbers", hidden=not drafted.counted),
        Part("question", hidden=not drafted.counted),
        Part("themes", hidden=True),
        Part("meetings", hidden=True),
        Part("views", hidden=True),
        Part("method"),
        Part("withheld"),
        Part("annexes"),
    ]
