"""A table as it is read, and how large one may be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from consult.core.errors import Invalid, Said
from consult.core.text import tidy, unstorable

LONGEST_COLUMN_NAME = 1000


@dataclass(frozen=True)
class Limits:
    """Caps on what is read. Sizes are in bytes, a cell's in characters."""

    content: int = 20 * 1024 * 1024
    rows: int = 100_000
    columns: int = 1_000
    area: int = 4_000_000
    """Rows times columns of a worksheet's used rectangle."""
    cell: int = 50_000
    parts: int = 1_000
    """Files inside a workbook."""
    unpacked: int = 100 * 1024 * 1024
    ratio: int = 200
    """How many times larger than its packed form a part of more than 1 MB may be."""


LIMITS = Limits()


@dataclass(frozen=True)
class Row:
    """One row. `line` is where it begins in the file, from 1; `problem` says why it cannot be taken, if it cannot."""

    line: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass
class Table:
    """Columns and rows. The rows can be walked once, and walking them can raise Invalid."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    notes: list[str] = field(default_factory=list)
    """What a reader of the result ought to know, e.g. that further sheets were left out."""

    def column(self, wanted: str) -> int:
        """Where a column stands. Raises Invalid where there is none, or more than one, of that name."""
        tidied = tidy(wanted)
        found = [place for place, name in enumerate(self.columns) if name == tidied]
        if not found:
            found = [place for place, name in enumerate(self.columns) if name.casefold() == tidied.casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            raise Invalid(
                "%(file)s has %(count)s columns called “%(column)s”. Rename one of them.",
                file=self.name,
                count=len(found),
                column=wanted,
            )
        raise Invalid(
            "%(file)s has no column “%(column)s”. It has: %(columns)s.",
            file=self.name,
            column=wanted,
            columns=_listed(self.columns),
        )


def _listed(columns: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(name or "(no name)" for name in columns[:most])
    return shown if len(columns) <= most else f"{shown} and {len(columns) - most} more"


def table_of(name: str, records: Iterable[Row], limits: Limits, notes: Sequence[str]) -> Table:
    """A table of raw records: the first that is not blank holds the columns' names."""
    walk = iter(records)
    header = next((row for row in walk if row.problem or any(cell.strip() for cell in row.cells)), None)
    if header is None:
        raise Invalid("%(file)s is empty.", file=name)
    if header.problem:
        raise Invalid("%(file)s, line %(line)s: %(why)s.", file=name, line=header.line, why=header.problem)
    cells = list(header.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.columns:
        raise Invalid(
            "%(file)s has %(count)s columns; at most %(most)s are read.",
            file=name,
            count=len(cells),
            most=limits.columns,
        )
    for place, cell in enumerate(cells, start=1):
        if what := unstorable(cell):
            raise Invalid("%(file)s: the name of column %(n)s holds %(what)s.", file=name, n=place, what=what)
        if len(cell) > LONGEST_COLUMN_NAME:
            raise Invalid(
                "%(file)s: the name of column %(n)s is longer than %(most)s characters. "
                "The first row must hold the names of the columns.",
                file=name,
                n=place,
                most=LONGEST_COLUMN_NAME,
            )
    columns = tuple(tidy(cell) for cell in cells)
    return Table(name, columns, _checked(name, walk, len(columns), limits), list(notes))


def _checked(name: str, records: Iterator[Row], width: int, limits: Limits) -> Iterator[Row]:
    """The rows, each as wide as the header, with what is wrong with them."""
    for number, row in enumerate(records, start=1):
        if number > limits.rows:
            raise Invalid(
                "%(file)s has more than %(most)s rows. Split it and import the parts one after another.",
                file=name,
                most=limits.rows,
            )
        cells = row.cells[:width] + ("",) * (width - len(row.cells))
        yield Row(row.line, cells, row.problem or _problem(row.cells, width, limits))


def _problem(cells: Sequence[str], width: int, limits: Limits) -> str:
    if any(cell.strip() for cell in cells[width:]):
        return Said(
            "it has %(found)s cells, the first row %(width)s; a separator or a quotation mark is out of place",
            found=len(cells),
            width=width,
        )
    for cell in cells:
        if len(cell) > limits.cell:
            return Said(
                "a cell has %(length)s characters; at most %(most)s are read",
                length=len(cell),
                most=limits.cell,
            )
        if what := unstorable(cell):
            return Said("it holds %(what)s", what=what)
    return ""
