"""What a report says, part by part, before it has a format: PDF, Word and Markdown all print these blocks.

Nothing is counted here and no words are added to anybody's: a block holds what the edition holds, made readable.
"""

import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A section's title. Level 1 is a part of the report."""

    level: int
    text: str
    numbered: bool = True
    language: str = ""
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running words; `style` is body, lead, note, label, asked or promise. `language` only where not the report's."""

    text: str
    style: str = "body"
    language: str = ""


@dataclass(frozen=True)
class Numbers:
    """Large figures, each (value, what it counts)."""

    items: list[tuple[str, str]]


@dataclass(frozen=True)
class Listing:
    """A list, numbered if `ordered`."""

    items: list[str]
    ordered: bool = False
    language: str = ""


@dataclass(frozen=True)
class Table:
    """Text cells; the first column names the row, the others are figures if `numeric`."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numeric: bool = True
    widths: list[int] = field(default_factory=list)
    """Shares of the width; even ones if empty."""


@dataclass(frozen=True)
class Chart:
    """A drawing and the sentence that says what it shows."""

    svg: str
    alt: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True)
class Quotation:
    """A view: `segments` as (words, kind or None), or a mark in its place where `withdrawn`."""

    segments: list[tuple[str, str | None]]
    line: str
    language: str
    withdrawn: bool = False

    @property
    def rightwards(self) -> bool:
        """Whether its first letter belongs to a script that runs from right to left."""
        for words, _kind in self.segments:
            for character in words:
                direction = unicodedata.bidirectional(character)
                if direction in {"L", "R", "AL"}:
                    return direction != "L"
        return False


@dataclass(frozen=True)
class Takeaway:
    """A numbered conclusion and the sentences that carry it."""

    number: int
    text: str
    evidence: list[str]
    language: str = ""


@dataclass(frozen=True)
class Facts:
    """Pairs of what and how."""

    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Links:
    """A meeting's links as (kind, title, address); an empty address is to be published."""

    items: list[tuple[str, str, str]]
    to_come: str
    language: str = ""


@dataclass(frozen=True)
class Run:
    """Some words of prose, set one way; with an `address` they lead there."""

    text: str
    strong: bool = False
    emphasis: bool = False
    address: str = ""


@dataclass(frozen=True)
class Prose:
    """A paragraph of the authors' own: `style` is body, quote, item or number, the last with its `number`."""

    runs: list[Run]
    style: str = "body"
    number: int = 0
    language: str = ""


Block = Prose | Heading | Paragraph | Numbers | Listing | Table | Chart | Quotation | Takeaway | Facts | Links


@dataclass(frozen=True)
class Cover:
    """The first page."""

    above: str
    title: str
    below: str
    edition: str
    convenor: str
    demonstration: str
    corrected: str


@dataclass(frozen=True)
class Outline:
    """A report in one language. `day` is the edition's, YYYY-MM-DD, and the only time there is."""

    language: str
    own_language: str
    title: str
    short_title: str
    convenor: str
    edition: str
    day: str
    handling: str
    contents: str
    of_pages: str
    cover: Cover
    blocks: list[Block]
