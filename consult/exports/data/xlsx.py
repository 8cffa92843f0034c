"""XLSX: nothing is a formula or a link, figures are figures. Written row by row to a temporary file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from consult.analysis.disclosure.figures import ShareEntry
from consult.exports.data.csv import neutral
from consult.exports.data.released import ENGLISH, Released
from consult.exports.rates import RATES
from consult.exports.speaking import TRANSLATED, Voice, voice

Cell = str | int | None
LONGEST_CELL = 32_767
_A4, _LINE, _HIGHEST = 9, 15, 409
"""Excel's number of the paper, and points: a line of text, and the most that a row may have."""
_CUT = " […] This answer is longer than a cell can hold. The CSV and JSON files have all of it."
_READ_AT_ONCE = 64 * 1024
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDTHS = {"consultation": 18, "meeting": 26, "question": 20, "text": 80, "attribution": 34, "themes": 34}
_RULES = ("version", "mode", "ceiling", "smallest_group", "speaker", "affiliation", "attendance", "timing")


def render(released: Released) -> Iterator[bytes]:
    """The file in pieces: sheets answers, themes, tallies, codebook, ground rules, read-me; headers stay in view."""
    yield from workbook(released.title, released.handling, lambda book: _fill(book, released))


def workbook(title: str, handling: str, fill: Callable[[Any], None]) -> Iterator[bytes]:
    """A file in pieces, whose sheets `fill` writes. No cell of it is ever a formula or a link."""
    with tempfile.TemporaryDirectory(prefix="consult-xlsx-") as folder:
        path = Path(folder) / "export.xlsx"
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": folder,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            book.set_properties(
                {"title": title, "subject": handling, "comments": handling, "created": _EPOCH}
            )
            fill(book)
        with path.open("rb") as file:
            while piece := file.read(_READ_AT_ONCE):
                yield piece


def _fill(book: Any, released: Released) -> None:
    handling = released.handling
    columns = released.head
    widths = [_WIDTHS.get(name, 12) for name in columns]
    sheet(book, "answers", handling, columns=columns, rows=released.cells(), widths=widths)
    columns = (
        "meeting",
        "theme",
        "title",
        "share in per cent",
        "named by",
        "respondents",
        "word",
        "withheld",
    )
    themes = (
        (
            table["meeting"] or "all meetings",
            share["theme"],
            released.theme_titles.get(share["theme"], ""),
            _percent(share),
            share["count"],
            table["base"],
            share["quantifier"],
            share["withheld"],
        )
        for table in released.themes
        for share in table["shares"]
    )
    sheet(book, "themes", handling, columns=columns, rows=themes, widths=[26, 24, 44, 16, 10, 12, 12, 30])
    tallies = (
        tuple("all meetings" if name == "meeting" and told is None else told for name, told in entry.items())
        for entry in released.rates()
    )
    sheet(book, "tallies", handling, columns=RATES, rows=tallies, widths=[26, 10, 10, 24, 22, 18, 26])
    codebook = (
        (theme["code"], theme["title"], theme["description"], theme["parent"]) for theme in released.codebook
    )
    columns = ("theme", "title", "what it covers", "part of")
    sheet(book, "codebook", handling, columns=columns, rows=codebook, widths=[24, 44, 90, 24])
    rules = released.ground_rules
    lines: list[tuple[Cell, ...]] = [(name, rules[name]) for name in _RULES]  # type: ignore[literal-required]
    lines += [(f"promise ({code})", text) for code, text in sorted(rules["promise"].items())]
    lines += [(f"ground rules ({code})", text) for code, text in sorted(rules["rules"].items())]
    sheet(book, "ground rules", handling, columns=("rule", "value"), rows=lines, widths=[24, 100])
    for name, speaking in _readers(released):
        notes = released.notes(speaking)
        sheet(book, name, handling, columns=("what", "words"), rows=notes, widths=[30, 100])


def _percent(share: ShareEntry) -> Cell:
    """The number, or the bound in words that stands where it would be none or all."""
    if "under" in share:
        return f"under {share['under']}"
    return f"over {share['over']}" if "over" in share else share["percent"]


def _readers(released: Released) -> list[tuple[str, Voice]]:
    """The read-me in English, and in the consultation's own language where it is another that we speak."""
    own = released.language
    more = [(f"read-me ({own})", voice(own))] if own != "en" and own in TRANSLATED else []
    return [("read-me", ENGLISH), *more]


def sheet(
    book: Any,
    name: str,
    handling: str,
    *,
    columns: tuple[str, ...],
    rows: Iterable[Sequence[Cell]],
    widths: list[int],
) -> None:
    """One sheet: the columns' names kept in view and with filters, text as text, figures as figures, None as empty."""
    plain = {"text_wrap": True, "valign": "top", "num_format": "@"}
    text = book.add_format(plain)
    quoted = book.add_format(plain | {"quote_prefix": True})
    heading = book.add_format({"bold": True, "bottom": 2, "valign": "top", "num_format": "@"})
    figure = book.add_format({"valign": "top", "num_format": "0"})
    page = book.add_worksheet(name)
    page.set_footer(f"&L{handling}&RPage &P of &N")
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    for column, width in enumerate(widths):
        page.set_column(column, column, width, text)
        page.write_string(0, column, columns[column], heading)
    number = 0
    for number, row in enumerate(rows, start=1):
        if (lines := _lines(row, widths)) > 1:
            page.set_row(number, min(_LINE * lines, _HIGHEST))
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                safe = text if neutral(cell) is cell else quoted
                page.write_string(number, column, _fitting(cell), safe)
            elif cell is not None:
                page.write_number(number, column, cell, figure)
    page.autofilter(0, 0, number, len(columns) - 1)


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """How many lines the longest cell takes at its column's width: LibreOffice makes no room for them by itself."""
    most = 1
    for cell, width in zip(row, widths, strict=False):
        if isinstance(cell, str) and (len(cell) > width or "\n" in cell):
            most = max(most, sum(1 + len(line) // width for line in cell.split("\n")))
    return most


def _fitting(cell: str) -> str:
    """What Excel can hold in one cell, counted as Excel counts (UTF-16 units); a cut is said in the cell."""
    if len(cell) * 2 <= LONGEST_CELL or len(cell.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return cell
    kept = cell.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(_CUT))]
    return kept.decode("utf-16-le", errors="ignore") + _CUT
