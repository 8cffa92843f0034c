"""CSV as people save it: with commas, semicolons or tabs, in UTF-8, in UTF-16, or in what they name."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import BinaryIO, TextIO

from consult.core.errors import Invalid, Said
from consult.core.tabular.shapes import Limits, Row, Table, table_of

DELIMITERS = (",", ";", "\t")
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 30
_MARK_BYTES = 3
_MOST_CONTROL_CHARACTERS = 0.05


def read_delimited(content: bytes, name: str, encoding: str | None, limits: Limits) -> Table:
    """The table in a text file."""
    text = _decoded(content, name, encoding)
    records = _records(io.StringIO(text, newline=""), name, _delimiter(text))
    return table_of(name, records, limits, [])


@contextmanager
def streamed_delimited(file: BinaryIO, name: str, encoding: str | None, limits: Limits) -> Iterator[Table]:
    """The same of an open file that is too large to hold, which is read while the rows are walked and closed after."""
    start = file.read(_MARK_BYTES)
    mark = next((mark for mark in _MARKS if start.startswith(mark)), b"")
    wanted = _MARKS[mark] if mark else encoding or "utf-8"
    file.seek(len(mark))
    sample = file.read(_SAMPLE_CHARACTERS)
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    delimiter = _delimiter(_decoded(mark + sample, name, encoding))
    file.seek(len(mark))
    errors = "surrogatepass" if wanted.startswith("utf") else "strict"
    with io.TextIOWrapper(file, encoding=wanted, errors=errors, newline="") as text:
        yield table_of(name, _told(_records(text, name, delimiter), name, wanted), limits, [])


def _told(records: Iterator[Row], name: str, encoding: str) -> Iterator[Row]:
    """The records; letters that are not of this encoding are named with the line they stand behind."""
    line = 0
    try:
        for row in records:
            line = row.line
            yield row
    except UnicodeDecodeError as error:
        raise _undecodable(name, line, encoding) from error


def _undecodable(name: str, line: int, encoding: str) -> Invalid:
    return Invalid(
        "%(file)s, line %(line)s: this is not %(encoding)s text. Save the file as “CSV UTF-8”, "
        "or name its encoding: --encoding cp1250.",
        file=name,
        line=line,
        encoding=encoding.upper(),
    )


def _decoded(content: bytes, name: str, encoding: str | None) -> str:
    """The text. Half surrogate pairs are let through here, so that the row they stand in can be named."""
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    wanted = _MARKS[mark] if mark else encoding or "utf-8"
    body = content[len(mark) :]
    try:
        text = body.decode(wanted, errors="surrogatepass" if wanted.startswith("utf") else "strict")
    except LookupError as error:
        raise Invalid(
            "“%(encoding)s” is no encoding that is known here. Try cp1250 or cp1252.", encoding=wanted
        ) from error
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise _undecodable(name, line, wanted) from error
    sample = text[:_SAMPLE_CHARACTERS]
    control = sum(1 for character in sample if character < " " and character not in "\t\r\n")
    if control > len(sample) * _MOST_CONTROL_CHARACTERS:
        raise Invalid("%(file)s is no text file. Save the table as “CSV UTF-8” or XLSX.", file=name)
    return text


def _delimiter(text: str) -> str:
    """The separator that gives the first rows the most columns, all rows as many."""
    best, best_score = DELIMITERS[0], (0.0, 1)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        reader = csv.reader(io.StringIO(text[:_SAMPLE_CHARACTERS], newline=""), delimiter=delimiter)
        with suppress(csv.Error):  # the rows read until then say enough
            widths.extend(len(row) for row in islice((row for row in reader if row), _SAMPLE_ROWS))
        if not widths or widths[0] == 1:
            continue
        score = (round(sum(width == widths[0] for width in widths) / len(widths), 1), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(text: TextIO, name: str, delimiter: str) -> Iterator[Row]:
    """Every record with the line it begins on; blank lines are passed by."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error) or "end of data" in str(error):
                raise Invalid(
                    "%(file)s, line %(line)s: a quotation mark that opens here is never closed.",
                    file=name,
                    line=line,
                ) from error
            yield Row(line, (), Said("a quotation mark inside a cell is not doubled"))
            continue
        if cells:
            yield Row(line, tuple(cells))
