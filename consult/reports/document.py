"""The edition document: what every format and every public page renders from, and nothing else.

It is plain JSON, built from the published view and from figures that passed the gate. It holds no identifier of an
answer or a revision, no time finer than a day, and nobody's words that were not approved.
"""

import hashlib
import json
from typing import NotRequired, TypedDict, cast

from consult.analysis.disclosure.attendance import AttendanceEntry
from consult.analysis.disclosure.participation import MeetingParticipationEntry
from consult.analysis.disclosure.scales import QuantifierEntry
from consult.analysis.disclosure.themes import DifferenceEntry, ThemeEntry, ThemeTableEntry

SCHEMA = 1
FOR_RELEASE = "May be published"
"""What a file says of itself that anybody may read, as an English sentence of the catalogues."""


class EditionEntry(TypedDict):
    """`frozen_on` is a day, YYYY-MM-DD. `corrections`: how many quotes were taken out since, where any were.

    `handling` is the sentence that every page and file carries; without one the edition may be published.
    """

    number: int
    frozen_on: str
    corrections: NotRequired[int]
    handling: NotRequired[str]


class ConsultationEntry(TypedDict):
    """The consultation as its convenor describes it, in its own language."""

    slug: str
    title: str
    strapline: str
    programme: str
    convenor: str
    event: str
    language: str
    objectives: list[str]
    demonstration: bool
    licence: NotRequired[str]
    """Under which anybody may use it; without one, the convenor has stated none."""


class Figures(TypedDict):
    """The large numbers. Participants and countries are the convenor's where stated, else the roster's."""

    participants: int
    countries: int
    programme_directors: int
    meetings: int


class GroundRulesEntry(TypedDict):
    """The ground rules in force when the edition was frozen. Texts by language."""

    version: int
    mode: str
    ceiling: str
    smallest_group: int
    speaker: str
    affiliation: str
    attendance: str
    timing: str
    promise: dict[str, str]
    rules: dict[str, str]
    quantifiers: list[QuantifierEntry]


class AskingEntry(TypedDict):
    """A question at one meeting, in the wording asked there."""

    meeting: str
    version: int
    wording: str
    prompt: dict[str, str]


class QuestionEntry(TypedDict):
    """A question and where it was asked."""

    code: str
    kind: str
    askings: list[AskingEntry]


class LinkEntry(TypedDict):
    """Without an address it is still to be published."""

    kind: str
    title: str
    url: str | None


class SessionEntry(TypedDict):
    """A part of a meeting's programme."""

    title: str
    chair: str


class MeetingEntry(TypedDict):
    """A meeting, its dates as exactly as they are known."""

    slug: str
    title: str
    short_title: str
    starts_on: str
    ends_on: str
    precision: str
    venue: str
    sessions: list[SessionEntry]
    objectives: list[str]
    outcomes_heading: str
    outcomes: list[str]
    links: list[LinkEntry]


class Evidence(TypedDict):
    """The released share of one theme at one meeting, behind a takeaway. Its figures as in `ShareEntry`."""

    theme: str
    meeting: str
    percent: int
    quantifier: str
    under: NotRequired[int]
    over: NotRequired[int]


class TakeawayEntry(TypedDict):
    """A conclusion across meetings, and the figures that carry it.

    `dissent` are the shares of themes that speak against it; `quotes` are places in the document's quotes.
    """

    text: str
    themes: list[str]
    evidence: list[Evidence]
    dissent: NotRequired[list[Evidence]]
    quotes: NotRequired[list[int]]


class QuoteEntry(TypedDict):
    """One quotable text. Segments are [words, None] or ["", redaction kind]; `language` may be withheld, then empty.

    Where `withdrawn` is true its author has taken the words back: what is left is a `tombstone`.
    """

    meeting: str
    question: str
    segments: list[list[str | None]]
    text: str
    language: str
    attribution: str
    line: str
    themes: list[str]
    withdrawn: NotRequired[bool]


class SectionEntry(TypedDict):
    """A part of the report, in its place. `code` is one of PARTS, or names a text of the authors.

    `heading` stands in place of the usual one where it is not empty; `body` is Markdown in the consultation's language;
    `quotes` are places in the document's quotes.
    """

    code: str
    heading: str
    body: str
    quotes: list[int]


PARTS = (
    "numbers",
    "question",
    "takeaways",
    "themes",
    "meetings",
    "views",
    "method",
    "withheld",
    "attendance",
    "annexes",
)
"""The parts that an edition fills by itself, in the order of one that was never composed."""


