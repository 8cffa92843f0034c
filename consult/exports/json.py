"""JSON: every text exactly as published, and what to know about it in the same object."""

import json
from collections.abc import Iterator
from typing import Any

from consult.exports.data import COLUMNS, Released

SCHEMA = 1
ROWS_AT_ONCE = 500


def render(released: Released) -> Iterator[bytes]:
    """One object in pieces: facts first, `rows` last, so that a reader can stream it."""
    facts = {
        "schema": SCHEMA,
        "consultation": released.consultation,
        "title": released.title,
        "demonstration": released.demonstration,
        "profile": released.profile.value,
        "handling": released.handling,
        "meeting": released.meeting,
        "ground_rules": released.ground_rules,
        "themes": {"titles": released.theme_titles, "figures": released.themes},
        "columns": COLUMNS,
    }
    yield _encoded(facts)[:-1] + b',"rows":[\n'
    waiting: list[bytes] = []
    separator = b""
    for row in released.rows:
        waiting.append(_encoded(row._asdict()))
        if len(waiting) == ROWS_AT_ONCE:
            yield separator + b",\n".join(waiting)
            separator, waiting = b",\n", []
    if waiting:
        yield separator + b",\n".join(waiting)
    yield b"\n]}\n"


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
