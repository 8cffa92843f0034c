"""Writes an outline as a Word document, block by block."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from consult.exports.editions.docx import fields, styles, template
from consult.exports.editions.docx.styles import TEXT_WIDTH
from consult.exports.editions.outline import (
    Chart,
    Facts,
    Heading,
    Links,
    Listing,
    Numbers,
    Outline,
    Paragraph,
    Prose,
    Quotation,
    Table,
    Takeaway,
)
from consult.exports.editions.pdf import picture
from consult.exports.speaking import MARKS

ONE_LINE = 85
"""Characters of the running head that stand beside each other."""
_NAMED = {
    "body": "Normal",
    "lead": "Lead",
    "note": "Note",
    "asked": "Asked",
    "promise": "Quote",
    "label": "Note",
}
_ENGLISH = ("“", "”")
KEPT_TOGETHER = 24
"""A table of so many rows at most stands on one page."""


class Writer:
    """One Word document in the making; `file` is python-docx's."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.file: Any = docx.Document()
        template.tidied(self.file)
        self._sections = [0, 0]
        self._places = 0
        self._styles: dict[str, str] = {}
        self._setters: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Prose: self._prose,
            Numbers: self._numbers,
            Listing: self._listing,
            Table: self._table,
            Chart: self._chart,
            Quotation: self._quotation,
            Takeaway: self._takeaway,
            Facts: self._facts,
            Links: self._links,
        }

    def write(self) -> None:
        """All of it: properties, page, cover, contents, blocks."""
        self._properties()
        styles.apply(self.file, self.outline.language)
        self._styles = {style.name: style.style_id for style in self.file.styles}
        self._page()
        self._cover()
        self._contents()
        for block in self.outline.blocks:
            self._setters[type(block)](block)

    def _properties(self) -> None:
        day = datetime.fromisoformat(self.outline.day).replace(tzinfo=UTC)
        known = self.file.core_properties
        known.title, known.author = self.outline.title, self.outline.convenor
        known.last_modified_by, known.comments = self.outline.convenor, self.outline.handling
        known.subject, known.keywords = self.outline.edition, ""
        known.language, known.revision = self.outline.language, 1
        known.created = known.modified = known.last_printed = day

    def _page(self) -> None:
        page = self.file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(25)
        page.top_margin, page.bottom_margin = Mm(28), Mm(24)
        page.different_first_page_header_footer = True
        head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
        running = (self.outline.short_title, self.outline.edition)
        head.text = ("\t" if len("".join(running)) <= ONE_LINE else "\n").join(running)
        foot.add_run(f"{self.outline.handling}\t").bold = True
        before, _mark, rest = self.outline.of_pages.partition("{page}")
        between, _mark, after = rest.partition("{pages}")
        foot.add_run(before)
        fields.field(foot, "PAGE")
        foot.add_run(between)
        fields.field(foot, "NUMPAGES")
        foot.add_run(after)
        page.first_page_footer.paragraphs[0].add_run(self.outline.handling).bold = True

    def _cover(self) -> None:
        cover = self.outline.cover
        first, mark, second = cover.title.partition(": ")
        for words, style in (
            (cover.above or self.outline.convenor or " ", "Cover"),
            (f"{first}:\n{second}" if mark and ": " not in second else cover.title, "Title"),
            (cover.below, "Subtitle"),
            (cover.convenor, "Lead"),
            (cover.edition, "Note"),
            (self.outline.handling, "Handling"),
            (cover.demonstration, "Mark"),
            (cover.corrected, "Mark"),
        ):
            if words:
                self._words(words, style, self.outline.own_language if style in {"Title", "Subtitle"} else "")

    def _contents(self) -> None:
        """A field with its entries in place: readable at once, and Word adds the pages when asked to renew it."""
        heading = self._new("Contents Heading", self.outline.contents)
        heading.paragraph_format.page_break_before = True
        entries = self._numbered()
        for index, (level, words) in enumerate(entries):
            line = self._new(f"TOC {level}")
            if index == 0:
                fields.begin_field(line, 'TOC \\o "1-2" \\h \\z')
            fields.jump(line, words, f"part_{index + 1}")
            if index == len(entries) - 1:
                fields.end_field(line)

    def _numbered(self) -> list[tuple[int, str]]:
        counts = [0, 0]
        return [
            (block.level, _number(counts, block))
            for block in self.outline.blocks
            if isinstance(block, Heading) and block.numbered and block.level <= 2
        ]

    def _heading(self, it: Heading) -> None:
        words = _number(self._sections, it) if it.numbered and it.level <= 2 else it.text
        plain = (
            it.level == 2 and not it.numbered
        )  # a style of its own, which the table of contents does not collect
        paragraph = self._new("Subheading" if plain else f"Heading {it.level}", words)
        paragraph.paragraph_format.page_break_before = it.new_page
        if it.numbered and it.level <= 2:
            self._places += 1
            fields.bookmark(paragraph, f"part_{self._places}", self._places)
        self._spoken(paragraph, it.language)

    def _paragraph(self, it: Paragraph) -> None:
        self._words(it.text, _NAMED[it.style], it.language)

    def _prose(self, it: Prose) -> None:
        paragraph = self._new({"item": "List Bullet", "quote": "Quote"}.get(it.style, "Normal"))
        if it.style == "number":
            shape = paragraph.paragraph_format
            shape.left_indent, shape.first_line_indent = Mm(8), Mm(-8)
            shape.tab_stops.add_tab_stop(Mm(8))
            paragraph.add_run(f"{it.number}.\t")
        for run in it.runs:
            if run.address:
                fields.web_link(paragraph, run.text, run.address)
            else:
                before = len(paragraph.runs)
                _lines(paragraph, run.text)
                for made in paragraph.runs[before:]:
                    made.bold, made.italic = run.strong or None, run.emphasis or None
        self._spoken(paragraph, it.language)

    def _numbers(self, it: Numbers) -> None:
        table = self.file.add_table(rows=2, cols=len(it.items))
        for column, (value, label) in enumerate(it.items):
            for row, words, style in ((0, value, "Figure Value"), (1, label, "Note")):
                paragraph = table.cell(row, column).paragraphs[0]
                self._style(paragraph, style)
                paragraph.add_run(words)

    def _listing(self, it: Listing) -> None:
        for number, words in enumerate(it.items, start=1):
            style, shown = ("Normal", f"{number}.\t{words}") if it.ordered else ("List Bullet", words)
            paragraph = self._words(shown, style, it.language)
            if it.ordered:
                shape = paragraph.paragraph_format
                shape.left_indent, shape.first_line_indent = Mm(8), Mm(-8)
                shape.tab_stops.add_tab_stop(Mm(8))

    def _table(self, it: Table) -> None:
        self._words(it.caption, "Caption")
        shares = it.widths or ([2] + [1] * (len(it.head) - 1) if it.numeric else [1] * len(it.head))
        widths = [TEXT_WIDTH * share / sum(shares) for share in shares]
        table = self._rows(1, widths)
        kept = len(it.rows) <= KEPT_TOGETHER
        for row, cells in enumerate([it.head, *it.rows]):
            line = table.rows[0] if row == 0 else table.add_row()
            for column, words in enumerate(cells):
                cell = line.cells[column]
                cell.width = Mm(widths[column])
                paragraph = cell.paragraphs[0]
                self._style(paragraph, "Cell")
                if kept and row < len(it.rows):
                    paragraph.paragraph_format.keep_with_next = True
                paragraph.add_run(words).bold = row == 0 or (column == 0 and it.numeric)
                if it.numeric and column:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            fields.whole(line)
        fields.head_row(table.rows[0])
        self._new("Note").paragraph_format.space_after = Pt(0)

    def _chart(self, it: Chart) -> None:
        self._words(it.caption, "Caption")
        paragraph = self.file.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(picture(it.svg)), width=Mm(TEXT_WIDTH))
        fields.alternative(shape, it.caption, it.alt)

    def _quotation(self, it: Quotation) -> None:
        if it.withdrawn:
            self._words(it.segments[0][0], "Note")
            return
        paragraph = self._new("Quote")
        opened, closed = MARKS.get(it.language, _ENGLISH)
        paragraph.add_run(opened)
        for words, kind in it.segments:
            if kind is None:
                _lines(paragraph, words)
            else:
                run = paragraph.add_run(f"[{kind}]")
                run.font.name, run.font.size = styles.SANS, Pt(9.5)
        paragraph.add_run(closed)
        if it.rightwards or it.language not in {"", self.outline.language}:
            fields.speak(paragraph, it.language, rightwards=it.rightwards)
        if it.line:
            self._words(it.line, "Quote Line")
        else:
            paragraph.paragraph_format.keep_with_next = False

    def _takeaway(self, it: Takeaway) -> None:
        self._words(f"{it.number}. {it.text}", "Takeaway", it.language)
        for words in it.evidence:
            self._words(words, "Note")

    def _facts(self, it: Facts) -> None:
        widths = [TEXT_WIDTH * 0.45, TEXT_WIDTH * 0.55]
        table = self._rows(0, widths)
        fields.headless(table)
        for what, how in it.rows:
            line = table.add_row()
            fields.whole(line)
            for column, words in enumerate((what, how)):
                line.cells[column].width = Mm(widths[column])
                paragraph = line.cells[column].paragraphs[0]
                self._style(paragraph, "Cell")
                paragraph.add_run(words)
        self._new("Note").paragraph_format.space_after = Pt(0)

    def _rows(self, rows: int, widths: list[float]) -> Any:
        """A table of the report's style, its columns so many millimetres wide."""
        table = self.file.add_table(rows=rows, cols=len(widths))
        table.style, table.alignment, table.autofit = styles.TABLE, WD_TABLE_ALIGNMENT.LEFT, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table

    def _links(self, it: Links) -> None:
        for kind, title, address in it.items:
            paragraph = self._new("List Bullet")
            if kind.lower() != title.lower():
                paragraph.add_run(f"{kind}: ")
            if address:
                fields.web_link(paragraph, title, address)
            else:
                paragraph.add_run(f"{title} ({it.to_come})")
            self._spoken(paragraph, it.language)

    def _new(self, style: str, words: str = "") -> Any:
        paragraph = self.file.add_paragraph()
        self._style(paragraph, style)
        if words:
            paragraph.add_run(words)
        return paragraph

    def _style(self, paragraph: Any, name: str) -> None:
        """As python-docx does it by searching all styles anew for every paragraph."""
        paragraph._p.style = self._styles[name]

    def _words(self, words: str, style: str, language: str = "") -> Any:
        paragraph = self._new(style)
        _lines(paragraph, words)
        self._spoken(paragraph, language)
        return paragraph

    def _spoken(self, paragraph: Any, language: str) -> None:
        if language not in {"", self.outline.language}:
            fields.speak(paragraph, language)


def _lines(paragraph: Any, words: str) -> None:
    """Line breaks stay; what XML cannot hold is left out."""
    for index, line in enumerate(words.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        run = paragraph.add_run()
        if index:
            run.add_break(WD_BREAK.LINE)
        for place, part in enumerate("".join(filter(_holds, line)).split("\t")):
            if place:
                run.add_tab()
            run.add_text(part)


def _holds(character: str) -> bool:
    return character == "\t" or (
        character >= " " and character not in "\ufffe\uffff" and not "\ud800" <= character <= "\udfff"
    )


def _number(counts: list[int], it: Heading) -> str:
    """The heading with the next number of its level."""
    if it.level == 1:
        counts[:] = [counts[0] + 1, 0]
        return f"{counts[0]}  {it.text}"
    counts[1] += 1
    return f"{counts[0]}.{counts[1]}  {it.text}"
