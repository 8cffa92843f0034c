"""What a response may hold is one list: a column that is not on it fails here, and so does a way back to a person."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

import consult.app  # noqa: F401  (so that every model is known)
from consult.consultations.enums import Attribution
from consult.core.database import Base, Database
from consult.core.identifiers import digest
from consult.core.sealing import Seal
from consult.participants.models import Invitation
from consult.responses.actions import GivenAnswer, submit
from tests.factories import World

MAY_HOLD = {
    "response": {
        "id", "consultation_id", "meeting_id", "mode", "source", "ground_rules_id", "submission_hash",
        "receipt_hash", "participant_id", "submitted_at", "late",
        "country", "country_group", "sector", "role_label", "language",
    },
    "response_link": {"handle", "sealed"},
    "draft": {"handle", "sealed", "gone_on"},
    "answer": {
        "id", "response_id", "consultation_id", "meeting_id", "question_id", "state", "shuffle_key", "released",
    },
    "revision": {
        "id", "answer_id", "number", "current", "wording_id", "text", "choices", "language", "attribution",
        "ground_rules_id", "ceiling", "waived_at", "hash", "mark", "folded", "search_key", "standing",
    },
    "imported_row": {"meeting_id", "key"},
    "response_code": {"code_hash", "meeting_id", "joined"},
    "session_note": {
        "answer_id", "consultation_id", "meeting_id", "session_id", "position", "voiced", "written_by",
    },
    "paper_card": {
        "id", "consultation_id", "meeting_id", "language", "consented", "entered", "entered_by", "checked_by",
        "version",
    },
}  # fmt: skip
PEOPLE = {"participant", "invitation"}
TELLING = ("ip", "address", "agent", "email", "created", "updated", "sequence", "user", "browser")


def test_response_tables_hold_nothing_but_what_is_listed(database: Database) -> None:
    held = inspect(database.reader)
    for table, columns in MAY_HOLD.items():
        assert {column["name"] for column in held.get_columns(table)} == columns
        assert {column.name for column in Base.metadata.tables[table].columns} == columns
        assert not [c for c in columns for word in TELLING if word in c.split("_")]


def test_every_table_of_responses_is_on_the_list() -> None:
    models = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if mapper.class_.__module__ == "consult.responses.models"
    }
    assert models == MAY_HOLD.keys()


def test_response_tables_keep_no_order_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.reading() as session:
        for table in (*MAY_HOLD, *PEOPLE):
            with pytest.raises(Exception, match="no such column"):
                session.execute(text(f"SELECT rowid FROM {table}"))
    database.close()


def test_no_key_leads_from_a_person_to_a_response_but_the_attributed_one() -> None:
    """Walks every foreign key of the model: none joins the two sides, directly or through a third table."""
    sides = dict.fromkeys(PEOPLE, "person") | dict.fromkeys(MAY_HOLD, "words")
    crossing = set()
    for table in Base.metadata.tables.values():
        reached = {key.column.table.name for key in table.foreign_keys} | {table.name}
        if {"person", "words"} <= {sides.get(name) for name in reached}:
            crossing |= {
                (table.name, column.name)
                for column in table.columns
                for key in column.foreign_keys
                if key.column.table.name in PEOPLE
            }
    assert crossing == {("response", "participant_id")}


def test_what_is_stored_with_a_response_has_no_value_in_common_with_the_person(
    session: Session, world: World
) -> None:
    """Beside the meeting and the consultation no value stands on both sides: not even a hash of one."""
    seal = Seal("a-link-key-of-this-test-0123456789abc")
    submit(
        session,
        session.get_one(Invitation, world.participant.invitation.id),
        [GivenAnswer(a, "Words.", Attribution.AGGREGATE_ONLY, "en") for a in world.askings[world.october.id]],
        submission_key="k1",
        secret_key="a-secret-key-of-this-test-0123456789",
        seal=seal,
    )
    session.flush()
    persons = _values(session, PEOPLE) - {world.october.id, world.may.id, world.consultation.id, "en"}
    words = _values(session, MAY_HOLD)
    assert not persons & words
    assert not {digest(value) for value in persons} & words
    # … while the key opens the link.
    handle = seal.handle(world.participant.invitation.id)
    sealed = session.execute(
        text("SELECT sealed FROM response_link WHERE handle = :handle"), {"handle": handle}
    ).scalar_one()
    opened = seal.open(bytes(sealed), under=handle)
    assert opened == session.execute(text("SELECT id FROM response")).scalar_one()


def _values(session: Session, tables: set[str] | dict[str, set[str]]) -> set[str]:
    return {
        value
        for table in tables
        for row in session.execute(text(f"SELECT * FROM {table}"))
        for value in row
        if isinstance(value, str) and value
    }
