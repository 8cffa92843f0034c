"""What pages and files print of an edition: its figures as bars, its quotes with their meeting, its dates in words."""

from dataclasses import dataclass, field

from consult.analysis.disclosure import Rounded
from consult.exports.rates import rate
from consult.reports.document import PARTS, Document, MeetingEntry


@dataclass(frozen=True)
class QuoteView:
    """A quotable text as a page sets it; `segments` only where words were taken out."""

    text: str
    line: str
    language: str
    segments: list[tuple[str, str | None]] | None
    withdrawn: bool = False
    """A mark in the place of words that their author took back."""


@dataclass(frozen=True)
class LinkView:
    """A meeting's link; without an address it is to be published."""

    kind: str
    title: str
    url: str | None


@dataclass(frozen=True)
class AskedView:
    """One question of a meeting, in the words used there, and every view that answers it."""

    prompts: list[str]
    views: list[QuoteView]


@dataclass(frozen=True)
class MeetingView:
    """A meeting with its questions and their views. `views` are a few of them for the story."""

    entry: MeetingEntry
    when: str
    heading: str
    asked: list[AskedView]
    links: list[LinkView]
    views: list[QuoteView]
    more: list[QuoteView]
    """Some that unfold beneath those."""
    invited: int | None
    answered: int | None
    approved: int | None

    @property
    def response_rate(self) -> Rounded | None:
        """Per cent; None where a figure it needs is held back."""
        return rate(self.invited, self.answered)


@dataclass(frozen=True)
class BarValue:
    """One bar: `share` is None where the figure is withheld, and `text` says so."""

    share: int | None
    text: str
    count: str | None


@dataclass(frozen=True)
class BarRow:
    """A theme's bars, one for each series."""

    label: str
    values: list[BarValue]


@dataclass(frozen=True)
class Bars:
    """Themes side by side; an empty `rows` where nothing could be released."""

    series: list[str]
    rows: list[BarRow]
    bases: list[tuple[str, int | None, str, int | None]]

    finding: str = ""
    """What a drawing of them shows, in a few sentences, for whoever cannot see it."""


@dataclass(frozen=True)
class EvidenceView:
    """One theme behind a takeaway: its title, and its released share at each meeting as (month, share, word)."""

    title: str
    shares: list[tuple[str, Rounded, str]]


@dataclass(frozen=True)
class TakeawayView:
    """A numbered conclusion, the figures that carry it, those that speak against it, and answers picked for it."""

    text: str
    evidence: list[EvidenceView]
    dissent: list[EvidenceView]
    quotes: list[QuoteView]


@dataclass(frozen=True)
class SectionView:
    """A part of the report in its place: `heading` "" for the usual one, `body` Markdown, answers picked for it."""

    code: str
    heading: str
    body: str
    quotes: list[QuoteView]

    @property
    def is_text(self) -> bool:
        """Whether it is its authors' own, and nothing else."""
        return self.code not in PARTS


@dataclass(frozen=True)
class ParticipationRow:
    """Invited, answered and approved, at one meeting or across all; None for what is held back."""

    label: str
    values: tuple[int | None, int | None, int | None]
    joined: int | None = 0
    """By the meeting's code, invited or not; None for too few to print."""

    @property
    def response_rate(self) -> Rounded | None:
        """Per cent, of two figures that are printed beside it; None where one of them is held back."""
        return rate(self.values[0], self.values[1])


@dataclass(frozen=True)
class Story:
    """Everything that the story page and the report print."""

    document: Document
    language: str
    frozen_on: str
    handling: str
    """How the report may travel."""
    questions: list[tuple[str, str]]
    """(wording, where it was asked), each wording once."""
    meetings: list[MeetingView]
    participation: list[ParticipationRow]
    wall: list[QuoteView]
    takeaways: list[TakeawayView]
    by_meeting: Bars
    overall: Bars
    promise: str
    rules: str
    mode: str
    ceiling: str
    timing: str
    quantifiers: list[tuple[str, int, int]]
    rejected: list[tuple[str, int]]
    redacted: list[tuple[str, int]]
    sections: list[SectionView]
    by_theme: list[tuple[str, list[QuoteView]]] = field(default_factory=list)
    """(theme, some of the views that were given it), as far as the edition prints with a view what it names."""
    attendance: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    """(meeting, [(name, what the organisers say of the person)]); empty where no list is published."""

    @property
    def composed(self) -> bool:
        """Whether somebody composed it; else it is printed as an edition fills itself."""
        return "sections" in self.document

    def section(self, code: str) -> SectionView:
        """The part with that code; one that is hidden has no words of its own."""
        return next((one for one in self.sections if one.code == code), SectionView(code, "", "", []))

    def shows(self, code: str) -> bool:
        """Whether that part is printed."""
        return any(one.code == code for one in self.sections)

    @property
    def notes(self) -> int:
        """How many rapporteurs' notes stand behind it."""
        return self.document.get("notes", 0)

    @property
    def counted(self) -> bool:
        """Whether anybody's answers are counted in it."""
        return any(row["answered"] != 0 for row in self.document["participation"])

    @property
    def expected(self) -> bool:
        """Whether anybody was asked to answer: of a meeting that is told from notes alone nobody was."""
        return any(row.values[:2] != (0, 0) or row.joined != 0 for row in self.participation)

    @property
    def joined_somewhere(self) -> bool:
        """Whether anybody joined at a meeting by its code."""
        return any(row.joined != 0 for row in self.participation)

    @property
    def supplementary(self) -> int:
        """Invitations made anew in place of one whose link was lost."""
        rows = self.document["participation"]
        return sum(row.get("supplementary", 0) for row in rows if row["meeting"] is None)

    @property
    def foreign(self) -> bool:
        """Whether the document is in another language than the page."""
        return self.document["consultation"]["language"] != self.language

    @property
    def views_in_all(self) -> int:
        """How many views the edition holds."""
        return self.document.get("quotes_in_all", len(self.document["quotes"]))

    @property
    def own(self) -> str:
        """The language of the convenor's words where it is not the page's, else nothing."""
        return self.document["consultation"]["language"] if self.foreign else ""
