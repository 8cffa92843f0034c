"""JSON: every text exactly as published, and what to know about it in the same object; JSON Lines without it."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from consult.exports.data.released import COLUMNS, NON_RESPONSE, Released, Row

SCHEMA = 1
ROWS_AT_ONCE = 500
_encoded_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def render(released: Released) -> Iterator[bytes]:
    """One object in pieces: facts first, `rows` last, so that a reader can stream it."""
    yield _encoded_text(facts(released))[:-1].encode("utf-8") + b',"rows":[\n'
    separator = ""
    for batch in _batches(released):
        yield (separator + ",\n".join(batch)).encode("utf-8")
        separator = ",\n"
    yield b"\n]}\n"


def lines(released: Released) -> Iterator[bytes]:
    """One object a line, each a row. Each says how it may be handled, since a line travels alone."""
    handling = f',"handling":{_encoded_text(released.handling)}}}\n'
    for batch in _batches(released):
        yield "".join(line[:-1] + handling for line in batch).encode("utf-8")


def facts(released: Released) -> dict[str, Any]:
    """What to know about the rows."""
    return {
        "schema": SCHEMA,
        "consultation": released.consultation,
        "title": released.title,
        "convenor": released.convenor,
        "demonstration": released.demonstration,
        "profile": released.profile.value,
        "handling": released.handling,
        "meeting": released.meeting,
        "licence": released.licence(),
        "citation": released.citation(),
        "ground_rules": released.ground_rules,
        "questions": released.questions,
        "participation": released.rates(),
        "non_response": NON_RESPONSE,
        "codebook": released.codebook,
        "themes": {"titles": released.theme_titles, "figures": released.themes},
        "columns": released.head,
        "dictionary": released.dictionary,
    }


def _batches(released: Released) -> Iterator[list[str]]:
    member = _member(released)
    rows = iter(released.rows)
    while batch := [_encoded_text(member(row)) for row in islice(rows, ROWS_AT_ONCE)]:
        yield batch


def _member(released: Released) -> Callable[[Row], dict[str, Any]]:
    columns, keys = released.columns, [column.key for column in released.choices]
    if columns == COLUMNS:
        return lambda row: dict(zip((*COLUMNS, *keys), (*row[: len(COLUMNS)], *row.choices), strict=True))
    return lambda row: {name: getattr(row, name) for name in columns}
