"""Whatever tables are released, in whatever order and between whichever answers, nobody subtracts to a small group."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.analysis.disclosure.cells.suppression import suppressed
from tests.analysis.attackers import PERSONAL, Attacker, Gate, Person, rows_facts

VALUES = {
    "sector": ("government", "academia", "press", "industry"),
    "role": ("official", "expert", "officer"),
    "answer": ("yes", "no", "perhaps"),
    "view": ("for", "against"),
    "meeting": ("october", "may"),
}
CLOSED = ("answer", "view")
ATTEMPTS = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
tables = st.lists(
    st.tuples(
        st.sampled_from(["sector", "role", "answer"]),
        st.sampled_from(["answer", "view", "sector", "meeting"]),
        st.sampled_from([{}, {}, {"meeting": "october"}, {"sector": "government"}, {"role": "expert"}]),
        st.booleans(),
    ).filter(lambda asked: asked[0] != asked[1] and not set(asked[2]) & {asked[0], asked[1]}),
    min_size=1,
    max_size=5,
)


def crowd(number: int, seed: int) -> list[Person]:
    """People whose answers and attributes hang together, so that tables have large and small cells."""
    chance = random.Random(seed)
    leaning = {name: chance.randint(1, 4) for name in VALUES}
    return [
        {name: values[int(len(values) * chance.random() ** leaning[name])] for name, values in VALUES.items()}
        for _ in range(number)
    ]


@given(asked=tables, size=st.integers(25, 90), came=st.integers(0, 30), seed=st.integers(0, 10**6))
@ATTEMPTS
def test_no_sequence_of_tables_gives_a_small_group_away(
    asked: list[tuple[str, str, dict[str, str], bool]], size: int, came: int, seed: int
) -> None:
    """The flag of each table says whether it is asked for before or after more people came.

    Meanwhile rows of both closed questions are out, at each time. Where everybody gave one answer to the one, they say
    by themselves who gave which to the other.
    """
    everybody, gate = crowd(size + came, seed), Gate(smallest=5, rows_of=CLOSED)
    attacker = Attacker(VALUES, sorted({size, size + came}))
    for at_first, people in ((True, everybody[:size]), (False, everybody)):
        gate.publish_rows(people)
        for rows, columns, where, early in asked:
            released = gate.release(people, rows, columns, where) if early is at_first else None
            if released is not None:
                attacker.read(*released, at=len(people))
    alone = Attacker(VALUES, attacker.epochs)
    for people in {size: everybody[:size], size + came: everybody}.values():
        for facts in rows_facts(people, CLOSED):
            for fact in facts:
                for who in (attacker, alone):
                    who.note(dict(fact.cell.where), len(people), fact.number)
    won, by_rows = attacker.wins(everybody, 5), alone.wins(everybody, 5)
    assert [cell for cell in won if cell not in by_rows] == []
    assert not any(set(PERSONAL) & set(cell) for cell in by_rows), "rows say nothing of groups"


def test_the_attacker_of_these_tests_can_win() -> None:
    """Against tables that are each safe alone it wins by subtraction, and against bare counts at once."""
    everybody = crowd(60, 7)
    attacker = Attacker(VALUES, [55, 60])
    for people in (everybody[:55], everybody):
        released = Gate(smallest=5).release(people, "sector", "view", {})
        assert released is not None
        attacker.read(*released, at=len(people))
    assert attacker.wins(everybody, 5), "two gates that know nothing of each other"
    bare = Attacker(VALUES, [60])
    for sector in VALUES["sector"]:
        size = sum(person["sector"] == sector for person in everybody)
        bare.note({"sector": frozenset({sector})}, 60, size)
        for role in VALUES["role"]:
            size = sum(person["sector"] == sector and person["role"] == role for person in everybody)
            bare.note({"sector": frozenset({sector}), "role": frozenset({role})}, 60, size)
    assert bare.wins(everybody, 5)
    assert set(PERSONAL) <= set(VALUES)


@given(
    st.integers(2, 6).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=2, max_size=6
        )
    ),
    st.integers(3, 7),
)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_no_small_cell_of_one_table_can_be_pinned_down(table: list[list[int]], k: int) -> None:
    found = suppressed(table, k)
    shown = [
        table[i][j] for i in range(len(table)) for j in range(len(table[0])) if (i, j) not in found.hidden
    ]
    assert not [cell for cell in shown if 0 < cell < k]
    if found.refused:
        return
    names = {
        "sector": [f"r{i}" for i in range(len(table))],
        "answer": [f"c{j}" for j in range(len(table[0]))],
    }
    attacker = Attacker(names, [1])
    for i, row in enumerate(table):
        attacker.note({"sector": frozenset({f"r{i}"})}, 1, sum(row))
        for j, cell in enumerate(row):
            if (i, j) not in found.hidden:
                attacker.note({"sector": frozenset({f"r{i}"}), "answer": frozenset({f"c{j}"})}, 1, cell)
    for j in range(len(table[0])):
        attacker.note({"answer": frozenset({f"c{j}"})}, 1, sum(row[j] for row in table))
    for i, j in found.hidden:
        if 0 < table[i][j] < k:
            where = {"sector": frozenset({f"r{i}"}), "answer": frozenset({f"c{j}"})}
            least, most = attacker.bounds(where, [1])
            assert not (least >= 1 and most < k), (table, i, j)


@pytest.mark.parametrize("k", [3, 5])
def test_hiding_small_cells_alone_is_not_enough(k: int) -> None:
    table = [[20, 8, 1], [9, 12, 14]]
    attacker = Attacker({"sector": ["a", "b"], "answer": ["x", "y", "z"]}, [1])
    for i, row in zip("ab", table, strict=True):
        attacker.note({"sector": frozenset({i})}, 1, sum(row))
        for j, cell in zip("xyz", row, strict=True):
            if cell >= k:
                attacker.note({"sector": frozenset({i}), "answer": frozenset({j})}, 1, cell)
    where = {"sector": frozenset({"a"}), "answer": frozenset({"z"})}
    assert attacker.bounds(where, [1]) == (1, 1)
    assert len(suppressed(table, k).hidden) == 4
