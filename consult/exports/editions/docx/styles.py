"""The styles of a Word report. A convenor changes one in Word and the whole file follows."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from consult.exports.editions.docx import fields

SERIF, SANS = "Source Serif 4", "Source Sans 3"
TABLE = "Report Table"
TEXT_WIDTH = 160
"""Millimetres between the margins."""
NAVY, TEAL, SOFT, INK = "14284B", "0B5A5A", "464D5C", "1A1F2B"
# name: base, face, points, bold, colour, before, after, keeps with the next
_STYLES: dict[str, tuple[str, str, float, bool, str, int, int, bool]] = {
    "Heading 1": ("Normal", SERIF, 21, True, NAVY, 24, 12, True),
    "Heading 2": ("Normal", SERIF, 14, True, NAVY, 18, 8, True),
    "Subheading": ("Heading 2", SERIF, 13, True, NAVY, 16, 6, True),
    "Heading 3": ("Normal", SANS, 10, True, TEAL, 12, 4, True),
    "Cover": ("Normal", SANS, 12, True, SOFT, 110, 0, True),
    "Title": ("Normal", SERIF, 34, True, NAVY, 22, 16, True),
    "Subtitle": ("Normal", SERIF, 15, False, SOFT, 0, 24, False),
    "Caption": ("Normal", SANS, 9.5, True, INK, 10, 4, True),
    "Quote": ("Normal", SERIF, 12, False, INK, 12, 2, True),
    "Quote Line": ("Normal", SANS, 9, True, TEAL, 0, 12, False),
    "Lead": ("Normal", SANS, 12, False, SOFT, 0, 8, False),
    "Note": ("Normal", SANS, 9.5, False, SOFT, 4, 8, False),
    "Asked": ("Normal", SERIF, 15, False, NAVY, 12, 6, True),
    "Takeaway": ("Normal", SERIF, 12.5, False, NAVY, 12, 4, True),
    "Figure Value": ("Normal", SERIF, 26, True, NAVY, 4, 0, True),
    "Mark": ("Normal", SANS, 9.5, False, SOFT, 14, 8, False),
    "Handling": ("Normal", SANS, 9.5, True, NAVY, 8, 8, False),
    "Cell": ("Normal", SANS, 9.5, False, INK, 2, 2, False),
    "Contents Heading": ("Normal", SERIF, 21, True, NAVY, 0, 12, True),
    "TOC 1": ("Normal", SANS, 10.5, True, NAVY, 6, 0, False),
    "TOC 2": ("Normal", SANS, 10, False, SOFT, 2, 0, False),
    "Header": ("Normal", SANS, 8.5, False, SOFT, 0, 0, False),
    "Footer": ("Normal", SANS, 8.5, False, SOFT, 0, 0, False),
}
_INDENTED = {"Quote": 18, "Quote Line": 18, "TOC 2": 18, "Mark": 9}
_EDGES = {"Cover": ("top", TEAL, 36, 18), "Mark": ("left", SOFT, 18, 8)}


def apply(document: Any, language: str) -> None:
    """Give the file its styles, and its language to all of them."""
    normal = document.styles["Normal"]
    _face(normal, SANS, 10.5, bold=False, colour=INK)
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.15
    _language(normal, language)
    for name, (base, face, size, bold, colour, before, after, keeps) in _STYLES.items():
        known = [style.name for style in document.styles]
        style = (
            document.styles[name]
            if name in known
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        style.base_style = document.styles[base]
        style.quick_style = not name.startswith("TOC")
        _face(style, face, size, bold=bold, colour=colour)
        style.font.italic = False
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(after), keeps
        shape.alignment = WD_ALIGN_PARAGRAPH.LEFT
        if name in _INDENTED:
            shape.left_indent = Pt(_INDENTED[name])
        _without(style, "w:pPr/w:pBdr", "w:pPr/w:tabs", "w:rPr/w:spacing", "w:rPr/w:kern")
        if name in _EDGES:
            side, tint, eighths, apart = _EDGES[name]
            fields.edge(style, side, tint, eighths=eighths, apart=apart)
        if name in {"Header", "Footer"}:
            shape.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    document.styles["Title"].paragraph_format.line_spacing = 1.0
    table = document.styles.add_style(TABLE, WD_STYLE_TYPE.TABLE)
    table.base_style = document.styles["Normal Table"]
    fields.ruled(table, head=NAVY, line="D9D5CB")


def _face(style: Any, face: str, size: float, *, bold: bool, colour: str) -> None:
    font = style.font
    font.name, font.size, font.bold = face, Pt(size), bold
    font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    fonts.set(qn("w:hAnsi"), face)


def _without(style: Any, *places: str) -> None:
    """Take out what the empty file's style brings along."""
    for place in places:
        for found in style.element.xpath(place):
            found.getparent().remove(found)


def _language(style: Any, language: str) -> None:
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), language)
    style.element.get_or_add_rPr().append(element)
