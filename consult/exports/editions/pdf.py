"""The report as a PDF for reading and printing: tagged for screen readers (PDF/UA-1), its fonts inside.

`pdf.typ` sets the page from the outline as data: nobody's words are program text. The edition's day is the only time.
"""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from consult.exports.editions import fonts
from consult.exports.editions.contents import outlined
from consult.exports.editions.marks import Marks
from consult.exports.editions.outline import Heading, Outline, Paragraph, Quotation
from consult.exports.speaking import voice
from consult.reports.document import Document

_SETTER = Path(__file__).with_name("pdf.typ")
PREVIEW_SETTER = Path(__file__).with_name("preview.typ")
NAMED_IN_NOTE = 60


def render(document: Document, language: str | None = None) -> bytes:
    """The file. The same document gives the same bytes under the same version of typst."""
    outline = outlined(document, language)
    return compiled(_SETTER.read_bytes(), {"report": json.dumps(printable(outline))}, outline.day)


def compiled(source: bytes, inputs: dict[str, str], day: str) -> bytes:
    """A PDF from a setter and its data, on that day."""
    made = _compiler().compile(
        input=source,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(date.fromisoformat(day), time(), tzinfo=UTC),
    )
    assert isinstance(made, bytes)  # noqa: S101 (one PDF is one piece)
    return made


def picture(svg: str, *, dots_per_inch: int = 220) -> bytes:
    """A drawing as PNG, for formats that hold no SVG. One of its units is three quarters of a point."""
    source = (
        b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.drawing), format: "svg")'
    )
    return pictured(source, {"drawing": svg}, dots_per_inch=dots_per_inch)


def pictured(source: bytes, inputs: dict[str, str], *, dots_per_inch: int) -> bytes:
    """A page from a setter and its data, as PNG."""
    made = _compiler().compile(input=source, format="png", ppi=dots_per_inch, sys_inputs=inputs)
    assert isinstance(made, bytes)  # noqa: S101 (one page is one piece)
    return made


def printable(outline: Outline) -> dict[str, Any]:
    """The outline as plain data in which every character can be drawn, with a note of those that cannot."""
    marks = Marks()
    blocks = [_plain(block) for block in outline.blocks]
    whole = {**asdict(outline), "blocks": blocks}
    made: dict[str, Any] = _walk(whole, marks)
    made["blocks"] += [_walk(_plain(block), Marks()) for block in _note(marks, outline.language)]
    return made


def _plain(block: Any) -> dict[str, Any]:
    facts = {"kind": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Quotation):
        facts["rightwards"] = block.rightwards
    return facts


def _walk(value: Any, marks: Marks, key: str = "") -> Any:
    if isinstance(value, str):
        return marks.printable(value) if key != "svg" else value
    if isinstance(value, dict):
        return {name: _walk(inner, marks, name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(inner, marks, key) for inner in value]
    return value


def _note(marks: Marks, language: str) -> list[Heading | Paragraph]:
    """Which characters stand as marks in this file."""
    if not marks.named:
        return []
    speaking = voice(language)
    names = list(marks.named.items())
    told = "; ".join(f"U+{ord(character):04X} {name}" for character, name in names[:NAMED_IN_NOTE])
    more = len(names) - NAMED_IN_NOTE
    if more > 0:
        told += speaking.ngettext("; and %(count)s more", "; and %(count)s more", more)
    return [
        Heading(1, speaking.gettext("Characters that could not be printed")),
        Paragraph(
            speaking.gettext(
                "The fonts of this file lack some characters. Where one stood, its name stands in angled marks ‹…›. "
                "The web page, the Word file and the data files hold every character as it was written."
            )
        ),
        Paragraph(told + ".", "note"),
    ]


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(fonts.FOLDER), font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True)
