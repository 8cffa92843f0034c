"""Very many approved answers, each with one to three themes: what tallies are measured on."""

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from consult.analysis.actions import ensure_theme
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.clock import now
from consult.core.database import Database
from consult.core.identifiers import new_id
from parts import answers

THEMES = 20
ATTRIBUTES = {
    "country": ("PL", "GB", "EE", "LV", "DE", "FR", "US", "NO"),
    "country_group": ("Baltic states", "Western Europe", "North America"),
    "sector": ("government", "academia", "press", "industry", "military"),
    "role_label": ("a national official", "a NATO official", "an expert"),
    "language": ("en", "fr", "pl"),
}
CASE = ("revision_id", "consultation_id", "meeting_id", "question_id", "counts_as_participant", *ATTRIBUTES)
CODING = ("id", "revision_id", "theme_id", "coder_id", "state", "coded_at")


def fill_coded(database: Database, rows: int) -> str:
    """Fill, approve everything, publish and code it. Returns the consultation's slug."""
    answers.STATES = (("approved", 1.0),)
    filled = answers.fill(database, rows)
    with database.transaction() as session:
        consultation = consultation_by_slug(session, filled.slug)
        assert isinstance(consultation, Consultation)
        themes = [
            ensure_theme(session, consultation, code=f"theme-{number}", title=f"Theme {number}").id
            for number in range(THEMES)
        ]
        revisions = session.execute(
            text(
                "SELECT revision.id, answer.meeting_id, answer.question_id FROM revision "
                "JOIN answer ON answer.id = revision.answer_id ORDER BY revision.id"
            )
        ).all()
        consultation_id = session.scalars(
            select(Consultation.id).where(Consultation.slug == filled.slug)
        ).one()
    chance = random.Random(20160709)
    _write(
        database,
        "published_case",
        CASE,
        (
            (
                revision,
                consultation_id,
                meeting,
                question,
                True,
                *(chance.choice(values) for values in ATTRIBUTES.values()),
            )
            for revision, meeting, question in revisions
        ),
    )
    at = now()
    coded = (
        (revision, theme)
        for revision, _meeting, _question in revisions
        for theme in chance.sample(themes, chance.choices((1, 2, 3), (0.7, 0.2, 0.1))[0])
    )
    _write(
        database,
        "coding",
        CODING,
        ((new_id(), revision, theme, filled.director_id, "confirmed", at) for revision, theme in coded),
    )
    return filled.slug


def _write(database: Database, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    with database.writer.connect() as connection:
        if database.is_sqlite:
            cursor = connection.connection.cursor()
            for setting in ("cache_size = -800000", "synchronous = OFF", "foreign_keys = OFF"):
                cursor.execute(f"PRAGMA {setting}")
            marks = ", ".join("?" * len(columns))
            cursor.execute("BEGIN")
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                (tuple(str(value) if hasattr(value, "tzinfo") else value for value in row) for row in rows),
            )
            cursor.execute("COMMIT")
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")
            with connection.connection.cursor().copy(
                f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            ) as copy:
                for row in rows:
                    copy.write_row(row)
            connection.commit()
    if not database.is_sqlite:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(f"VACUUM ANALYZE {table}, counted_theme")
