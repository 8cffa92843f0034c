"""Reading tables that strangers made: CSV, XLSX and JSON, every size checked before anything is parsed.

Cells come as text, line breaks and leading `=` kept: nothing is calculated. What cannot be stored is told row by row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from consult.core.errors import Invalid
from consult.core.tabular.child import read_in_child
from consult.core.tabular.delimited import read_delimited, streamed_delimited
from consult.core.tabular.records import is_records, read_records
from consult.core.tabular.shapes import LIMITS, Limits, Row, Table
from consult.core.tabular.workbook import read_workbook

__all__ = ["LIMITS", "Limits", "Row", "Table", "opened_table", "read_file", "read_in_child", "read_table"]

_ZIP = b"PK\x03\x04"
_OTHER_KINDS: dict[bytes, str] = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Excel file",
    b"\x1f\x8b": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"SQLite format 3": "a database",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
_LONGEST_SIGNATURE = 16
MOST_ROWS = 5_000_000
"""Of a file that is read while its rows are walked."""


def read_file(path: Path, *, encoding: str | None = None, limits: Limits = LIMITS) -> Table:
    """The table in a file. Raises Invalid with one sentence where there is none that can be read."""
    try:
        if path.stat().st_size > limits.content:
            raise _too_large(path.name, limits)
        content = path.read_bytes()
    except OSError as error:
        raise Invalid("%(file)s cannot be read: %(why)s.", file=path, why=error.strerror) from error
    return read_table(content, name=path.name, encoding=encoding, limits=limits)


@contextmanager
def opened_table(path: Path, *, encoding: str | None = None) -> Iterator[Table]:
    """The same of a file on this machine, of any length where it is CSV: that is read while the rows are walked."""
    many = replace(LIMITS, rows=MOST_ROWS)
    try:
        size = path.stat().st_size
        if size <= LIMITS.content:
            yield read_file(path, encoding=encoding, limits=many)
            return
        with path.open("rb") as file:
            start = file.read(_LONGEST_SIGNATURE)
            if any(start.startswith(mark) for mark in (_ZIP, *_OTHER_KINDS)) or is_records(start):
                raise _too_large(path.name, LIMITS)
            file.seek(0)
            with streamed_delimited(file, path.name, encoding, many) as table:
                yield table
    except OSError as error:
        raise Invalid("%(file)s cannot be read: %(why)s.", file=path, why=error.strerror) from error


def read_table(content: bytes, *, name: str, encoding: str | None = None, limits: Limits = LIMITS) -> Table:
    """The table in these bytes; what they are is seen from them, not from the name."""
    if len(content) > limits.content:
        raise _too_large(name, limits)
    if not content.strip():
        raise Invalid("%(file)s is empty.", file=name)
    start = content[:_LONGEST_SIGNATURE]
    for signature, kind in _OTHER_KINDS.items():
        if start.startswith(signature):
            raise Invalid(
                "%(file)s is %(kind)s, not a table. Save the table as CSV or XLSX.", file=name, kind=kind
            )
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        raise Invalid("%(file)s is a picture, not a table. Save the table as CSV or XLSX.", file=name)
    if start.startswith(_ZIP):
        return read_workbook(content, name, limits)
    if is_records(content):
        return read_records(content, name, limits)
    return read_delimited(content, name, encoding, limits)


def _too_large(name: str, limits: Limits) -> Invalid:
    return Invalid(
        "%(file)s is larger than %(most)s MB. Split it and import the parts one after another.",
        file=name,
        most=limits.content // (1024 * 1024),
    )
