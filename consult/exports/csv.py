"""CSV as a spreadsheet opens it: a BOM, CRLF, every text neutral, line breaks kept."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from consult.exports.data import Released

BOM = b"\xef\xbb\xbf"
HANDLING_COLUMN = "handling"
ROWS_AT_ONCE = 500
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_DANGER = frozenset(_STARTS_A_FORMULA)


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
    """Rows as they are written. Where no cell can be dangerous, none is looked at by itself."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    for cells in rows:
        for cell in cells:
            if cell and cell[0] in _DANGER:
                writer.writerow([neutral(each) for each in cells])
                break
        else:
            writer.writerow(cells)
    return written.getvalue().encode("utf-8")
