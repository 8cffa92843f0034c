"""Tallies of very many coded answers, counted anew and at hand, and the gate with its audit on a table of 30 × 12.

BENCH_CODED changes how many answers are coded (1,000,000). Set CONSULT_TEST_DATABASE_URL to a PostgreSQL server to
measure on it too. Processor time stands beside the clock, since the first reading of a large file waits for the disk.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from parts.coded import fill_coded
from parts.filling import scratch

from consult.analysis.counting import forget, keep, taken
from consult.analysis.disclosure.axes import Axis, Group
from consult.analysis.disclosure.gridding import Asked, Counts
from consult.analysis.disclosure.sequences import History
from consult.analysis.disclosure.tables import checked
from consult.analysis.queries.tallies import MEETING, THEME, counted, tally
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.database import Database

CODED = int(os.environ.get("BENCH_CODED", "1000000"))
ROUNDS = 5
ROWS, COLUMNS, SMALLEST = 30, 12, 5


def timed(work: Callable[[], object]) -> tuple[float, float]:
    began, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - processor


def tallies(url: str, name: str) -> None:
    database = Database(url)
    slug = fill_coded(database, CODED)
    with database.reading() as session:
        consultation = consultation_by_slug(session, slug)
        assert isinstance(consultation, Consultation)
        for by in ((MEETING,), (MEETING, THEME), ("sector", THEME)):
            clock, processor = timed(partial(counted, session, consultation, *by))
            print(
                f"{name}: {CODED} coded answers by {' and '.join(by)}, cold {clock:.2f} s, "
                f"processor {processor:.2f} s"
            )
        kept = taken(session, consultation.id)
    with database.transaction() as session:
        forget(session, consultation.id)
    with database.transaction() as session:
        assert keep(session, consultation.id, kept)
    with database.reading() as session:
        spent = [timed(lambda: tally(session, consultation, MEETING, THEME))[0] for _ in range(ROUNDS)]
        print(f"{name}: the same at hand {1000 * statistics.median(spent):.1f} ms")
    database.close()


def gate() -> None:
    rows = Axis(
        "country", tuple(Group(f"c{n}", frozenset({f"c{n}"})) for n in range(ROWS)), True, False, "country"
    )
    columns = Axis(
        "question:q",
        tuple(Group(f"a{n}", frozenset({f"a{n}"})) for n in range(COLUMNS)),
        False,
        False,
        "question:q",
    )
    for mean in (3, 6, 12, 30):
        chance = random.Random(mean)
        cells = {
            (f"c{i}", f"a{j}"): int(chance.expovariate(1 / mean)) for i in range(ROWS) for j in range(COLUMNS)
        }
        sides = {f"c{i}": sum(cells[f"c{i}", f"a{j}"] for j in range(COLUMNS)) for i in range(ROWS)}
        tops = {f"a{j}": sum(cells[f"c{i}", f"a{j}"] for i in range(ROWS)) for j in range(COLUMNS)}
        people = sum(sides.values())
        asked = Asked(rows, columns, Counts(cells, sides, tops, people), SMALLEST, {})
        domains = {axis.variable: axis.domain for axis in (rows, columns)}
        history = History(people, [], domains, {"country"}, SMALLEST)
        spent = statistics.median(timed(partial(checked, asked, history))[0] for _ in range(3))
        small = sum(0 < cell < SMALLEST for cell in cells.values())
        print(f"gate with audit, {ROWS} × {COLUMNS}, {people} people, {small} small cells: {spent:.2f} s")


def main() -> None:
    gate()
    with scratch() as directory:
        tallies(f"sqlite:///{directory}/bench.db", "SQLite")
    if postgresql := os.environ.get("CONSULT_TEST_DATABASE_URL"):
        tallies(postgresql, "PostgreSQL")
    else:
        print("PostgreSQL: not measured, CONSULT_TEST_DATABASE_URL is not set")


if __name__ == "__main__":
    main()
