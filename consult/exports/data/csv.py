"""CSV as a spreadsheet opens it: a BOM, CRLF, every text neutral, line breaks kept."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from consult.exports.data.released import Released

BOM = b"\xef\xbb\xbf"
HANDLING_COLUMN = "handling"
ROWS_AT_ONCE = 500
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_HARMLESS = frozenset(_STARTS_A_FORMULA).isdisjoint
_WITHIN = re.compile(r"([;\t\n])([^\S\n]*(?:[=@＝＠]|[+\-＋－][^;\t\n]*[|(!]))")
"""Where another cell begins for a spreadsheet whose country separates cells by semicolons: Excel in Warsaw and Paris.

There the quotes around a text count for nothing, since it does not stand first in its line.
"""
_CUTS, _RUNS = (";", "\t", "\n"), ("=", "@", "＝", "＠", "|", "(", "!")
"""Without one of each there is no such place, which is quicker to see."""


def neutral(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run of it. Nothing is ever deleted."""
    safe = _WITHIN.sub(r"\1'\2", text) if any(cut in text for cut in _CUTS) else text
    return f"'{safe}" if text.startswith(_STARTS_A_FORMULA) else safe


def render(released: Released) -> Iterator[bytes]:
    """The file in pieces. The last column says in each row how the row may be handled."""
    yield BOM + _lines([(*released.head, HANDLING_COLUMN)])
    yield from map(_lines, released.pages_of_cells(released.handling))


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *last: str) -> Iterator[bytes]:
    """A table of text in pieces; `last` ends each of its rows."""
    yield BOM + _lines([head])
    walked = iter(rows)
    while batch := list(islice(walked, ROWS_AT_ONCE)):
        yield _lines([(*cells, *last) for cells in batch])


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    """Rows as they are written. Where nothing can be dangerous, no cell is looked at by itself."""
    if _HARMLESS({cell[:1] for cells in rows for cell in cells}):
        written = _written(rows)
        if not any(mark in written for mark in _RUNS) or _WITHIN.search(written) is None:
            return written.encode("utf-8")
    rows = [tuple([neutral(cell) for cell in cells]) for cells in rows]
    return _written(rows).encode("utf-8")


def _written(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
