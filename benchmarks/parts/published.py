"""Very many quotable answers with themes, written straight into the published view: exports read nothing else."""

import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from consult.accounts.models import User  # noqa: E402
from consult.analysis.actions import ensure_theme  # noqa: E402
from consult.consultations.queries import consultation_by_slug  # noqa: E402
from consult.core.clock import now  # noqa: E402
from consult.core.database import Database, migrate  # noqa: E402
from consult.core.identifiers import new_id, new_shuffle_key  # noqa: E402
from consult.meetings.models import Asking, Meeting  # noqa: E402
from consult.operations.definition import read  # noqa: E402
from consult.operations.loading.consultation import load  # noqa: E402
from consult.settings import folder  # noqa: E402

SLUG = "warsaw-2016"
BATCH = 50_000
_SAID = "a standing channel for incidents at sea and in the air with dates stocks and one voice"
_WORDS = _SAID.split()
_TABLES = {
    "published_text": (
        "revision_id", "consultation_id", "meeting_id", "question_id", "segments", "text", "language", "attribution",
        "attribution_line", "shuffle_key",
    ),
    "coding": ("id", "revision_id", "theme_id", "coder_id", "state", "coded_at"),
}  # fmt: skip


def fill(database: Database, rows: int) -> None:
    """Migrate, load Warsaw, and publish `rows` answers in turn at its meetings, each with one theme."""
    migrate(database.url.render_as_string(hide_password=False))
    with database.transaction() as session:
        load(session, read(folder("config") / "consultations" / f"{SLUG}.toml"))
        consultation = consultation_by_slug(session, SLUG)
        assert consultation is not None
        director = User(email="director@example.org", name="Director", created_at=now(), memberships=[])
        session.add(director)
        session.flush()
        themes = [
            ensure_theme(
                session, consultation, code=f"t{n}", title=f"Theme {n}", description="", position=n
            ).id
            for n in range(8)
        ]
        askings = session.execute(
            select(Asking.meeting_id, Asking.question_id)
            .join(Meeting, Meeting.id == Asking.meeting_id)
            .where(Meeting.consultation_id == consultation.id)
            .order_by(Meeting.position, Asking.position)
        ).all()
        batches = _batches(rows, consultation.id, director.id, themes, [tuple(each) for each in askings])
        session.commit()
    connection = database.writer.raw_connection()
    try:
        for made in batches:
            _write(connection.driver_connection, made, sqlite=database.is_sqlite)
    finally:
        connection.close()


def _batches(
    rows: int, consultation: str, director: str, themes: list[str], askings: list[tuple[str, ...]]
) -> Iterator[list[tuple[tuple[Any, ...], tuple[Any, ...]]]]:
    made = _made(rows, consultation, director, themes, askings)
    while batch := list(islice(made, BATCH)):
        yield batch


def _made(
    rows: int, consultation: str, director: str, themes: list[str], askings: list[tuple[str, ...]]
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    chance = random.Random(20160708)
    pool = [" ".join(chance.choices(_WORDS, k=chance.randint(8, 40))) for _ in range(2_000)]
    day = now()
    for number, revision in enumerate(sorted(new_id() for _ in range(rows))):
        meeting, question = askings[number % len(askings)]
        words = f"{pool[number % len(pool)]} {number}"
        yield (
            (revision, consultation, meeting, question, f'[["{words}", null]]', words, "en", "quote_unattributed",
             "A participant", new_shuffle_key()),
            (new_id(), revision, themes[number % len(themes)], director, "confirmed", day),
        )  # fmt: skip


def _write(connection: Any, made: list[tuple[tuple[Any, ...], tuple[Any, ...]]], *, sqlite: bool) -> None:
    """Past the guards, which want the decision behind each: what is measured is the reading."""
    for place, (table, columns) in enumerate(_TABLES.items()):
        names = ", ".join(columns)
        if not sqlite:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for pair in made:
                        copy.write_row(pair[place])
            connection.commit()
            continue
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        for setting in ("foreign_keys = OFF", "synchronous = OFF", "secure_delete = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        for name, _sql in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        marks = ", ".join("?" * len(columns))
        written = (pair[place] if table != "coding" else (*pair[1][:-1], str(pair[1][-1])) for pair in made)
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", written)
        for _name, sql in triggers:
            connection.execute(sql)
        connection.commit()
        for setting in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}")
    if sqlite:
        connection.execute("ANALYZE")
        connection.commit()
    else:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        connection.commit()
