"""The system file of SPSS, as its readers describe it: a dictionary, then cases with blanks and small figures packed.

Written here because the libraries that write it need everything in memory at once; pyreadstat reads it in tests.
"""

import struct
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SEGMENT = 252
_LONGEST_PIECE = 255
_MISSING = -1.7976931348623157e308
_HIGHEST = 1.7976931348623157e308
_LOWEST = -1.7976931348623155e308
_BIAS = 100
_LITERAL, _BLANK, _SYSTEM_MISSING = 253, 254, 255
_EIGHT_BLANKS = b" " * 8
_NOTE_LINE = 80


@dataclass(frozen=True)
class Variable:
    """A column: `width` bytes of UTF-8, or 0 for a figure. `labels` say what codes stand for."""

    name: str
    label: str
    width: int
    labels: dict[int, str]

    def pieces(self) -> list[int]:
        """Widths of the parts in which SPSS keeps a long string."""
        if self.width <= _LONGEST_PIECE:
            return [self.width]
        count = (self.width + _SEGMENT - 1) // _SEGMENT
        return [_LONGEST_PIECE] * (count - 1) + [self.width - (count - 1) * _SEGMENT]


def dictionary(variables: Sequence[Variable], *, cases: int, label: str, notes: Iterable[str]) -> bytes:
    """Everything before the cases."""
    places, elements = _places(variables)
    parts = [_header(elements, cases, label)]
    short = [f"V{number}" for number in range(1, len(variables) + 1)]
    parts += [_variable(variable, name) for variable, name in zip(variables, short, strict=True)]
    parts += [
        _labels(variable.labels, place)
        for variable, place in zip(variables, places, strict=True)
        if variable.labels
    ]
    parts.append(_document(notes))
    parts.append(_extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001)))
    parts.append(_extension(4, 8, struct.pack("<3d", _MISSING, _HIGHEST, _LOWEST)))
    shown = b"".join(
        struct.pack("<3i", 1, 40 if variable.width else 8, 0 if variable.width else 1)
        for variable in variables
        for _piece in variable.pieces()
    )
    parts.append(_extension(11, 4, shown))
    names = "\t".join(f"{name}={variable.name}" for name, variable in zip(short, variables, strict=True))
    parts.append(_extension(13, 1, names.encode("utf-8")))
    long = "".join(
        f"{name}={variable.width:05d}\0\t"
        for name, variable in zip(short, variables, strict=True)
        if variable.width > _LONGEST_PIECE
    )
    if long:
        parts.append(_extension(14, 1, long.encode("utf-8")))
    parts.append(_extension(20, 1, b"UTF-8"))
    parts.append(struct.pack("<2i", 999, 0))
    return b"".join(parts)


def encoded(variables: Sequence[Variable], rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """Cases, packed: each batch is filled up to a whole block, which readers skip."""
    codes, literals, out = bytearray(), bytearray(), bytearray()
    for row in rows:
        for variable, value in zip(variables, row, strict=True):
            for eight in _eights(variable, value):
                codes.append(eight if isinstance(eight, int) else _LITERAL)
                if not isinstance(eight, int):
                    literals += eight
                if len(codes) == 8:
                    out += codes + literals
                    codes.clear()
                    literals.clear()
    if codes:
        out += codes.ljust(8, b"\0") + literals
    return bytes(out)


def _eights(variable: Variable, value: str | float | None) -> Iterable[int | bytes]:
    if variable.width == 0:
        if value is None:
            return [_SYSTEM_MISSING]
        figure = float(value)
        small = figure.is_integer() and 1 <= figure + _BIAS <= 251
        return [int(figure) + _BIAS] if small else [struct.pack("<d", figure)]
    raw = str(value or "").encode("utf-8").replace(b"\0", b" ")
    told: list[int | bytes] = []
    for number, width in enumerate(variable.pieces()):
        part = raw[number * _LONGEST_PIECE : (number + 1) * _LONGEST_PIECE]
        whole = part.ljust(_padded(width))
        for start in range(0, len(whole), 8):
            eight = whole[start : start + 8]
            told.append(_BLANK if eight == _EIGHT_BLANKS else eight)
    return told


def _padded(width: int) -> int:
    return (width + 7) // 8 * 8


def _places(variables: Sequence[Variable]) -> tuple[list[int], int]:
    """Where each variable starts in a case, counted from 1 in units of eight bytes, and how many there are."""
    places, reached = [], 0
    for variable in variables:
        places.append(reached + 1)
        reached += sum(max(1, _padded(width) // 8) for width in variable.pieces())
    return places, reached


def _header(elements: int, cases: int, label: str) -> bytes:
    return (
        b"$FL2"
        + b"@(#) SPSS DATA FILE - consult".ljust(60)
        + struct.pack("<5id", 2, elements, 1, 0, cases, float(_BIAS))
        + b"01 Jan 00"
        + b"00:00:00"
        + _cut(label, 64).ljust(64)
        + b"\0\0\0"
    )


def _variable(variable: Variable, short: str) -> bytes:
    parts: list[bytes] = []
    for number, width in enumerate(variable.pieces()):
        name = short if number == 0 else f"{short}_{_base36(number)}"
        told = variable.label if number == 0 else ""
        form = (1 << 16 | width << 8) if width else (5 << 16 | 8 << 8)
        parts.append(struct.pack("<6i", 2, width, 1 if told else 0, 0, form, form) + name.encode().ljust(8))
        if told:
            words = _cut(told, 252)
            parts.append(struct.pack("<i", len(words)) + words.ljust((len(words) + 3) // 4 * 4))
        parts.append((struct.pack("<6i", 2, -1, 0, 0, 0, 0) + _EIGHT_BLANKS) * (_padded(width) // 8 - 1))
    return b"".join(parts)


def _labels(labels: dict[int, str], place: int) -> bytes:
    parts = [struct.pack("<2i", 3, len(labels))]
    for value, words in labels.items():
        raw = _cut(words, 120)
        parts.append(struct.pack("<d", value) + (bytes([len(raw)]) + raw).ljust((len(raw) + 8) // 8 * 8))
    return b"".join(parts) + struct.pack("<3i", 4, 1, place)


def _document(notes: Iterable[str]) -> bytes:
    lines = [
        _cut(line, _NOTE_LINE).ljust(_NOTE_LINE)
        for note in notes
        for line in textwrap.wrap(note, _NOTE_LINE if note.isascii() else _NOTE_LINE // 3)
    ]
    return struct.pack("<2i", 6, len(lines)) + b"".join(lines) if lines else b""


def _extension(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<4i", 7, kind, size, len(content) // size) + content


def _cut(words: str, most: int) -> bytes:
    """As many whole characters as fit into so many bytes."""
    return " ".join(words.split()).encode("utf-8")[:most].decode("utf-8", "ignore").encode("utf-8")


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number // 36] + digits[number % 36]
