"""A roster of 100,000 rows taken in from CSV, against executemany of the same rows into the same tables and indexes.

Prints seconds, peak memory of the whole process with its parsing child, and the ratio. `--rows` for another size.
"""

import argparse
import io
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import insert

from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database, migrate
from consult.core.identifiers import digest, new_id
from consult.core.sealing import Seal
from consult.core.tabular import read_in_child
from consult.meetings.enums import DatePrecision
from consult.meetings.models import Meeting
from consult.operations.people.actions import FACTS
from consult.operations.people.columns import guessed
from consult.operations.people.intake import planned, taken_in
from consult.participants.models import Invitation, Participant

COUNTRIES = ("Poland", "Royaume-Uni", "Estonia", "Łotwa", "DE", "France", "USA", "NO")


class Spent(NamedTuple):
    """Seconds on the clock, and of the processor: on a busy machine the second is the one that says something."""

    clock: float
    processor: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.clock - other.clock, self.processor - other.processor)

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.processor:.1f} s)"


def spent() -> Spent:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime)


def people(number: int) -> list[tuple[str, ...]]:
    return [
        (
            f"Łukasz Person {n}",
            f"person-{n}@example.org",
            COUNTRIES[n % 8],
            f"Institute {n % 500}",
            "Analyst",
            "an analyst",
            "research",
            "pl",
        )
        for n in range(number)
    ]


def empty(path: Path) -> tuple[Database, str, str]:
    """A migrated database with a consultation and a meeting, and their identifiers."""
    url = f"sqlite:///{path}"
    migrate(url)
    database = Database(url)
    with database.transaction() as session:
        consultation = Consultation(slug="big", title="Big", created_at=now())
        session.add(consultation)
        session.flush()
        meeting = Meeting(
            consultation_id=consultation.id,
            slug="one",
            title="One",
            short_title="One",
            starts_on=date(2016, 5, 1),
            ends_on=date(2016, 5, 1),
            precision=DatePrecision.MONTH,
        )
        session.add(meeting)
        session.flush()
        return database, consultation.id, meeting.id


def import_file(database: Database, ids: tuple[str, str], content: bytes) -> Spent:
    started = spent()
    with database.transaction() as session:
        consultation, meeting = session.get_one(Consultation, ids[0]), session.get_one(Meeting, ids[1])
        table = read_in_child(content, name="roster.csv")
        plan = planned(session, consultation, table, guessed(table.columns, []), meeting)
        assert not plan.problems, plan.problems[:3]
        taken_in(session, consultation, plan, meeting, seal=Seal("k" * 40), by=None)
    return spent() - started


def executemany(database: Database, ids: tuple[str, str], rows: list[tuple[str, ...]]) -> Spent:
    """The floor: the same rows, ready made, in two statements."""
    persons, invitations = [], []
    for row in rows:
        person = new_id()
        facts = dict(zip(FACTS, row, strict=True)) | {"country": "PL"}
        persons.append({"id": person, "consultation_id": ids[0], **facts})
        invitations.append(
            {
                "id": new_id(),
                "participant_id": person,
                "meeting_id": ids[1],
                "secret_hash": digest(new_id()),
                "code_hash": digest(new_id()),
            }
        )
    started = spent()
    with database.transaction() as session:
        session.execute(insert(Participant.__table__), persons)
        session.execute(insert(Invitation.__table__), invitations)
    return spent() - started


def peak() -> tuple[int, int]:
    """Megabytes at most: of this process, of its largest child."""
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return tuple(  # type: ignore[return-value]
        resource.getrusage(who).ru_maxrss // scale for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    number = arguments.parse_args().rows
    written = io.StringIO()
    written.write(",".join(FACTS) + "\r\n")
    written.writelines(",".join(row) + "\r\n" for row in people(number))
    content = written.getvalue().encode()
    written.close()
    with tempfile.TemporaryDirectory(prefix="consult-roster-") as folder:
        database, *ids = empty(Path(folder) / "import.db")
        seconds = import_file(database, (ids[0], ids[1]), content)
        again = import_file(database, (ids[0], ids[1]), content)
        own, child = peak()
        database.close()
        bare, *bare_ids = empty(Path(folder) / "bare.db")
        floor = executemany(bare, (bare_ids[0], bare_ids[1]), people(number))
        bare.close()
    print("| rows | file | import | again, unchanged | executemany | ratio | memory | of its child |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {number:,} | {len(content) / 1e6:.1f} MB | {seconds} | {again} | {floor} "
        f"| {seconds.clock / floor.clock:.1f} ({seconds.processor / floor.processor:.1f}) | {own} MB | {child} MB |"
    )


if __name__ == "__main__":
    main()
