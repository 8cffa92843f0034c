"""XLSX. A workbook is unpacked and measured here first; the library that parses it is given only what was measured."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from consult.core.errors import Invalid, Said
from consult.core.tabular.shapes import Limits, Row, Table, table_of

_PARTS = re.compile(r"(?:\[Content_Types\]\.xml|(?:_rels|docProps|xl)/[^\x00]*\.(?:xml|rels))")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CHUNK = 64 * 1024
_SMALL = 1024 * 1024


def read_workbook(content: bytes, name: str, limits: Limits) -> Table:
    """The table in the first sheet that has one."""
    measured = _measured(content, name, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(measured)
        sheets = (workbook.get_sheet_by_name(title) for title in workbook.sheet_names)
        sheet = next((sheet for sheet in sheets if sheet.height and sheet.width), None)
        if sheet is None:
            raise Invalid("%(file)s is empty.", file=name)
        others = [title for title in workbook.sheet_names if title != sheet.name]
        rows = sheet.to_python(skip_empty_area=False)
    except PasswordError as error:
        raise Invalid("%(file)s is protected by a password. Save it without one.", file=name) from error
    except CalamineError as error:
        raise _broken(name) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how the library reports what it did not foresee
            raise _broken(name) from error
        raise
    notes = (
        [
            Said(
                "Only the sheet “%(sheet)s” was read, not: %(others)s.",
                sheet=sheet.name,
                others=", ".join(others),
            )
        ]
        if others
        else []
    )
    return table_of(name, _records(rows), limits, notes)


def _records(rows: list[list[Any]]) -> Iterator[Row]:
    for line, row in enumerate(rows, start=1):
        yield Row(line, tuple(_text(cell) for cell in row))


def _text(cell: Any) -> str:
    """A cell as text: a whole number without its decimal point, a date as 2016-05-14."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _measured(content: bytes, name: str, limits: Limits) -> io.BytesIO:
    """The workbook again, of parts that were unpacked within the limits and whose sheets are not too large."""
    unpacked = 0
    rebuilt = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(rebuilt, "w") as kept:
            entries = packed.infolist()
            if len(entries) > limits.parts:
                raise _too_much(name)
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names or len(names) != len(entries):
                raise Invalid("%(file)s is no Excel workbook. Save the table as CSV or XLSX.", file=name)
            for entry in entries:
                if not _PARTS.fullmatch(entry.filename):
                    continue
                part = _part(packed, entry, limits.unpacked - unpacked, limits, name)
                unpacked += len(part)
                _check_sheet(part, name, limits)
                kept.writestr(entry.filename, part)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        zlib.error,
    ) as error:
        raise _broken(name) from error
    rebuilt.seek(0)
    return rebuilt


def _part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, limits: Limits, name: str) -> bytes:
    if entry.flag_bits & 0x1:
        raise Invalid("%(file)s is protected by a password. Save it without one.", file=name)
    most = min(room, max(_SMALL, entry.compress_size * limits.ratio))
    pieces, size = [], 0
    with packed.open(entry) as part:
        while piece := part.read(_CHUNK):
            size += len(piece)
            if size > most:
                raise _too_much(name)
            pieces.append(piece)
    return b"".join(pieces)


class _Measure:
    """Walks a sheet's XML and finds the rectangle its cells span. A document type is refused: no sheet has one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.rows = self.columns = 0
        self._row = self._column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
        elif local == "c":
            found = _CELL.fullmatch(attributes.get("r", "").upper())
            if found:
                self._column, self._row = _column(found[1]), int(found[2])
            else:
                self._column += 1
            self.rows = max(self.rows, self._row)
            self.columns = max(self.columns, self._column)

    def refuse(self, *_declaration: object) -> None:
        raise ValueError("a document type in a workbook")

    @property
    def too_large(self) -> bool:
        return (
            self.rows > self._limits.rows + 1
            or self.columns > self._limits.columns
            or self.rows * self.columns > self._limits.area
        )


def _check_sheet(part: bytes, name: str, limits: Limits) -> None:
    measure = _Measure(limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler = measure.start
    parser.StartDoctypeDeclHandler = measure.refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise _broken(name) from error
    if measure.too_large:
        raise Invalid(
            "%(file)s has a sheet of %(rows)s rows and %(columns)s columns, which is too large. "
            "Delete empty rows and columns at its end, or save it as CSV.",
            file=name,
            rows=measure.rows,
            columns=measure.columns,
        )


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isdigit() else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _too_much(name: str) -> Invalid:
    return Invalid("%(file)s unpacks to far more than a table holds, so it was not read.", file=name)


def _broken(name: str) -> Invalid:
    return Invalid(
        "%(file)s is damaged, or no Excel workbook. Save the table anew as XLSX or CSV.", file=name
    )
