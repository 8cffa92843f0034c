"""Very many approved answers, each with one to three themes: what tallies are measured on."""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from consult.analysis.actions import ensure_theme
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.clock import now
from consult.core.database import Database, unhurried
from consult.core.identifiers import new_id, new_shuffle_key
from consult.meetings.queries import meetings_of
from parts import answers
from tests.factories import make_asking, make_question

THEMES = 20
ATTRIBUTES = {
    "country": ("PL", "GB", "EE", "LV", "DE", "FR", "US", "NO"),
    "country_group": ("Baltic states", "Western Europe", "North America"),
    "sector": ("government", "academia", "press", "industry", "military"),
    "role_label": ("a national official", "a NATO official", "an expert"),
    "language": ("en", "fr", "pl"),
}
CASE = (
    "revision_id", "consultation_id", "meeting_id", "question_id", "counts_as_participant", *ATTRIBUTES, "choices",
)  # fmt: skip
ANSWER = (
    "id",
    "response_id",
    "consultation_id",
    "meeting_id",
    "question_id",
    "state",
    "shuffle_key",
    "released",
)
REVISION = (
    "id", "answer_id", "number", "current", "wording_id", "choices", "language", "attribution", "ground_rules_id",
    "ceiling", "hash", "mark", "folded", "search_key", "standing",
)  # fmt: skip
CLOSED = "sure"
"""The code of the question with choices."""
CODING = ("id", "revision_id", "theme_id", "coder_id", "state", "coded_at")


def fill_coded(database: Database, rows: int, *, several: bool = False) -> str:
    """Fill, approve everything, publish and code it. Returns the consultation's slug.

    `several`: every two answers are one person's, to two questions in words; everybody chose something besides.
    """
    answers.STATES = (("approved", 1.0),)
    filled = answers.fill(database, rows)
    with database.transaction() as session:
        unhurried(session)
        consultation = consultation_by_slug(session, filled.slug)
        assert isinstance(consultation, Consultation)
        themes = [
            ensure_theme(session, consultation, code=f"theme-{number}", title=f"Theme {number}").id
            for number in range(THEMES)
        ]
        consultation_id = consultation.id
        wordings = _asked_more(session, consultation) if several else {}
    chosen = _chosen(database, consultation_id, wordings) if several else {}
    with database.reading() as session:
        revisions = session.execute(
            text(
                "SELECT revision.id, answer.meeting_id, answer.question_id, answer.response_id "
                "FROM revision JOIN answer ON answer.id = revision.answer_id ORDER BY revision.id"
            )
        ).all()
    chance = random.Random(20160709)
    people: dict[str, tuple[str, ...]] = defaultdict(
        lambda: tuple(chance.choice(values) for values in ATTRIBUTES.values())
    )
    _write(
        database,
        "published_case",
        CASE,
        (
            (revision, consultation_id, meeting, question, True, *people[response], chosen.get(revision))
            for revision, meeting, question, response in revisions
        ),
    )
    at = now()
    coded = (
        (revision, theme)
        for revision, *_where in revisions
        if revision not in chosen
        for theme in chance.sample(themes, chance.choices((1, 2, 3), (0.7, 0.2, 0.1))[0])
    )
    _write(
        database,
        "coding",
        CODING,
        ((new_id(), revision, theme, filled.director_id, "confirmed", at) for revision, theme in coded),
    )
    return filled.slug


def _asked_more(session: Session, consultation: Consultation) -> dict[str, tuple[str, str]]:
    """Ask a second question in words, and one with choices. Meeting → the latter and its wording."""
    second = make_question(session, consultation, "second", "And what else?", 3)
    closed = make_question(session, consultation, CLOSED, "How sure are you?", 4)
    closed.kind, closed.settings = "scale", {"points": 5}
    asked = {}
    for meeting in meetings_of(session, consultation):
        make_asking(session, second, meeting)
        asked[meeting.id] = closed.id, make_asking(session, closed, meeting).wording_id
    found = session.execute(
        text("SELECT id, response_id, meeting_id FROM answer ORDER BY meeting_id, id")
    ).all()
    moved = [
        {"answer": other.id, "response": first.response_id, "second": second.id}
        for first, other in zip(found[::2], found[1::2], strict=False)
        if first.meeting_id == other.meeting_id
    ]
    session.execute(
        text("UPDATE answer SET response_id = :response, question_id = :second WHERE id = :answer"), moved
    )
    return asked


def _chosen(database: Database, consultation_id: str, asked: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Give everybody an answer with a choice. Revision → what was chosen."""
    with database.reading() as session:
        rules, ceiling = session.execute(text("SELECT DISTINCT ground_rules_id, ceiling FROM revision")).one()
        people = session.execute(text("SELECT DISTINCT response_id, meeting_id FROM answer ORDER BY 1")).all()
    chance = random.Random(20160711)
    made = [(new_id(), new_id(), f'["{chance.randint(1, 5)}"]', *person) for person in people]
    _write(database, "answer", ANSWER, (
        (answer, response, consultation_id, meeting, asked[meeting][0], "approved", new_shuffle_key(), True)
        for answer, _revision, _choices, response, meeting in sorted(made)
    ))  # fmt: skip
    _write(database, "revision", REVISION, (
        (revision, answer, 1, True, asked[meeting][1], choices, "en", 1, rules, ceiling, f"{number:064x}",
         f"{number:064x}", "", new_shuffle_key(), f"approved{meeting}")
        for number, (answer, revision, choices, _response, meeting) in enumerate(made)
    ))  # fmt: skip
    return {revision: choices for _answer, revision, choices, *_who in made}


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
            connection.exec_driver_sql(f"VACUUM ANALYZE {table}, counted_theme, counted_answer")
