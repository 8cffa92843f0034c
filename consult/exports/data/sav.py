"""SPSS: one variable a column with its label, meetings and questions as labelled codes, one variable a theme or choice.

Strings of SPSS have one length for the whole file, so rows wait in a temporary file until the longest is known.
"""

import json
import tempfile
from collections.abc import Iterator
from itertools import islice

from consult.exports.data.released import COLUMNS, DICTIONARY, Released, Row
from consult.exports.data.sav_file import Variable, dictionary, encoded

ROWS_AT_ONCE = 500
LONGEST = 32_000
_CUT = " […] This answer is longer than SPSS can hold. The CSV and JSON files have all of it."
_CODED = ("meeting", "question")
_SHORT = {"consultation": 64, "attribution": 255, "language": 16}


def render(released: Released) -> Iterator[bytes]:
    """The file in pieces. `themes` becomes theme_1, theme_2 …, each 1 where the answer has it and 0 where not."""
    codes = _codes(released)
    with tempfile.TemporaryFile(prefix="consult-sav-") as waiting:
        widths: dict[str, int] = {}
        number = 0
        for row in released.rows:
            number += 1
            cells = _cells(row, released)
            for name, words in cells.items():
                if name not in _CODED and name != "themes":
                    widths[name] = max(widths.get(name, 1), len(words.encode("utf-8")))
            waiting.write(json.dumps(cells, ensure_ascii=False).encode("utf-8") + b"\n")
        variables = _variables(released, codes, widths)
        notes = [f"{what}: {words}" for what, words in released.notes()]
        yield dictionary(variables, cases=number, label=released.title, notes=notes)
        waiting.seek(0)
        rows = (_values(json.loads(line), released, codes) for line in waiting)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            yield encoded(variables, batch)


def _cells(row: Row, released: Released) -> dict[str, str]:
    chosen = row.choices if released.choices else ()
    found = dict(zip(COLUMNS, row.cells(), strict=False))
    cells = {name: _fitting(found[name]) for name in released.columns}
    return cells | {f"choice_{place}": cell for place, cell in enumerate(chosen, start=1)}


def _codes(released: Released) -> dict[str, list[str]]:
    """What each labelled code stands for, from 1 on, in form order."""
    meetings = [entry["meeting"] for entry in released.participation if entry["meeting"]]
    return {"meeting": meetings, "question": [question["code"] for question in released.questions]}


def _variables(released: Released, codes: dict[str, list[str]], widths: dict[str, int]) -> list[Variable]:
    made: list[Variable] = []
    for name in released.columns:
        if name == "themes":
            made += [
                Variable(
                    f"theme_{place}", f"{theme['title']} [{theme['code']}]", 0, {1: "named", 0: "not named"}
                )
                for place, theme in enumerate(released.codebook, start=1)
            ]
        elif name in _CODED:
            labels = dict(enumerate(codes[name], start=1))
            made.append(Variable(name, DICTIONARY[name], 0, labels))
        else:
            made.append(Variable(name, DICTIONARY[name], max(_SHORT.get(name, 1), widths.get(name, 1)), {}))
    return made + [
        Variable(
            f"choice_{place}", f"{column.words} [{column.key}]", max(8, widths.get(f"choice_{place}", 1)), {}
        )
        for place, column in enumerate(released.choices, start=1)
    ]


def _values(
    cells: dict[str, str], released: Released, codes: dict[str, list[str]]
) -> list[str | float | None]:
    values: list[str | float | None] = []
    for name, words in cells.items():
        if name == "themes":
            named = set(words.split())
            values += [float(theme["code"] in named) for theme in released.codebook]
        elif name in _CODED:
            values.append(float(codes[name].index(words) + 1) if words in codes[name] else None)
        else:
            values.append(words)
    return values


def _fitting(words: str) -> str:
    raw = words.encode("utf-8")
    if len(raw) <= LONGEST:
        return words
    return raw[: LONGEST - len(_CUT.encode("utf-8"))].decode("utf-8", "ignore") + _CUT
