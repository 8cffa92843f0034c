"""Very many answers, moderated in part, written as fast as the tables and their triggers allow."""

import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from consult.accounts.enums import Role  # noqa: E402
from consult.accounts.models import Membership, User  # noqa: E402
from consult.consultations.models import Consultation, GroundRules  # noqa: E402
from consult.consultations.queries import consultation_by_slug  # noqa: E402
from consult.core.clock import now  # noqa: E402
from consult.core.database import Database, migrate  # noqa: E402
from consult.core.identifiers import new_id, new_shuffle_key  # noqa: E402
from consult.meetings.models import Asking, Meeting  # noqa: E402
from consult.moderation.queries import SHOWN  # noqa: E402
from consult.operations.definition import read  # noqa: E402
from consult.operations.loading.consultation import load  # noqa: E402
from consult.settings import folder  # noqa: E402

SLUG = "warsaw-2016"
BATCH = 20_000
TEXTS = 50_000
"""So many texts are put together; an answer is one of them and the words it is to say besides."""
STATES = (("waiting", 0.70), ("approved", 0.20), ("rejected", 0.10))
SAID_OFTEN = "deterrence"
SAID_BY = {"zawisza": 0.0001, "kaliningrad": 0.003, "logistics": 0.015, "resilience": 0.04, SAID_OFTEN: 0.60}
"""Word → the share of answers that say it."""
_TEXT = """a standing channel for incidents at sea and in the air before we need one an agreed plan with dates
for moving heavy equipment across borders in five days stocks ammunition exercises command reserves
readiness dialogue talks verification transparency inspections brigade battalion cyber energy hybrid
border strait baltic black sea allies partners summit council money budget share promise treaty law
court sanctions gas grid ports rail bridges language trust"""
_WORDS = _TEXT.split()
_COLUMNS = {
    "response": (
        "id", "consultation_id", "meeting_id", "mode", "source", "ground_rules_id", "submission_hash", "receipt_hash",
        "late",
    ),
    "answer": (
        "id", "response_id", "consultation_id", "meeting_id", "question_id", "state", "shuffle_key", "released",
    ),
    "revision": (
        "id", "answer_id", "number", "current", "wording_id", "text", "language", "attribution", "ground_rules_id",
        "ceiling", "hash", "mark", "folded", "search_key", "standing",
    ),
    "decision": (
        "id", "answer_id", "number", "verdict", "read_hash", "state_before", "state_after", "reason", "note",
        "decided_by", "decided_at",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """What the measuring needs to know of a database."""

    rows: int
    slug: str
    director_id: str


def fill(database: Database, rows: int) -> Filled:
    """Migrate, load Warsaw, give it a director and `rows` answers at its meetings; most wait, some are decided on."""
    migrate(database.url.render_as_string(hide_password=False))
    with database.transaction() as session:
        load(session, read(folder("config") / "consultations" / f"{SLUG}.toml"))
        consultation = consultation_by_slug(session, SLUG)
        assert isinstance(consultation, Consultation)
        director = User(email="director@example.org", name="Director", created_at=now(), memberships=[])
        session.add(director)
        session.flush()
        session.add(
            Membership(user_id=director.id, consultation_id=consultation.id, role=Role.PROGRAMME_DIRECTOR)
        )
        askings = session.execute(
            select(Asking.meeting_id, Asking.question_id, Asking.wording_id)
            .join(Meeting, Meeting.id == Asking.meeting_id)
            .where(Meeting.consultation_id == consultation.id)
            .order_by(Meeting.position, Asking.position)
        ).all()
        rules = session.scalars(
            select(GroundRules).where(GroundRules.consultation_id == consultation.id)
        ).one()
        facts = (consultation.id, rules.id, rules.mode.value, int(rules.ceiling), director.id)
        session.commit()
    _write(database, _made(rows, facts, [tuple(asking) for asking in askings]))
    return Filled(rows, SLUG, director.id)


def _made(
    rows: int, facts: tuple[str, str, str, int, str], askings: Sequence[tuple[str, str, str]]
) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """In batches, table by table, each table in the order of its key: that is how it is written soonest."""
    chance = random.Random(20160708)
    consultation, rules, mode, ceiling, director = facts
    states, weights = zip(*STATES, strict=True)
    began = now() - timedelta(days=30)
    responses, answers, revisions, decisions = (sorted(new_id() for _ in range(rows)) for _ in range(4))
    pool = [" ".join(chance.choices(_WORDS, k=chance.randint(8, 40))) for _ in range(min(rows, TEXTS))]
    for start in range(0, rows, BATCH):
        tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
        for number in range(start, min(start + BATCH, rows)):
            meeting, question, wording = askings[number % len(askings)]
            response, answer, revision = responses[number], answers[number], revisions[number]
            state = chance.choices(states, weights)[0]
            text = chance.choice(pool)
            for word, share in SAID_BY.items():
                if chance.random() < share:
                    text = f"{text} {word}"
            hash_, key = f"{number:064x}", new_shuffle_key()
            tables["response"].append(
                (
                    response,
                    consultation,
                    meeting,
                    mode,
                    "import",
                    rules,
                    f"s{hash_[1:]}",
                    f"r{hash_[1:]}",
                    False,
                )
            )
            tables["answer"].append((answer, response, consultation, meeting, question, state, key, True))
            tables["revision"].append(
                (
                    revision, answer, 1, True, wording, text.capitalize() + ".", "en", ceiling, rules, ceiling, hash_,
                    hash_, text, new_shuffle_key(), f"{state}{meeting}",
                )
            )  # fmt: skip
            if state != "waiting":
                verdict, reason = ("approve", None) if state == "approved" else ("reject", "off_topic")
                at = began + timedelta(seconds=number)
                tables["decision"].append(
                    (decisions[number], answer, 1, verdict, hash_, "waiting", state, reason, "", director, at)
                )
        yield tables


def _write(database: Database, batches: Iterable[dict[str, list[tuple[Any, ...]]]]) -> None:
    """Without triggers and indexes, which are made again once everything is there."""
    written = _on_sqlite if database.is_sqlite else _on_postgresql
    with database.writer.connect() as connection:
        written(connection, batches)
        connection.commit()
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for tidying in () if database.is_sqlite else ("SET statement_timeout = 0", "VACUUM ANALYZE"):
            connection.exec_driver_sql(tidying)


def _on_sqlite(connection: Connection, batches: Iterable[dict[str, list[tuple[Any, ...]]]]) -> None:
    cursor = connection.connection.cursor()
    for setting in ("cache_size = -800000", "synchronous = OFF", "secure_delete = OFF", "foreign_keys = OFF"):
        cursor.execute(f"PRAGMA {setting}")
    places = ", ".join(f"'{table}'" for table in _COLUMNS)
    made_again = connection.exec_driver_sql(
        f"SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ({places}) AND sql IS NOT NULL "
        "AND type IN ('index', 'trigger')"
    ).all()
    for kind, name, _sql in made_again:
        cursor.execute(f"DROP {kind} {name}")
    for tables in batches:
        for table, rows in tables.items():
            marks = ", ".join("?" * len(_COLUMNS[table]))
            if table == "decision":
                written = [(*row[:-1], row[-1].strftime("%Y-%m-%d %H:%M:%S.%f")) for row in rows]
            else:
                written = rows
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(_COLUMNS[table])}) VALUES ({marks})", written
            )
    for state in SHOWN:
        cursor.execute(
            f"INSERT INTO revision_words_{state} (rowid, folded, standing) "
            f"SELECT search_key, folded, standing FROM revision WHERE standing LIKE '{state}%' ORDER BY search_key"
        )
    for _kind, _name, sql in made_again:
        cursor.execute(sql)


def _on_postgresql(connection: Connection, batches: Iterable[dict[str, list[tuple[Any, ...]]]]) -> None:
    for setting in (
        "statement_timeout = 0",
        "session_replication_role = replica",
        "maintenance_work_mem = '1GB'",
        "max_parallel_maintenance_workers = 2",
    ):
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    places = ", ".join(f"'{table}'" for table in _COLUMNS)
    made_again = connection.exec_driver_sql(
        f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({places}) "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ).all()
    for name, _sql in made_again:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    cursor = connection.connection.cursor()
    for tables in batches:
        for table, rows in tables.items():
            with cursor.copy(f"COPY {table} ({', '.join(_COLUMNS[table])}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    for _name, sql in made_again:
        connection.exec_driver_sql(sql)
