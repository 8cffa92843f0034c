"""What python-docx has no words for: fields, bookmarks, links, alt texts, lines and languages, as WordprocessingML."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def field(paragraph: Any, code: str, shown: str = "1") -> None:
    """A field whose result, until Word renews it, is `shown`."""
    _part(paragraph, "begin")
    run = paragraph.add_run()
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    run._r.append(text)
    _part(paragraph, "separate")
    paragraph.add_run(shown)
    _part(paragraph, "end")


def begin_field(paragraph: Any, code: str) -> None:
    """The start of a field whose result runs over several paragraphs; `end_field` ends it."""
    _part(paragraph, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    _part(paragraph, "separate")


def end_field(paragraph: Any) -> None:
    _part(paragraph, "end")


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Make all of the paragraph a place to jump to."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    runs = paragraph._p.findall(qn("w:r"))
    runs[0].addprevious(start)
    runs[-1].addnext(end)


def jump(paragraph: Any, words: str, place: str) -> None:
    """Words that lead to a bookmark."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), place)
    link.set(qn("w:history"), "1")
    run = paragraph.add_run(words)._r
    link.append(run)
    paragraph._p.append(link)


def web_link(paragraph: Any, words: str, address: str) -> None:
    """Words that lead to an address."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
    run = paragraph.add_run(words)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def alternative(picture: Any, title: str, words: str) -> None:
    """The text that stands for a picture."""
    properties = picture._inline.docPr
    properties.set("name", title)
    properties.set("descr", words)


def speak(paragraph: Any, language: str, *, rightwards: bool = False) -> None:
    """Say which language a paragraph's words are in, and that they run from right to left."""
    for run in paragraph.runs:
        element = OxmlElement("w:lang")
        element.set(qn("w:bidi" if rightwards else "w:val"), language or "ar")
        properties = run._r.get_or_add_rPr()
        if rightwards:
            properties.append(OxmlElement("w:rtl"))
        properties.append(element)
    if rightwards:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))


def edge(style: Any, side: str, colour: str, *, eighths: int, apart: int) -> None:
    """Draw one side of a style's paragraphs, so many eighths of a point thick and so many points from the words."""
    borders = OxmlElement("w:pBdr")
    borders.append(_line(side, eighths, colour, apart))
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def ruled(style: Any, *, head: str, line: str) -> None:
    """A table's style: a line beneath each row, a stronger one beneath the first, and room in the cells."""
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_line(side, 4, line))
    properties.append(borders)
    room = OxmlElement("w:tblCellMar")
    for side, width in (("left", "60"), ("right", "60")):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), width)
        element.set(qn("w:type"), "dxa")
        room.append(element)
    properties.append(room)
    style.element.append(properties)
    first = OxmlElement("w:tblStylePr")
    first.set(qn("w:type"), "firstRow")
    cells = OxmlElement("w:tcPr")
    beneath = OxmlElement("w:tcBorders")
    beneath.append(_line("bottom", 8, head))
    cells.append(beneath)
    first.append(cells)
    style.element.append(first)


def _line(side: str, eighths: int, colour: str, apart: int = 0) -> Any:
    element = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(apart)), ("color", colour)):
        element.set(qn(f"w:{name}"), value)
    return element


def whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def headless(table: Any) -> None:
    """The table's first row is one like the others."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.attrib.clear()
    look.set(qn("w:val"), "0000")
    look.set(qn("w:firstRow"), "0")


def head_row(row: Any) -> None:
    """Repeat this row on every page that its table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _part(paragraph: Any, kind: str) -> None:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)
