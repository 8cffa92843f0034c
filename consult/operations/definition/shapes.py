"""What a definition says, once it is known to be whole."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from consult.consultations.enums import Attribution, Mode, Switch, Timing
from consult.consultations.models import BREAKDOWN, Translations
from consult.meetings.enums import DatePrecision, LinkKind
from consult.responses.enums import Voiced


@dataclass(frozen=True)
class GroundRulesPart:
    mode: Mode
    ceiling: Attribution
    smallest_group: int
    speaker: Switch
    affiliation: Switch
    attendance: Switch
    timing: Timing
    grace_minutes: int
    promise: Translations
    rules_text: Translations
    breakdown: list[str] = field(default_factory=lambda: list(BREAKDOWN))
    people_kept_months: int | None = None
    answers_kept_months: int | None = None


@dataclass(frozen=True)
class LinkPart:
    kind: LinkKind
    title: str
    url: str | None
    to_be_published: bool


@dataclass(frozen=True)
class SessionPart:
    title: str
    chair: str


@dataclass(frozen=True)
class AttendeePart:
    name: str
    description: str


@dataclass(frozen=True)
class MeetingPart:
    slug: str
    title: str
    short_title: str
    starts_on: date
    ends_on: date
    precision: DatePrecision
    venue: str
    time_zone: str
    objectives: list[str]
    outcomes_heading: str
    outcomes: list[str]
    links: list[LinkPart]
    sessions: list[SessionPart]
    attendees: list[AttendeePart] = field(default_factory=list)


@dataclass(frozen=True)
class WordingPart:
    version: int
    prompt: Translations
    help_text: Translations


@dataclass(frozen=True)
class QuestionPart:
    code: str
    kind: str
    required: bool
    max_length: int
    page: int
    settings: dict[str, Any]
    condition: dict[str, Any] | None
    wordings: list[WordingPart]


@dataclass(frozen=True)
class AskingPart:
    question: str
    meeting: str
    wording: int
    session: str = ""
    """Title of the session it belongs to, where it belongs to one."""


@dataclass(frozen=True)
class TakeawayPart:
    text: str
    themes: list[str]


@dataclass(frozen=True)
class ThemePart:
    code: str
    title: str
    description: str
    parent: str | None
    drawn_from: str
    includes: str | None = None
    """None, here and below, leaves what a coder was told as it stands."""
    excludes: str | None = None
    examples: tuple[str, ...] | None = None
    colour: str | None = None


@dataclass(frozen=True)
class NotePart:
    """A rapporteur's note; without a session it is about the whole meeting."""

    meeting: str
    session: str
    text: str
    voiced: Voiced
    language: str


@dataclass(frozen=True)
class DirectorPart:
    name: str
    email: str


@dataclass(frozen=True)
class Definition:
    """A consultation as a file defines it. Everything it refers to is in it."""

    slug: str
    title: str
    strapline: str
    programme: str
    convenor: str
    event: str
    language: str
    languages: list[str]
    help_contact: str
    objectives: list[str]
    opens_at: datetime | None
    closes_at: datetime | None
    stated_participants: int | None
    stated_countries: int | None
    ground_rules: GroundRulesPart
    country_groups: dict[str, list[str]]
    second_approval: bool
    reason_labels: dict[str, str]
    directors: list[DirectorPart] = field(default_factory=list)
    meetings: list[MeetingPart] = field(default_factory=list)
    questions: list[QuestionPart] = field(default_factory=list)
    askings: list[AskingPart] = field(default_factory=list)
    takeaways: list[TakeawayPart] = field(default_factory=list)
    themes: list[ThemePart] = field(default_factory=list)
    notes: list[NotePart] = field(default_factory=list)
    licence: str = ""
