"""A table as it may be seen: plain values, with the reason at every place that holds none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, cast

from consult.analysis.disclosure.figures import Withheld, bounded
from consult.analysis.rules import rounded


class GridCellEntry(TypedDict):
    """A place of a table; `percent` is of its row, with its bound as in `figures.ShareEntry`."""

    count: int | None
    percent: int | None
    withheld: str
    under: NotRequired[int]
    over: NotRequired[int]


class GridRowEntry(TypedDict):
    """A row: how many people it stands for, and its places in the columns' order."""

    label: str
    base: int
    cells: list[GridCellEntry]


class GridEntry(TypedDict):
    """A table. `asked` and `rows_by` differ where something was rolled up; `reasons` say what was done and why.

    `of`: what everybody in it did, as `Axis.of` has it, or None where all respondents are in it. `missing`: how many
    did not, where that may be said. Tables of early versions lack both.
    """

    asked: str
    rows_by: str
    columns_by: str
    several: bool
    meeting: str | None
    within: list[str] | None
    base: int | None
    of: NotRequired[str | None]
    missing: NotRequired[int | None]
    withheld: str
    columns: list[str]
    totals: list[GridCellEntry]
    rows: list[GridRowEntry]
    reasons: list[str]
    stands: NotRequired[bool]


@dataclass(frozen=True)
class TableRequest:
    """What a table is asked to show: names of axes, a meeting's slug, and one (attribute, value) to stay within."""

    rows: str
    columns: str
    meeting: str | None = None
    within: tuple[str, str] | None = None

    def to_document(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "columns": self.columns,
            "meeting": self.meeting,
            "within": list(self.within) if self.within else None,
        }


@dataclass(frozen=True)
class ReleasedTable:
    """A table that passed the gate, under its number in the register (None where it was refused)."""

    number: int | None
    document: GridEntry

    @classmethod
    def kept(cls, number: int | None, document: Mapping[str, Any]) -> "ReleasedTable":
        return cls(number, cast(GridEntry, document))

    def to_document(self) -> GridEntry:
        return self.document


def place(count: int, base: int) -> GridCellEntry:
    """A number that is given."""
    share = rounded(count, base) if base else None
    entry: GridCellEntry = {"count": count, "percent": share.percent if share else None, "withheld": ""}
    return bounded(entry, share)


def held(why: Withheld) -> GridCellEntry:
    """A place without one."""
    return {"count": None, "percent": None, "withheld": why.value}
