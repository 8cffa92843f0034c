"""What somebody can work out from published figures: linear programming over every answers they may come from.

The attacker knows what was published and nothing of the answers. People are counted in atoms, one for each combination
of values that the published figures tell apart; every figure is an equation over atoms, and for every small cell the
attacker seeks the least and the most it can be. Where scipy is not installed there is no such search: whatever is not
published itself and large counts as worked out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import prod
from typing import Any, TypeAlias

from consult.analysis.disclosure.cells.solving import CAN_SOLVE, np, optimize, sparse

Values: TypeAlias = frozenset[str]
MOST_ATOMS = 20_000
MOST_CELLS = 20_000
"""Beyond so many combinations the question is not worked out, and counts as unsafe."""
TOLERANCE = 1e-6
INFEASIBLE = 2
YES, NO = "yes", "no"


class Relation(StrEnum):
    """How a published number stands to the number of people."""

    IS = "="
    AT_LEAST = ">="


@dataclass(frozen=True)
class Cell:
    """The people for whom each named variable has one of its values. Variables that are not named may be anything."""

    where: tuple[tuple[str, Values], ...]

    @classmethod
    def of(cls, where: Mapping[str, Collection[str]]) -> "Cell":
        return cls(tuple(sorted((name, frozenset(values)) for name, values in where.items())))

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for name, _values in self.where)

    def narrowed(self, name: str, values: Collection[str]) -> "Cell":
        return Cell.of({**dict(self.where), name: values})

    def without(self, name: str) -> "Cell":
        return Cell.of({other: values for other, values in self.where if other != name})


@dataclass(frozen=True)
class Fact:
    """One published number about the people in a cell."""

    cell: Cell
    number: int
    relation: Relation = Relation.IS

    def to_document(self) -> list[Any]:
        return [
            [[name, sorted(values)] for name, values in self.cell.where],
            self.relation.value,
            self.number,
        ]

    @classmethod
    def from_document(cls, written: Sequence[Any]) -> "Fact":
        return cls(Cell.of(dict(written[0])), int(written[2]), Relation(written[1]))


class Contradiction(Exception):
    """No answers can have given these figures: they are of different times, or codings changed in between."""


class TooLarge(Exception):
    """Too many combinations to work the question out."""


class Attack:
    """Published facts over variables, each with all the values it can have. Raises TooLarge."""

    def __init__(self, facts: Sequence[Fact], domains: Mapping[str, Collection[str]]) -> None:
        self.facts = facts
        self.parts = _told_apart(facts, domains)
        self._names = list(self.parts)
        self._shape = tuple(len(parts) for parts in self.parts.values())
        if prod(self._shape) > MOST_ATOMS:
            raise TooLarge
        self._witnesses: list[Any] = []
        if CAN_SOLVE:
            self._numbers = np.arange(prod(self._shape)).reshape(self._shape)
            self._system = [self._equations(relation) for relation in Relation]

    def cells(self, variables: Collection[str]) -> list[Cell]:
        """The cells of the table over these variables, as finely as the facts tell values apart."""
        chosen = [name for name in self._names if name in variables]
        if prod(len(self.parts[name]) for name in chosen) > MOST_CELLS:
            raise TooLarge
        return [
            Cell.of(dict(zip(chosen, parts, strict=True)))
            for parts in product(*(self.parts[name] for name in chosen))
        ]

    def pinned(self, cells: Sequence[Cell], smallest: int) -> list[Cell]:
        """Those cells that certainly hold somebody, and certainly fewer than `smallest`. Raises Contradiction."""
        if not CAN_SOLVE:
            return _plainly_unsafe(self.facts, cells, smallest)
        if not cells:
            return []
        sums = [self._atoms(cell) for cell in cells]
        table = self._matrix(sums, 1.0)
        unsafe = np.ones(len(cells), dtype=bool)
        for witness in self._witnesses:
            unsafe &= ~_safe(table @ witness, smallest)
        found = []
        for index, cell in enumerate(cells):
            if not unsafe[index]:
                continue
            for sense in (-1.0, 1.0):
                witness = self._extreme(sums[index], sense)
                if witness is None:  # nothing published limits it
                    unsafe[index] = False
                    break
                unsafe &= ~_safe(table @ witness, smallest)
                if not unsafe[index]:
                    break
            if unsafe[index]:
                found.append(cell)
        return found

    def bounds(self, cell: Cell) -> tuple[int, int]:
        """The least and the most that a cell can be."""
        atoms = self._atoms(cell)
        least, most = self._extreme(atoms, 1.0), self._extreme(atoms, -1.0)
        if least is None or most is None:
            raise ValueError("nothing published limits this cell")
        low, high = float(least[atoms].sum()), float(most[atoms].sum())
        return int(np.ceil(low - TOLERANCE)), int(np.floor(high + TOLERANCE))

    def _extreme(self, atoms: Any, sense: float) -> Any:
        objective = np.zeros(prod(self._shape))
        objective[atoms] = sense
        (equal, given), (under, limits) = self._system
        solved = optimize.linprog(
            objective, A_eq=equal, b_eq=given, A_ub=under, b_ub=limits, bounds=(0, None), method="highs"
        )
        if solved.status == INFEASIBLE:
            raise Contradiction
        if solved.x is not None:
            self._witnesses.append(solved.x)
        return solved.x

    def _atoms(self, cell: Cell) -> Any:
        """Which atoms a cell is made of."""
        wanted = dict(cell.where)
        chosen = [
            [index for index, part in enumerate(parts) if name not in wanted or part <= wanted[name]]
            for name, parts in self.parts.items()
        ]
        return self._numbers[np.ix_(*chosen)].ravel() if chosen else self._numbers.ravel()

    def _equations(self, relation: Relation) -> tuple[Any, Any]:
        facts = [fact for fact in self.facts if fact.relation is relation]
        if not facts:
            return None, None
        sign = 1.0 if relation is Relation.IS else -1.0
        rows = [self._atoms(fact.cell) for fact in facts]
        return self._matrix(rows, sign), np.array([sign * fact.number for fact in facts])

    def _matrix(self, rows: Sequence[Any], value: float) -> Any:
        columns = np.concatenate(rows)
        starts = np.cumsum([0, *(len(row) for row in rows)])
        return sparse.csr_matrix(
            (np.full(len(columns), value), columns, starts), shape=(len(rows), prod(self._shape))
        )


def _safe(values: Any, smallest: int) -> Any:
    return (values <= TOLERANCE) | (values >= smallest - TOLERANCE)


def _told_apart(facts: Iterable[Fact], domains: Mapping[str, Collection[str]]) -> dict[str, list[Values]]:
    """Variable → its values in parts: two values are in one part where no fact tells them apart."""
    named: dict[str, set[Values]] = {name: set() for name in domains}
    for fact in facts:
        for name, values in fact.cell.where:
            named.setdefault(name, set()).add(values)
    parts: dict[str, list[Values]] = {}
    for name, groups in sorted(named.items()):
        told: dict[tuple[bool, ...], set[str]] = {}
        ordered = sorted(groups, key=sorted)
        for value in frozenset(domains.get(name, ())).union(*groups):
            told.setdefault(tuple(value in group for group in ordered), set()).add(value)
        parts[name] = [frozenset(part) for _signature, part in sorted(told.items())]
    return parts


def _plainly_unsafe(facts: Sequence[Fact], cells: Iterable[Cell], smallest: int) -> list[Cell]:
    """Without a solver: what is not published itself, or bounded by nothing but published nought, counts as unsafe."""
    exact = {fact.cell: fact.number for fact in facts if fact.relation is Relation.IS}
    return [cell for cell in cells if not (cell in exact and not 1 <= exact[cell] < smallest)]
