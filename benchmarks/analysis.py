"""Tallies of very many coded answers, counted anew and at hand, and the gate with its audit on a table of 30 × 12.

BENCH_CODED changes how many answers are coded (1,000,000); BENCH_ONLY=sqlite or postgresql leaves the other out.
Processor time stands beside the clock, since the machine may be shared; PostgreSQL's is its server's too.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from parts.coded import CLOSED, fill_coded
from parts.databases import new_database, postgresql_server
from parts.filling import scratch
from sqlalchemy import text

from consult.analysis.counting import forget, keep, taken
from consult.analysis.disclosure.cells.axes import Axis, Group
from consult.analysis.disclosure.cells.gridding import Asked, Counts
from consult.analysis.disclosure.cells.sequences import History
from consult.analysis.disclosure.tables import checked
from consult.analysis.queries.tallies import MEETING, QUESTION, THEME, WROTE, counted, tally
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug, questions_of
from consult.core.database import Database

CODED = int(os.environ.get("BENCH_CODED", "1000000"))
ROUNDS = 5
ROWS, COLUMNS, SMALLEST = 30, 12, 5


def timed(work: Callable[[], object], server: int | None = None) -> tuple[float, float]:
    """By the clock, and of the processor: this process's and that of the server it asks."""
    began, processor = time.perf_counter(), spent_on(server)
    work()
    return time.perf_counter() - began, spent_on(server) - processor


def spent_on(server: int | None) -> float:
    file = Path(f"/proc/{server}/schedstat")
    theirs = int(file.read_text().split()[0]) / 1e9 if server is not None and file.exists() else 0.0
    return time.process_time() + theirs


def tallies(url: str, name: str, *, several: bool) -> None:
    """With one question in words, or with two and one with choices, as half as many people answered."""
    database = Database(url)
    slug = fill_coded(database, CODED, several=several)
    with database.reading() as session:
        consultation = consultation_by_slug(session, slug)
        assert isinstance(consultation, Consultation)
        server = None if database.is_sqlite else session.scalar(text("SELECT pg_backend_pid()"))
        tables: list[tuple[str, ...]] = [(MEETING,), ("country",), (MEETING, THEME), ("sector", THEME)]
        if several:
            [closed] = [each.id for each in questions_of(session, consultation) if each.code == CLOSED]
            chosen = QUESTION + closed
            tables += [(MEETING, chosen), ("sector", chosen), (chosen, THEME), ("sector", WROTE)]
        for by in tables:
            cells = counted(session, consultation, *by)
            spent = [timed(partial(counted, session, consultation, *by), server) for _ in range(ROUNDS)]
            clock, processor = (statistics.median(times) for times in zip(*spent, strict=True))
            said = " and ".join("choice" if part.startswith(QUESTION) else part for part in by)
            print(
                f"{name}: {CODED} coded answers{' to two questions' if several else ''} by {said}, cold {clock:.2f} s, "
                f"processor {processor:.2f} s, {sum(cells.values())} counted"
            )
        clock, processor = timed(partial(taken, session, consultation.id), server)
        print(f"{name}: what is kept at hand taken in {clock:.2f} s, processor {processor:.2f} s")
        ready = taken(session, consultation.id)
    with database.transaction() as session:
        forget(session, consultation.id)
    with database.transaction() as session:
        assert keep(session, consultation.id, ready)
    with database.reading() as session:
        spent = [timed(lambda: tally(session, consultation, MEETING, THEME)) for _ in range(ROUNDS)]
        print(f"{name}: the same at hand {1000 * statistics.median(times[0] for times in spent):.1f} ms")
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
    for several in (False, True) if os.environ.get("BENCH_ONLY") != "postgresql" else ():
        with scratch() as directory:
            tallies(f"sqlite:///{directory}/bench.db", "SQLite", several=several)
    with postgresql_server() as server:
        for several in (False, True) if server is not None else ():
            with new_database(server, "bench_analysis") as url:
                tallies(url, "PostgreSQL", several=several)


if __name__ == "__main__":
    main()
