"""XLSX: all cells are text, nothing is a formula or a link. Written row by row to a temporary file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from consult.exports.csv import neutral
from consult.exports.data import COLUMNS, Released

LONGEST_CELL = 32_767
_CUT = " […] This answer is longer than a cell can hold. The CSV and JSON files have all of it."
_READ_AT_ONCE = 64 * 1024
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDTHS = {"consultation": 18, "meeting": 26, "question": 20, "text": 80, "attribution": 34, "themes": 34}
_RULES = ("version", "mode", "ceiling", "smallest_group", "speaker", "affiliation", "attendance", "timing")


def render(released: Released) -> Iterator[bytes]:
    """The file in pieces: sheets `answers`, `themes`, `ground rules`, `read-me`, header rows kept in view."""
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
    answers = (row.cells() for row in released.rows)
    sheet(
        book,
        "answers",
        handling,
        columns=COLUMNS,
        rows=answers,
        widths=[_WIDTHS.get(name, 12) for name in COLUMNS],
    )
    themes = (
        (
            table["meeting"] or "all meetings",
            share["theme"],
            released.theme_titles.get(share["theme"], ""),
            "withheld" if share["percent"] is None else f"{share['percent']} %",
            "" if table["base"] is None else str(table["base"]),
        )
        for table in released.themes
        for share in table["shares"]
    )
    columns = ("meeting", "theme", "title", "share of respondents", "respondents")
    sheet(book, "themes", handling, columns=columns, rows=themes, widths=[26, 24, 44, 20, 14])
    rules = released.ground_rules
    lines = [*((name, str(rules[name])) for name in _RULES)]  # type: ignore[literal-required]
    lines += [(f"promise ({code})", text) for code, text in sorted(rules["promise"].items())]
    lines += [(f"ground rules ({code})", text) for code, text in sorted(rules["rules"].items())]
    sheet(book, "ground rules", handling, columns=("rule", "value"), rows=lines, widths=[24, 100])
    sheet(book, "read-me", handling, columns=("what", "words"), rows=released.notes(), widths=[18, 100])


def sheet(
    book: Any,
    name: str,
    handling: str,
    *,
    columns: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    widths: list[int],
) -> None:
    """One sheet of text, its first row the columns' names and kept in view."""
    plain = {"text_wrap": True, "valign": "top", "num_format": "@"}
    text = book.add_format(plain)
    quoted = book.add_format(plain | {"quote_prefix": True})
    heading = book.add_format({"bold": True, "bottom": 2, "valign": "top", "num_format": "@"})
    page = book.add_worksheet(name)
    page.set_footer(f"&L{handling}&RPage &P of &N")
    page.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        page.set_column(column, column, width, text)
        page.write_string(0, column, columns[column], heading)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            safe = text if neutral(cell) == cell else quoted
            page.write_string(number, column, _fitting(cell), safe)


def _fitting(cell: str) -> str:
    """What Excel can hold in one cell, counted as Excel counts (UTF-16 units); a cut is said in the cell."""
    if len(cell) * 2 <= LONGEST_CELL or len(cell.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return cell
    kept = cell.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(_CUT))]
    return kept.decode("utf-16-le", errors="ignore") + _CUT
