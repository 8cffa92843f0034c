"""Which cells of a table are held back so that none of the small ones follows from what is left.

A table here is whole: its rows and its columns each add up to all respondents, and totals of both are published. A cell
is small where it holds somebody and fewer than k, and telling where it is all of its row. Small and telling cells are
held back, then as many others as it takes. An audit then plays the attacker against the result; what it can pin down
costs further cells, and a table that cannot be saved is refused. Nothing says which cells were held back first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.analysis.disclosure.cells.solving import CAN_SOLVE, np, optimize, sparse

TOLERANCE = 1e-6
Table = Sequence[Sequence[int]]
Place = tuple[int, int]


@dataclass(frozen=True)
class Suppressed:
    """The places held back, or a table that is refused since its totals alone say too much."""

    hidden: frozenset[Place]
    refused: bool = False


def suppressed(table: Table, smallest: int, *, also: frozenset[Place] = frozenset()) -> Suppressed:
    """What to hold back of a table so that no small or telling cell can be worked out. `also`: these in any case."""
    hidden = {
        (i, j)
        for i, row in enumerate(table)
        for j, cell in enumerate(row)
        if 0 < cell < smallest or 0 < cell == sum(row)
    } | set(also)
    everything = {(i, j) for i, row in enumerate(table) for j in range(len(row))}
    while True:
        _complete(table, hidden, smallest)
        found = pinned(table, hidden, smallest)
        if not found:
            return Suppressed(frozenset(hidden))
        if hidden == everything:
            return Suppressed(frozenset(hidden), refused=True)
        before = len(hidden)
        for i, j in found:
            for line in (_row(table, i), _column(table, j)):
                _hide_one(table, hidden, line)
        if len(hidden) == before:
            hidden |= everything


def _complete(table: Table, hidden: set[Place], smallest: int) -> None:
    """No line is left with one hidden cell, or with hidden cells that are fewer than `smallest` together."""
    lines = [_row(table, i) for i in range(len(table))] + [_column(table, j) for j in range(len(table[0]))]
    moved = True
    while moved:
        moved = False
        for line in lines:
            held = [place for place in line if place in hidden]
            people = sum(table[i][j] for i, j in held)
            if held and (len(held) == 1 or people < smallest):
                moved |= _hide_one(table, hidden, line)


def _hide_one(table: Table, hidden: set[Place], line: Sequence[Place]) -> bool:
    """Hold back one more cell of a line: with somebody in it, where others are hidden already, and small."""
    left = [place for place in line if place not in hidden]
    if not left:
        return False

    def cost(place: Place) -> tuple[bool, bool, int, Place]:
        i, j = place
        crossing = [p for p in (*_row(table, i), *_column(table, j)) if p not in line]
        return table[i][j] == 0, not any(p in hidden for p in crossing), table[i][j], place

    hidden.add(min(left, key=cost))
    return True


def _row(table: Table, i: int) -> list[Place]:
    return [(i, j) for j in range(len(table[i]))]


def _column(table: Table, j: int) -> list[Place]:
    return [(i, j) for i in range(len(table))]


def pinned(table: Table, hidden: set[Place], smallest: int) -> list[Place]:
    """The hidden cells that somebody with totals and shown cells can pin down: to a small number, or to a whole row.

    A small cell is safe once one table with the same totals has nobody there, or `smallest` at least; a row of one mind
    once one has somebody who thinks otherwise. Most such tables are found by moving people round a rectangle of hidden
    cells; for the rest linear programming finds the extremes. Without scipy the rectangles alone count.
    """
    open_ = {place for place in hidden if not _shown_safe(table, hidden, place, smallest)}
    open_ = {(i, j) for i, j in open_ if 0 < table[i][j] < smallest or 0 < table[i][j] == sum(table[i])}
    if not open_ or not CAN_SOLVE:
        return sorted(open_)
    audit = _Audit(table, sorted(hidden))
    return [place for place in sorted(open_) if place in open_ and not audit.safe(place, open_, smallest)]


def _shown_safe(table: Table, hidden: set[Place], place: Place, smallest: int) -> bool:
    """Whether a rectangle of hidden cells lets this one be nobody, or many, or not all of its row."""
    i, j = place
    cell, whole = table[i][j], table[i][j] == sum(table[i])
    beside = [q for p, q in hidden if p == i and q != j]
    beneath = [p for p, q in hidden if q == j and p != i]
    for q in beside:
        for p in beneath:
            if (p, q) not in hidden:
                continue
            up, down = min(table[i][q], table[p][j]), min(cell, table[p][q])
            if whole and down >= 1 and cell >= smallest:
                return True
            if cell < smallest and (down == cell or cell + up >= smallest):
                return not whole or down >= 1
    return False


class _Audit:
    """Linear programs over the hidden cells alone: what is left of each total must be made up of them."""

    def __init__(self, table: Table, places: Sequence[Place]) -> None:
        self.table, self.places = table, places
        self.index = {place: number for number, place in enumerate(places)}
        rows, columns = sorted({i for i, _ in places}), sorted({j for _, j in places})
        lines = [[p for p in places if p[0] == i] for i in rows] + [
            [p for p in places if p[1] == j] for j in columns
        ]
        spots = [self.index[p] for line in lines for p in line]
        starts = np.cumsum([0, *(len(line) for line in lines)])
        self.lines = sparse.csr_matrix((np.ones(len(spots)), spots, starts), shape=(len(lines), len(places)))
        self.rest = np.array([sum(table[i][j] for i, j in line) for line in lines])

    def safe(self, place: Place, open_: set[Place], smallest: int) -> bool:
        """Whether the extremes of a cell leave it open; what they show of other cells is taken out of `open_`."""
        for sense in (-1.0, 1.0):
            objective = np.zeros(len(self.places))
            objective[self.index[place]] = sense
            found = optimize.linprog(
                objective, A_eq=self.lines, b_eq=self.rest, bounds=(0, None), method="highs"
            ).x
            open_ -= {p for p in open_ if self._leaves_open(p, float(found[self.index[p]]), smallest)}
            if place not in open_:
                return True
        return False

    def _leaves_open(self, place: Place, value: float, smallest: int) -> bool:
        i, j = place
        cell, whole = self.table[i][j], self.table[i][j] == sum(self.table[i])
        if whole and value > cell - 1 + TOLERANCE:
            return False
        return cell >= smallest or value <= TOLERANCE or value >= smallest - TOLERANCE
