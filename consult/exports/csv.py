"""CSV as a spreadsheet opens it: a BOM, CRLF, every text neutral, line breaks kept."""

import csv
import io
from collections.abc import Iterable, Iterator

from consult.exports.data import COLUMNS, Released

BOM = b"\xef\xbb\xbf"
HANDLING_COLUMN = "handling"
ROWS_AT_ONCE = 500
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def neutral(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it. Nothing is ever deleted."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def render(released: Released) -> Iterator[bytes]:
    """The file in pieces. The last column says in each row how the row may be handled."""
    handling = released.handling
    yield BOM + _lines([(*COLUMNS, HANDLING_COLUMN)])
    waiting: list[tuple[str, ...]] = []
    for row in released.rows:
        waiting.append((*row.cells(), handling))
        if len(waiting) == ROWS_AT_ONCE:
            yield _lines(waiting)
            waiting = []
    if waiting:
        yield _lines(waiting)


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([neutral(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8")
