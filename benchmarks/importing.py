"""Importing answers from a CSV file, against executemany of the very same rows into the same tables and indexes.

BENCH_ANSWERS answers (1,000,000 unless told otherwise), BENCH_ROUNDS rounds (1; more for fewer answers) in which both
take turns on fresh databases, each a process of its own for its memory. The rows that executemany writes are those that
the import of that round wrote, read back in the order of their keys; the figures are medians.
"""

import csv
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from parts.exporting import megabytes
from parts.filling import SLUG, scratch, with_invitations
from sqlalchemy import Table, text

from consult.consultations.queries import consultation_by_slug
from consult.core.database import Base, Database
from consult.core.tabular import opened_table
from consult.meetings.queries import meetings_of
from consult.operations.importing.responses import import_responses
from consult.responses import models

ANSWERS = int(os.environ.get("BENCH_ANSWERS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "1"))
TABLES: tuple[type[Base], ...] = (models.Response, models.Answer, models.Revision, models.ImportedRow)
WORDS = (
    "sea",
    "air",
    "budgets",
    "unity",
    "exercises",
    "Moscow",
    "patience",
    "deterrence",
    "Ukraine",
    "channel",
    "before",
    "nothing",
    "without",
    "clear",
    "incidents",
    "standing",
    "the",
    "in",
    "we",
    "need",
    "one",
    "that",
    "show",
)


def write_file(path: Path) -> None:
    chance = random.Random(4)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "answer"])
        writer.writerows(
            (f"r{n}", " ".join(chance.choices(WORDS, k=14)).capitalize()) for n in range(ANSWERS)
        )


def ours(url: str, path: str) -> None:
    database = Database(url)
    began, used = time.perf_counter(), time.process_time()
    with opened_table(Path(path)) as table, database.transaction() as session:
        consultation = consultation_by_slug(session, SLUG)
        assert consultation is not None
        meeting = meetings_of(session, consultation)[0]
        report = import_responses(
            session, consultation, meeting, table, secret_key="k" * 40,
            mapping={"answer": "answer", "id": "id"},
        )  # fmt: skip
        assert report.taken == ANSWERS, report
    tell(began, used)


def bare(url: str, path: str) -> None:
    """The rows of the other database, through the driver's executemany, 1,000 a call in one transaction."""
    source, target = Database(path), Database(url)
    spent = used = 0.0
    with source.reader.connect() as reading, target.writer.connect() as writing:
        writing.exec_driver_sql("SELECT 1")
        driver = writing.connection.driver_connection
        assert driver is not None
        cursor = driver.cursor()
        mark = "?" if target.is_sqlite else "%s"
        for model in TABLES:
            table = model.__table__
            assert isinstance(table, Table)
            names = [column.name for column in table.columns]
            insert = (
                f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
            )
            found = reading.execution_options(yield_per=1000).execute(
                text(f"SELECT {', '.join(names)} FROM {table.name}")
            )
            for part in found.partitions(1000):
                rows = [tuple(row) for row in part]
                began, began_used = time.perf_counter(), time.process_time()
                cursor.executemany(insert, rows)
                spent, used = spent + time.perf_counter() - began, used + time.process_time() - began_used
        began, began_used = time.perf_counter(), time.process_time()
        writing.commit()
        spent, used = spent + time.perf_counter() - began, used + time.process_time() - began_used
    tell(time.perf_counter() - spent, time.process_time() - used)


def tell(began: float, used: float) -> None:
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "processor": time.process_time() - used,
                "megabytes": megabytes(),
            }
        )
    )


def run(kind: str, *arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, kind, *arguments], check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    if len(sys.argv) > 1:
        {"ours": ours, "bare": bare}[sys.argv[1]](*sys.argv[2:])
        return
    with scratch() as directory:
        path = directory / "answers.csv"
        write_file(path)
        empty = directory / "empty.db"
        database = Database(f"sqlite:///{empty}")
        with_invitations(database, 1)
        database.close()  # which brings everything into the one file
        mine, limit = [], []
        for _ in range(ROUNDS):
            first, second = (directory / f"{name}.db" for name in ("ours", "bare"))
            for fresh in (first, second):  # the same ground rules and meetings, so that the same rows fit
                fresh.write_bytes(empty.read_bytes())
            mine.append(run("ours", f"sqlite:///{first}", str(path)))
            limit.append(run("bare", f"sqlite:///{second}", f"sqlite:///{first}"))
            for used in (first, second):
                used.unlink()
        taken, bare_taken = (statistics.median(one["seconds"] for one in part) for part in (mine, limit))
        ratios = {
            name: statistics.median(
                theirs[name] / ours[name] for ours, theirs in zip(mine, limit, strict=True)
            )
            for name in ("seconds", "processor")
        }
        print(
            f"SQLite, {ANSWERS:,} answers: ours {ANSWERS / taken:,.0f}/s, executemany "
            f"{ANSWERS / bare_taken:,.0f}/s, ratio {ratios['seconds']:.2f} "
            f"(processor {ratios['processor']:.2f}), memory {max(one['megabytes'] for one in mine):,.0f} MB"
        )


if __name__ == "__main__":
    main()
