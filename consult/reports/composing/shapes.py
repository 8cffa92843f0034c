"""Two shapes to start from: the story of a consultation, and a summary in prose, meeting by meeting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consult.analysis.disclosure.prose import Paragraph
from consult.meetings.models import Meeting

Told = Callable[[str], str]
INTRODUCTION = "Introduction"


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
    Part("annexes"),
)


def summary(meetings: Sequence[Meeting], drafted: Mapping[str, Paragraph], told: Told) -> list[Part]:
    """A text for each meeting, its first paragraph drafted from the counts, and one for each of its sessions.

    Figures, method and what was withheld stay; charts and the list of views are hidden.
    """
    parts = [Part("", heading=told(INTRODUCTION)), Part("numbers"), Part("question")]
    for meeting in meetings:
        body = drafted[meeting.slug].text if meeting.slug in drafted else ""
        parts.append(Part("", heading=meeting.title, body=body, meeting_id=meeting.id))
        parts += [Part("", heading=session.title, meeting_id=meeting.id) for session in meeting.sessions]
    return [
        *parts,
        Part("takeaways"),
        Part("themes", hidden=True),
        Part("meetings", hidden=True),
        Part("views", hidden=True),
        Part("method"),
        Part("withheld"),
        Part("annexes"),
    ]
