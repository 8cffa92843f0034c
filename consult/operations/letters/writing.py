"""Letters, posters and cards as PDF. Pure: what varies is data, never markup; a glyph that no font has is a box."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import segno
import typst

import consult.exports
from consult.settings import folder

FONTS = Path(consult.exports.__file__).parent / "editions" / "fonts"
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the file as its date, so that the same letters are the same bytes and say nothing of when."""


@dataclass(frozen=True)
class Letterhead:
    """One person's invitation on paper, with its words in the person's language."""

    language: str
    name: str
    convenor: str
    asked: str
    scan: str
    address: str
    then_type: str
    code: str
    promise: str
    help: str
    link: str
    """What the picture holds."""


@dataclass(frozen=True)
class Poster:
    """A meeting's poster in one language. Its code is everybody's."""

    language: str
    paper: str
    """"a3" or "a4"."""
    convenor: str
    meeting: str
    question: str
    scan: str
    address: str
    then_type: str
    code: str
    promise: str
    link: str


@dataclass(frozen=True)
class AskedOnCard:
    """One question on a card: boxes to tick where it has options, else lines to write on."""

    prompt: str
    help_text: str
    options: tuple[str, ...] = ()
    words: bool = True
    """Whether it has lines."""


@dataclass(frozen=True)
class Card:
    """A card to write on, in one language. It asks for no name and has no room for one."""

    language: str
    convenor: str
    meeting: str
    promise: tuple[str, ...]
    asked: tuple[AskedOnCard, ...]
    use: str
    """The question how words may be used; empty where nothing takes words."""
    uses: tuple[tuple[str, str], ...]
    """(what the step is called, what it allows), each with a box."""
    consent: str
    """Beside the box without which the card is not entered."""
    afterwards: str


def card_pdf(card: Card) -> bytes:
    """One card, on A5 sheets: as many as its questions need."""
    return _compiled("card", asdict(card))


def letters_pdf(letters: Sequence[Letterhead]) -> bytes:
    """One letter a sheet, in the order given."""
    return _compiled("letter", [asdict(letter) | {"picture": _picture(letter.link)} for letter in letters])


def poster_pdf(poster: Poster) -> bytes:
    """One sheet."""
    return _compiled("poster", asdict(poster) | {"picture": _picture(poster.link)})


def _picture(link: str) -> str:
    """The QR code as rows of 0 and 1, without its margin, which the sheet gives."""
    matrix = segno.make(link, error="m").matrix
    return "\n".join("".join("1" if dark else "0" for dark in row) for row in matrix)


def _compiled(name: str, content: object) -> bytes:
    source = folder("templates") / "letters" / f"{name}.typ"
    written: bytes = typst.compile(
        source,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content)},
        timestamp=_WRITTEN,
    )
    return written
