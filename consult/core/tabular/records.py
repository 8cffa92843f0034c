"""JSON as tools export it: a list of records, one of them under a name, or one record a line."""

import json
from collections.abc import Iterator
from typing import Any

from consult.core.errors import Invalid, Said
from consult.core.tabular.shapes import Limits, Row, Table, table_of

_LEADING = b"\xef\xbb\xbf \t\r\n"


def is_records(content: bytes) -> bool:
    """Whether these bytes begin as JSON does and CSV does not: with a record, or with a list of them."""
    start = content[:4096].lstrip(_LEADING)
    return start.startswith(b"{") or (start.startswith(b"[") and start[1:].lstrip()[:1] in b"{]")


def read_records(content: bytes, name: str, limits: Limits) -> Table:
    """The table in a JSON file: columns in the order in which records first name them, lines counted as records."""
    records = _found(_parsed(content, name), name)
    columns: dict[str, None] = {}
    for record in records:
        if isinstance(record, dict):
            columns.update(dict.fromkeys(record))
            if len(columns) > limits.columns:
                break
    if not columns:
        raise Invalid("%(file)s holds no records: each must name its values.", file=name)
    rows = _rows(records, list(columns))
    header = Row(0, tuple(columns))
    notes = [Said("In this file “line” means the record with that number.")]
    return table_of(name, _chained(header, rows), limits, notes)


def _chained(header: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield header
    yield from rows


def _rows(records: list[Any], columns: list[str]) -> Iterator[Row]:
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            yield Row(number, (), Said("it is no record: its values have no names"))
            continue
        problem = next(
            (
                Said("“%(column)s” holds a list or a record, not a value", column=column[:40])
                for column, value in record.items()
                if isinstance(value, dict | list)
            ),
            "",
        )
        yield Row(number, tuple(_cell(record.get(column)) for column in columns), problem)


def _cell(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _parsed(content: bytes, name: str) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("%(file)s is not UTF-8 text, as JSON must be.", file=name) from error
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Invalid("%(file)s holds lists within lists, too deep to be read.", file=name) from error
    except ValueError as whole:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            line = getattr(whole, "lineno", 1)
            raise Invalid("%(file)s, line %(line)s: this is no JSON.", file=name, line=line) from whole


def _found(parsed: Any, name: str) -> list[Any]:
    """The records, or those under the one name that holds a list of them."""
    if isinstance(parsed, list):
        return parsed
    lists = (
        [value for value in parsed.values() if isinstance(value, list)] if isinstance(parsed, dict) else []
    )
    if len(lists) == 1:
        return lists[0]
    if isinstance(parsed, dict) and not lists:
        return [parsed]
    raise Invalid("%(file)s holds no list of records, or several.", file=name)
