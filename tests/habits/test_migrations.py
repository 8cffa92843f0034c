"""The models and the migrations say the same, and a step back keeps what it can."""

from datetime import date

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from consult.core.database import Base, Database, alembic_config, migrate
from consult.responses.models import Answer, Response, ResponseLink, Revision
from tests.factories import World, make_answer, make_consultation, make_meeting, make_user

WITHOUT_ROWID = (
    "response",
    "response_link",
    "draft",
    "response_code",
    "answer",
    "revision",
    "participant",
    "invitation",
    "coding",
    "erasure",
    "edition_quote",
    "report_pick",
)


def test_models_and_migrations_agree(database_url: str) -> None:
    """Alembic finds nothing to do, so nobody forgot a migration."""
    command.check(alembic_config(database_url))


def test_there_is_one_head_and_numbers_follow_each_other() -> None:
    script = ScriptDirectory.from_config(alembic_config(""))
    revisions = sorted(revision.revision for revision in script.walk_revisions())
    assert script.get_heads() == [revisions[-1]]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_up_and_down_with_data(empty_database_url: str) -> None:
    """Down to before the guards and up again keeps every row; down to nothing leaves no table."""
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.transaction() as session:
        consultation, _rules = make_consultation(session)
        make_meeting(session, consultation, "october", "NATO and Russia", date(2015, 10, 1))
        make_user(session, "Director")
    database.close()
    config = alembic_config(empty_database_url)
    command.downgrade(config, "0001")
    command.upgrade(config, "head")
    database = Database(empty_database_url)
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM meeting")) == 1
        assert session.scalar(text("SELECT slug FROM consultation")) == "warsaw"
    database.close()
    command.downgrade(config, "base")
    database = Database(empty_database_url)
    left = {name for name in inspect(database.reader).get_table_names() if not name.startswith("huey")}
    database.close()
    assert left <= {"alembic_version"}


def test_tables_that_hold_answers_keep_no_hidden_order(sqlite_url: str) -> None:
    """SQLite's rowid would replay the order of submission."""
    database = Database(sqlite_url)
    with database.reading() as session:
        for table in WITHOUT_ROWID:
            definition = session.scalar(
                text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
            )
            assert "WITHOUT ROWID" in str(definition), table
    database.close()


def test_a_response_holds_only_what_it_may() -> None:
    """One list of columns: no address, no agent, no name, no time finer than the switch, no sequential number."""
    assert {column.name for column in Response.__table__.columns} == {
        "id", "consultation_id", "meeting_id", "mode", "source", "ground_rules_id", "submission_hash", "receipt_hash",
        "participant_id", "submitted_at", "late", "country", "country_group", "sector", "role_label", "language",
    }  # fmt: skip
    assert {column.name for column in Answer.__table__.columns} == {
        "id", "response_id", "consultation_id", "meeting_id", "question_id", "state", "shuffle_key",
        "released",
    }  # fmt: skip
    assert {column.name for column in Revision.__table__.columns} == {
        "id", "answer_id", "number", "current", "wording_id", "text", "choices", "language", "attribution",
        "ground_rules_id", "ceiling", "waived_at", "hash", "mark", "folded", "search_key", "standing",
    }  # fmt: skip
    assert {column.name for column in ResponseLink.__table__.columns} == {"handle", "sealed"}


def test_nothing_but_the_named_tables_leads_from_a_person_to_words() -> None:
    """Foreign keys between people and responses: only attributed mode's, which a constraint keeps empty elsewhere."""
    people = {"participant", "invitation"}
    words = {
        "response",
        "answer",
        "revision",
        "response_link",
        "draft",
        "published_text",
        "published_case",
        "imported_row",
        "response_code",
        "erasure",
        "edition_quote",
    }
    links = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if {table.name, key.column.table.name} & people and {table.name, key.column.table.name} & words
    }
    assert links == {"response.participant_id"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revision SET text = 'other words'",
        "UPDATE revision SET attribution = 0",
        "UPDATE revision SET ceiling = 6",
        "UPDATE ground_rules SET smallest_group = 3",
        "UPDATE wording SET source_text = 'another question'",
        "UPDATE response SET participant_id = (SELECT id FROM participant LIMIT 1)",
        "UPDATE response SET mode = 'attributed'",
        "UPDATE ground_rules SET smallest_group = 2",
    ],
)
def test_the_database_refuses_what_would_expose_or_falsify(
    database: Database, world: World, statement: str
) -> None:
    with database.transaction() as session:
        make_answer(session, world.consultation, world.rules, world.asking)
    with pytest.raises(DatabaseError), database.transaction() as session:
        session.execute(text(statement))


def test_a_reading_session_cannot_write(database: Database, world: World) -> None:
    with database.reading() as session, pytest.raises(DatabaseError):
        session.execute(text("UPDATE consultation SET title = 'changed'"))
