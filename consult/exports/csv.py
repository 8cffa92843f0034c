"""CSV as a spreadsheet opens it: a BOM, CRLF, every text neutral, line breaks kept."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from consult.exports.data import Released

BOM = b"\xef\xbb\xbf"
HANDLING_COLUMN = "handling"
ROWS_AT_ONCE = 500
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_SUSPECT = re.compile(r'(?:^|[,\r\n])"?[=+\-@\t\r\n＝＋－＠](?<!\r\n)')
"""Whatever may begin a dangerous cell, and some of what only looks so, in a piece of written CSV."""


def neutral(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it. Nothing is ever deleted."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def render(released: Released) -> Iterator[bytes]:
    """The file in pieces. The last column says in each row how the row may be handled."""
    return table((*released.head, HANDLING_COLUMN), released.cells(), released.handling)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *last: str) -> Iterator[bytes]:
    """A table of text in pieces; `last` ends each of its rows."""
    yield BOM + _lines([head])
    walked = iter(rows)
    while batch := list(islice(walked, ROWS_AT_ONCE)):
        yield _lines([(*cells, *last) for cells in batch])


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    """Rows as they are written. Where nothing can be dangerous, no cell is looked at by itself."""
    written = _written(rows)
    if _SUSPECT.search(written):
        written = _written([tuple([neutral(cell) for cell in cells]) for cells in rows])
    return written.encode("utf-8")


def _written(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
