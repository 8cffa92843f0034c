"""On which line of a TOML text each key stands. `tomllib` says it for broken texts only.

The text must have been accepted by `tomllib` before: what is scanned here is known to be well formed.
"""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Where a value lies: ("meetings", 1, "starts") is the start of the second meeting."""

_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''', re.DOTALL
)
_BARE_VALUE = re.compile(r"[^,\]}\n#]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]+")


def lines_of(text: str) -> dict[Path, int]:
    """Line numbers, from 1, of every table, key and array element."""
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._lines: dict[Path, int] = {}
        self._tables_so_far: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return self._lines
            if self._next() == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        several = self._text.startswith("[[", self._at)
        self._step(2 if several else 1)
        *before, last = self._key()
        path = (*self._resolved(before), last)
        if several:
            number = self._tables_so_far.get(path, 0)
            self._tables_so_far[path] = number + 1
            self._mark(path)
            path = (*path, number)
        else:
            path = self._resolved([*before, last])
        self._mark(path)
        self._skip(_SPACE)
        self._step(2 if several else 1)
        return path

    def _resolved(self, parts: list[str]) -> Path:
        """The path of a header, where a name that stands for several tables means the latest of them."""
        path: Path = ()
        for part in parts:
            path = (*path, part)
            self._mark(path)
            if path in self._tables_so_far:
                path = (*path, self._tables_so_far[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line
        path = table
        for part in self._key():
            path = (*path, part)
            self._lines.setdefault(path, line)
        self._skip(_SPACE)
        self._step(1)  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_BLANK)
        first = self._next()
        if first == "[":
            for number in self._members("]"):
                self._mark((*path, number))
                self._value((*path, number))
        elif first == "{":
            for _number in self._members("}"):
                self._pair(path)
        elif not self._take(_STRING):
            self._take(_BARE_VALUE)

    def _members(self, closing: str) -> Iterator[int]:
        """Stop before each member of an array or an inline table, then pass the closing bracket."""
        self._step(1)
        number = 0
        while True:
            self._skip(_BLANK)
            if self._next() in (closing, ""):
                self._step(1)
                return
            yield number
            number += 1
            self._skip(_BLANK)
            if self._next() == ",":
                self._step(1)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_SPACE)
            written = self._take(_KEY_PART)
            parts.append(written[1:-1] if written[:1] in ("'", '"') else written)
            self._skip(_SPACE)
            if self._next() != ".":
                return parts
            self._step(1)

    def _mark(self, path: Path) -> None:
        self._lines.setdefault(path, self._line)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _step(self, characters: int) -> None:
        self._at += characters

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        self._line += found.group().count("\n")
        return found.group()
