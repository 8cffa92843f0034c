"""A real consultation: 732 people by zone, age and agreement. Its small cells are never told and never follow."""

import csv
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from tests.analysis.attackers import PERSONAL, Gate, Person

ZONE, AGE, AGREEMENT = "P18_MACROZONA", "RANGO ETARIO", "P29_"
K = 5


def people(shared_data: Path) -> list[Person]:
    """Zone and age stand for the attributes of persons that the gate knows."""
    path = shared_data / "open-access-consultation" / "responses.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    agreement = next(name for name in rows[0] if name.startswith(AGREEMENT))
    return [{"sector": row[ZONE], "role": row[AGE], "answer": row[agreement]} for row in rows]


def test_no_small_cell_of_zone_age_and_agreement_follows(shared_data: Path) -> None:
    """Every two-way table, agreement by zone within every age, and agreement as rows: all of it attacked together."""
    everybody = people(shared_data)
    values = {name: sorted({person[name] for person in everybody}) for name in ("sector", "role", "answer")}
    cells = {
        cell: sum(tuple(person.values()) == cell for person in everybody)
        for cell in product(*values.values())
    }
    small = [cell for cell, size in cells.items() if 1 <= size < K]
    assert len(small) >= 40
    gate = Gate(smallest=K, rows_of=("answer",))
    gate.publish_rows(everybody)
    for rows, columns in (("sector", "answer"), ("role", "answer"), ("sector", "role")):
        gate.release(everybody, rows, columns, {})
    released = sum(
        gate.release(everybody, "sector", "answer", {"role": age}) is not None for age in values["role"]
    )
    facts = [fact for table in gate.earlier for view in table.views for fact in view]
    assert facts
    order = list(cells)
    places = {name: number for number, name in enumerate(values)}

    def mask(where: tuple[tuple[str, frozenset[str]], ...]) -> list[float]:
        return [float(all(cell[places[name]] in held for name, held in where)) for cell in order]

    equations = np.array([mask(fact.cell.where) for fact in facts])
    numbers = np.array([float(fact.number) for fact in facts])
    exact = {fact.cell: fact.number for fact in facts}
    assert not [n for cell, n in exact.items() if set(PERSONAL) & cell.variables and 1 <= n < K]
    pinned = []
    for cell in small:
        objective = np.zeros(len(order))
        objective[order.index(cell)] = 1
        least, most = (
            sense * linprog(sense * objective, A_eq=equations, b_eq=numbers, method="highs").fun
            for sense in (1, -1)
        )
        if np.ceil(least - 1e-6) >= 1 and np.floor(most + 1e-6) < K:
            pinned.append(cell)
    assert pinned == [], f"{released} tables within an age were released"


def test_bare_counts_of_the_same_consultation_give_them_away(shared_data: Path) -> None:
    everybody = people(shared_data)
    sizes = {tuple(person.values()): sum(other == person for other in everybody) for person in everybody}
    assert sum(1 <= size < K for size in sizes.values()) >= 40
