"""From counts to a table that keeps every small cell, and to what somebody learns from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from consult.analysis.disclosure.cells.attack import NO, YES, Cell, Fact
from consult.analysis.disclosure.cells.axes import Axis, Group
from consult.analysis.disclosure.cells.grids import GridCellEntry, GridRowEntry, held, place
from consult.analysis.disclosure.cells.suppression import Place, suppressed
from consult.analysis.disclosure.figures import Withheld

Where = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Counts:
    """Raw counts behind a table: people by row and column value, by row value alone, and altogether.

    In a column that is one of several a person may be in many cells of a row; else the cells of a row add up.
    """

    cells: Mapping[tuple[str, str], int]
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    people: int


@dataclass
class View:
    """Facts about one whole table, and at which places of the grid its cells stand."""

    facts: list[Fact] = field(default_factory=list)
    places: dict[Cell, Place] = field(default_factory=dict)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset().union(*(fact.cell.variables for fact in self.facts))


@dataclass(frozen=True)
class Grid:
    """Rows and totals as they may be seen, with the facts that they amount to; `refused`: nothing may be."""

    rows: tuple[GridRowEntry, ...]
    totals: tuple[GridCellEntry, ...]
    views: tuple[View, ...]
    hidden: bool
    refused: bool = False


@dataclass(frozen=True)
class Asked:
    """A table to make of counts. `narrow`: its totals are of a group of persons too, so that they keep k."""

    rows: Axis
    columns: Axis
    counts: Counts
    smallest: int
    where: Where
    narrow: bool = False

    @property
    def sizes(self) -> list[int]:
        return [sum(self.counts.rows.get(value, 0) for value in group.values) for group in self.rows.groups]

    @property
    def tops(self) -> list[int]:
        return [
            sum(self.counts.columns.get(value, 0) for value in group.values) for group in self.columns.groups
        ]

    @property
    def table(self) -> list[list[int]]:
        return [
            [
                sum(self.counts.cells.get((r, c), 0) for r in row.values for c in column.values)
                for column in self.columns.groups
            ]
            for row in self.rows.groups
        ]

    def cell(self, *parts: tuple[str, Group]) -> Cell:
        return Cell.of({**self.where, **{variable: group.values for variable, group in parts}})

    def grid(self, also: frozenset[Place] = frozenset()) -> Grid:
        """The table as it may be seen by itself. `also`: hold these places back as well."""
        table = self.table
        if not table or not table[0]:
            return Grid((), (), (), hidden=False, refused=True)
        return _of_several(self, table, also) if self.columns.several else _of_parts(self, table, also)


def _of_parts(asked: Asked, table: Sequence[Sequence[int]], also: frozenset[Place]) -> Grid:
    """Rows and columns both add up to everybody."""
    found = suppressed(table, asked.smallest, also=also)
    if found.refused:
        return Grid((), (), (), hidden=True, refused=True)
    rows, columns = asked.rows, asked.columns
    view = View([Fact(Cell.of(asked.where), asked.counts.people)])
    for axis, sums in ((rows, asked.sizes), (columns, asked.tops)):
        view.facts += [
            Fact(asked.cell((axis.variable, group)), number)
            for group, number in zip(axis.groups, sums, strict=True)
        ]
    for i, row in enumerate(rows.groups):
        for j, column in enumerate(columns.groups):
            cell = asked.cell((rows.variable, row), (columns.variable, column))
            view.places[cell] = (i, j)
            if (i, j) not in found.hidden:
                view.facts.append(Fact(cell, table[i][j]))
    totals = tuple(place(top, asked.counts.people) for top in asked.tops)
    return Grid(_entries(asked, table, found.hidden), totals, (view,), hidden=bool(found.hidden))


def _of_several(asked: Asked, table: Sequence[Sequence[int]], also: frozenset[Place]) -> Grid:
    """Each column is a table of its own: those who named it and those who did not, by row."""
    hidden: set[Place] = set()
    views: list[View] = []
    totals: list[GridCellEntry] = []
    for j, top in enumerate(asked.tops):
        named = [row[j] for row in table]
        untold = asked.narrow and min(top, asked.counts.people - top) < asked.smallest
        held_back = (
            None if untold else _held_back(asked, named, top, frozenset(i for i, jj in also if jj == j))
        )
        hidden |= {(i, j) for i in (range(len(named)) if held_back is None else held_back)}
        totals.append(held(Withheld.SMALL_GROUP) if held_back is None else place(top, asked.counts.people))
        views += _views(asked, named, j, held_back)
    return Grid(_entries(asked, table, hidden), tuple(totals), tuple(views), hidden=bool(hidden))


def _held_back(asked: Asked, named: Sequence[int], top: int, also: frozenset[int]) -> set[int] | None:
    """Rows of a column whose number is not given; None where not even the column's total may be."""
    if asked.rows.several:
        return set(also) | {
            i
            for i, count in enumerate(named)
            if _two_by_two(count, asked.sizes[i], top, asked.counts.people, asked.smallest)
        }
    pairs = [[count, size - count] for count, size in zip(named, asked.sizes, strict=True)]
    found = suppressed(pairs, asked.smallest, also=frozenset((i, 0) for i in also))
    return None if found.refused else {i for i, _side in found.hidden}


def _views(asked: Asked, named: Sequence[int], j: int, hidden: Collection[int] | None) -> list[View]:
    """Of one column: one view of all rows, or where a person may be in several rows one view a row."""
    option = f"{asked.columns.variable}:{'+'.join(sorted(asked.columns.groups[j].values))}"
    start = [Fact(Cell.of(asked.where), asked.counts.people)]
    if hidden is not None:
        start.append(Fact(Cell.of({**asked.where, option: {YES}}), asked.tops[j]))
    views = [] if asked.rows.several else [View(list(start))]
    for i, row in enumerate(asked.rows.groups):
        by: dict[str, Collection[str]] = {asked.rows.variable: row.values}
        if asked.rows.several:
            views.append(View(list(start)))
            by = {f"{asked.rows.variable}:{'+'.join(sorted(row.values))}": {YES}}
        view, cell = views[-1], Cell.of({**asked.where, **by, option: {YES}})
        view.facts.append(Fact(Cell.of({**asked.where, **by}), asked.sizes[i]))
        for answer in (YES, NO):
            view.places[cell.narrowed(option, {answer})] = (i, j)
        if hidden is not None and i not in hidden:
            view.facts.append(Fact(cell, named[i]))
    return views


def _two_by_two(both: int, row: int, column: int, people: int, smallest: int) -> bool:
    """Whether one of the four cells made by two things that anybody may have named is small, or all of its row."""
    cells = (both, row - both, column - both, people - row - column + both)
    return any(0 < cell < smallest for cell in cells) or 0 < both == row


def _entries(
    asked: Asked, table: Sequence[Sequence[int]], hidden: Collection[Place]
) -> tuple[GridRowEntry, ...]:
    return tuple(
        GridRowEntry(
            label=row.label,
            base=size,
            cells=[
                held(Withheld.SMALL_GROUP) if (i, j) in hidden else place(count, size)
                for j, count in enumerate(table[i])
            ],
        )
        for i, (row, size) in enumerate(zip(asked.rows.groups, asked.sizes, strict=True))
    )
