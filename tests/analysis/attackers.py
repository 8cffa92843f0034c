"""Somebody who reads released tables and nothing else, and works out what they can: dense linear programming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from consult.analysis.disclosure.cells.attack import Cell, Fact
from consult.analysis.disclosure.cells.axes import Axis, Group
from consult.analysis.disclosure.cells.gridding import Asked, Counts, Grid
from consult.analysis.disclosure.cells.sequences import Earlier, History
from consult.analysis.disclosure.tables import checked, grouped

Person = Mapping[str, str]
PERSONAL = ("sector", "role")
SLACK = 1e-6


@dataclass
class Gate:
    """Releases one table after another, as `release_table` does, of people who are in a list and in no database."""

    smallest: int
    earlier: list[Earlier] = field(default_factory=list)
    rows_of: tuple[str, ...] = ()
    """Closed questions whose answers are out as rows, by meeting."""

    def publish_rows(self, people: Sequence[Person]) -> None:
        """Rows are out, and noted as the register notes them."""
        self.earlier.append(Earlier(len(people), rows_facts(people, self.rows_of)))

    def release(
        self, people: Sequence[Person], rows: str, columns: str, where: Mapping[str, str]
    ) -> tuple[Asked, Grid] | None:
        scope = [person for person in people if all(person[name] == value for name, value in where.items())]
        if len(scope) < max(10, self.smallest):
            return None
        axes, counts = [_axis(people, name) for name in (rows, columns)], _counted(scope, rows, columns)
        narrow = any(name in PERSONAL for name in where)
        row_axis, column_axis, _reasons = grouped(axes[0], axes[1], counts, self.smallest, narrow=narrow)
        if len(row_axis.groups) < 2:
            return None
        given = {name: frozenset({value}) for name, value in where.items()}
        asked = Asked(row_axis, column_axis, counts, self.smallest, given, narrow)
        domains = {name: {person[name] for person in people} for name in people[0]}
        grid = checked(asked, History(len(people), self.earlier, domains, PERSONAL, self.smallest))
        if grid is None:
            return None
        self.earlier.append(Earlier(len(people), tuple(tuple(view.facts) for view in grid.views)))
        return asked, grid


def rows_facts(people: Sequence[Person], questions: Sequence[str]) -> tuple[tuple[Fact, ...], ...]:
    """What rows of choices say: at each meeting with ten people, how many gave each answer."""
    views = []
    for question in questions:
        facts = []
        for meeting in sorted({person.get("meeting", "") for person in people}):
            here = [person for person in people if person.get("meeting", "") == meeting]
            where = {"meeting": {meeting}} if meeting else {}
            if len(here) >= 10:
                facts += [
                    Fact(Cell.of({**where, question: {answer}}), sum(p[question] == answer for p in here))
                    for answer in sorted({person[question] for person in here})
                ]
        views.append(tuple(facts))
    return tuple(views)


@dataclass
class Attacker:
    """Notes every number of every table as an equation over all the kinds of people that there may be."""

    variables: Mapping[str, Sequence[str]]
    epochs: Sequence[int]
    """How many people there were at each time, ascending."""
    _rows: list[Any] = field(default_factory=list)
    _numbers: list[float] = field(default_factory=list)
    _answers: list[Any] = field(default_factory=list)
    """Ways in which everything noted can be true, found so far: each rules out many questions."""

    @property
    def shape(self) -> tuple[int, ...]:
        return (*(len(values) for values in self.variables.values()), len(self.epochs))

    def mask(self, where: Mapping[str, frozenset[str]], epochs: Sequence[int]) -> Any:
        chosen = [
            [i for i, value in enumerate(values) if value in where.get(name, frozenset(values))]
            for name, values in self.variables.items()
        ]
        taken = np.zeros(self.shape)
        taken[np.ix_(*chosen, [self.epochs.index(epoch) for epoch in epochs])] = 1
        return taken.ravel()

    def note(self, where: Mapping[str, frozenset[str]], at: int, number: int) -> None:
        self._rows.append(self.mask(where, [epoch for epoch in self.epochs if epoch <= at]))
        self._numbers.append(float(number))

    def read(self, asked: Asked, grid: Grid, at: int) -> None:
        """Every number that is printed."""
        given = {name: frozenset(values) for name, values in asked.where.items()}
        self.note(given, at, sum(row["base"] for row in grid.rows))
        for row, told in zip(asked.rows.groups, grid.rows, strict=True):
            here = {**given, asked.rows.variable: row.values}
            self.note(here, at, told["base"])
            for column, cell in zip(asked.columns.groups, told["cells"], strict=True):
                if cell["count"] is not None:
                    self.note({**here, asked.columns.variable: column.values}, at, cell["count"])
        for column, top in zip(asked.columns.groups, grid.totals, strict=True):
            if top["count"] is not None:
                self.note({**given, asked.columns.variable: column.values}, at, top["count"])

    def bounds(self, where: Mapping[str, frozenset[str]], epochs: Sequence[int]) -> tuple[float, float]:
        objective = self.mask(where, epochs)
        ends = []
        for sense in (1, -1):
            found = linprog(
                sense * objective,
                A_eq=np.array(self._rows),
                b_eq=np.array(self._numbers),
                bounds=(0, None),
                method="highs",
            )
            if found.x is not None:
                self._answers.append(found.x)
            ends.append(sense * found.fun if found.fun is not None else np.inf)
        return np.ceil(ends[0] - SLACK), np.floor(ends[1] + SLACK)

    def wins(self, people: Sequence[Person], smallest: int) -> list[Mapping[str, str]]:
        """Small cells of persons, of each time and of those who came between, that are certainly small."""
        found: list[Mapping[str, str]] = []
        if not self._rows:  # every table was refused: nothing is known
            return found
        for names in [(name,) for name in self.variables] + list(combinations(self.variables, 2)):
            if not set(names) & set(PERSONAL) and set(names) != {"answer", "view"}:
                continue
            for first, last in combinations([0, *self.epochs], 2):
                came = people[first:last]
                between = [epoch for epoch in self.epochs if first < epoch <= last]
                for values in product(*(self.variables[name] for name in names)):
                    where = dict(zip(names, values, strict=True))
                    size = sum(all(p[n] == v for n, v in where.items()) for p in came)
                    if not 1 <= size < smallest:
                        continue
                    cell = {n: frozenset({v}) for n, v in where.items()}
                    sums = [float(self.mask(cell, between) @ answer) for answer in self._answers]
                    if any(total <= SLACK or total >= smallest - SLACK for total in sums):
                        continue
                    least, most = self.bounds(cell, between)
                    if least >= 1 and most < smallest:
                        found.append(where)
        return found


def _axis(people: Sequence[Person], name: str) -> Axis:
    values = sorted({person[name] for person in people})
    groups = tuple(Group(value, frozenset({value})) for value in values)
    return Axis(name, groups, name in PERSONAL, several=False, asked=name)


def _counted(people: Sequence[Person], rows: str, columns: str) -> Counts:
    cells: dict[tuple[str, str], int] = {}
    sides: dict[str, int] = {}
    tops: dict[str, int] = {}
    for person in people:
        row, column = person[rows], person[columns]
        cells[row, column] = cells.get((row, column), 0) + 1
        sides[row] = sides.get(row, 0) + 1
        tops[column] = tops.get(column, 0) + 1
    return Counts(cells, sides, tops, len(people))