class WithheldEntry(TypedDict):
    """What is not printed, counted by kind: answers, and for `redacted` pieces of printed answers."""

    rejected: dict[str, int]
    redacted: dict[str, int]
    aggregate_only: int
    not_for_use: int
    waiting: int


class Document(TypedDict):
    """The whole edition; where `part` names a meeting, that meeting's part of it alone."""

    schema: int
    edition: EditionEntry
    consultation: ConsultationEntry
    figures: Figures
    ground_rules: GroundRulesEntry
    questions: list[QuestionEntry]
    meetings: list[MeetingEntry]
    codebook: list[ThemeEntry]
    takeaways: list[TakeawayEntry]
    participation: list[MeetingParticipationEntry]
    at_several_meetings: int
    themes: list[ThemeTableEntry]
    differences: list[DifferenceEntry]
    quotes: list[QuoteEntry]
    withheld: WithheldEntry
    attendance: NotRequired[list[AttendanceEntry]]
    """Who took part, as the organisers publish it; absent where the ground rules keep it back, or there is no list."""
    notes: NotRequired[int]
    """How many rapporteurs' notes are approved, where there are any: the discussion is told after them."""
    sections: NotRequired[list[SectionEntry]]
    """What is printed, in this order; without it every one of PARTS."""
    part: NotRequired[str]
    quotes_in_all: NotRequired[int]
    """How many quotes the edition holds, where this is `abridged`."""


_TAKEN_BACK = {
    "en": "[withdrawn by its author]",
    "fr": "[retiré par son auteur]",
    "pl": "[wycofane przez autora]",
}


def tombstone(quote: QuoteEntry, language: str) -> QuoteEntry:
    """What stands in the place of words that their author took back: that they were there, and nothing of them."""
    return {
        "meeting": quote["meeting"],
        "question": quote["question"],
        "segments": [["", "withdrawn"]],
        "text": _TAKEN_BACK.get(language.partition("-")[0], _TAKEN_BACK["en"]),
        "language": "",
        "attribution": "",
        "line": "",
        "themes": [],
        "withdrawn": True,
    }


STORY = "story"
"""Under this name the abridged document is kept beside an edition's files; it is no file for anybody."""
PREVIEW = "preview"
"""Under this name the picture is kept that stands for it where somebody shares its address."""
SHORT = 280
"""Code points of a view that the story page may set large; longer ones are for the report."""
KEPT_OF_EACH = 30


def abridged(document: Document) -> Document:
    """What the story page prints from: the first quotes to each question at a meeting, and the first short ones there.

    An edition of a million answers is then read and shown as quickly as one of a hundred.
    """
    taken: dict[tuple[str, ...], int] = {}
    quotes: list[QuoteEntry] = []
    places: dict[int, int] = {}
    picked = _picked(document)
    for place, quote in enumerate(document["quotes"]):
        if quote.get("withdrawn"):
            continue
        piles: list[tuple[str, ...]] = [(quote["meeting"], quote["question"])]
        if len(quote["text"]) <= SHORT:
            piles.append((quote["meeting"],))
        wanted = [pile for pile in piles if taken.get(pile, 0) < KEPT_OF_EACH]
        for pile in wanted:
            taken[pile] = taken.get(pile, 0) + 1
        if wanted or place in picked:
            places[place] = len(quotes)
            quotes.append(quote)
    return {**with_places(document, quotes, places), "quotes_in_all": len(document["quotes"])}


def _picked(document: Document) -> set[int]:
    """Places of the quotes that a section or a takeaway names."""
    sections = (section["quotes"] for section in document.get("sections", []))
    takeaways = (takeaway.get("quotes", []) for takeaway in document["takeaways"])
    return {place for places in (*sections, *takeaways) for place in places}


def with_places(document: Document, quotes: list[QuoteEntry], places: dict[int, int]) -> Document:
    """The document with fewer quotes; `places`: old place → new one. What names a quote that is gone no longer does."""
    changed: Document = {**document, "quotes": quotes}
    changed["takeaways"] = [
        {**takeaway, "quotes": [places[place] for place in takeaway["quotes"] if place in places]}
        if "quotes" in takeaway
        else takeaway
        for takeaway in document["takeaways"]
    ]
    if "sections" in document:
        changed["sections"] = [
            {**section, "quotes": [places[place] for place in section["quotes"] if place in places]}
            for section in document["sections"]
        ]
    return changed


def canonical(document: Document) -> str:
    """The one way to write it: sorted keys, no blanks, UTF-8 letters as they are."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def document_hash(text: str) -> str:
    """SHA-256 in hex of the canonical text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def parsed(text: str) -> Document:
    """The document that `canonical` wrote."""
    return cast(Document, json.loads(text))
