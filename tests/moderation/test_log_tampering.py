"""Whoever steps round the guards and edits the log by hand is found out by `consult verify`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.core import audit
from consult.core.audit import AuditEntry, first_broken
from consult.core.database import Database
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import Decision
from consult.operations.verification import faults
from consult.responses.queries import current_revision
from tests.factories import World, make_answer

GUARDED = ("audit_entry", "audit_head", "decision", "redaction")
TWO_SPANS = [Span(0, 1, RedactionKind.AFFILIATION), Span(2, 10, RedactionKind.PLACE_OR_TIME)]


@pytest.fixture
def acts(session: Session, world: World) -> list[Decision]:
    """Four acts on three answers: two redacted approvals, a rejection, and its reversal."""
    made = []
    for reason, spans in ((None, TWO_SPANS), (RejectReason.OFF_TOPIC, []), (None, TWO_SPANS[:1])):
        answer = make_answer(session, world.consultation, world.rules, world.asking)
        verdict = Verdict.REJECT if reason else Verdict.APPROVE
        read = current_revision(session, answer).hash
        made.append(
            decide(
                session,
                answer,
                verdict,
                read=read,
                by=world.director,
                reason=reason,
                note="so",
                redactions=spans,
            )
        )
    answer = session.get_one(type(answer), made[1].answer_id)
    made.append(
        decide(
            session,
            answer,
            Verdict.REOPEN,
            read=current_revision(session, answer).hash,
            by=world.second_director,
            read_number=1,
        )
    )
    session.commit()
    return made


def by_hand(database: Database, *statements: str, **facts: object) -> None:
    """As somebody would who may do everything to the database, in whatever order."""
    with database.session(writing=True) as session:
        if database.is_sqlite:
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
            triggers = session.execute(
                text(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables"
                ).bindparams(bindparam("tables", GUARDED, expanding=True))
            )
            for (name,) in triggers.all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in GUARDED:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement), facts)
        session.commit()


def found(database: Database) -> list[str]:
    with database.reading() as session:
        return faults(session)


def test_untouched_it_is_whole(database: Database, acts: list[Decision]) -> None:
    assert found(database) == []


@pytest.mark.parametrize(
    "column",
    [
        "act = 'read'",
        "subject = 'x'",
        "facts = '{}'",
        "user_id = NULL",
        "at = (SELECT max(created_at) FROM user_account)",
    ],
)
def test_a_changed_entry_is_found(database: Database, acts: list[Decision], column: str) -> None:
    by_hand(database, f"UPDATE audit_entry SET {column} WHERE number = 2")
    assert "The audit log was changed, has a gap or was cut off, at entry 2." in found(database)


def test_a_deleted_entry_is_found(database: Database, acts: list[Decision]) -> None:
    by_hand(database, "DELETE FROM audit_entry WHERE number = 2")
    assert "The audit log was changed, has a gap or was cut off, at entry 3." in found(database)


def test_swapped_entries_are_found(database: Database, acts: list[Decision]) -> None:
    by_hand(
        database,
        "UPDATE audit_entry SET number = 99 WHERE number = 2",
        "UPDATE audit_entry SET number = 2 WHERE number = 3",
        "UPDATE audit_entry SET number = 3 WHERE number = 99",
    )
    assert "The audit log was changed, has a gap or was cut off, at entry 2." in found(database)


def test_a_cut_off_end_is_found_even_after_the_next_act(
    database: Database, acts: list[Decision], world: World
) -> None:
    by_hand(database, "DELETE FROM audit_entry WHERE number >= 3")
    assert "The audit log was changed, has a gap or was cut off, at entry 3." in found(database)
    with database.transaction() as session:
        audit.record(session, "later", user_id=world.director.id)
    assert "The audit log was changed, has a gap or was cut off, at entry 5." in found(database)


def test_an_end_cut_off_everywhere_in_the_chain_is_found_by_the_decisions(
    database: Database, acts: list[Decision]
) -> None:
    by_hand(
        database,
        "DELETE FROM audit_entry WHERE number >= 3",
        "UPDATE audit_head SET number = 2, hash = (SELECT hash FROM audit_entry WHERE number = 2)",
    )
    assert found(database) == ["2 decisions are not in the audit log."]


def test_a_chain_emptied_or_without_its_end_is_found(database: Database, acts: list[Decision]) -> None:
    by_hand(database, "DELETE FROM audit_head")
    assert "The audit log was changed, has a gap or was cut off, at entry 5." in found(database)
    by_hand(database, "DELETE FROM audit_entry")
    assert "The audit log was changed, has a gap or was cut off, at entry 1." in found(database)


@pytest.mark.parametrize(
    "column",
    [
        "verdict = 'approve', state_after = 'approved'",
        "reason = 'other'",
        "state_before = 'approved'",
        "read_hash = 'x'",
        "note = 'rewritten'",
        "number = 7",
        "decided_at = (SELECT max(created_at) FROM user_account)",
        "decided_by = (SELECT decided_by FROM decision WHERE verdict = 'reopen')",
    ],
)
def test_a_changed_decision_is_found(database: Database, acts: list[Decision], column: str) -> None:
    by_hand(database, f"UPDATE decision SET {column} WHERE id = :id", id=acts[1].id)
    assert f"Decision {acts[1].id} is not what the audit log says it was." in found(database)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE redaction SET ends = 2 WHERE decision_id = :id AND starts = 0",
        "UPDATE redaction SET kind = 'allegation' WHERE decision_id = :id AND starts = 2",
        "DELETE FROM redaction WHERE decision_id = :id AND starts = 2",
        "UPDATE redaction SET decision_id = :other WHERE decision_id = :id AND starts = 2",
    ],
)
def test_a_changed_deleted_or_moved_redaction_is_found(
    database: Database, acts: list[Decision], statement: str
) -> None:
    by_hand(database, statement, id=acts[0].id, **({"other": acts[2].id} if ":other" in statement else {}))
    told = found(database)
    assert f"Decision {acts[0].id} is not what the audit log says it was." in told
    assert (f"Decision {acts[2].id} is not what the audit log says it was." in told) == (
        ":other" in statement
    )


def test_swapped_redactions_are_found(database: Database, acts: list[Decision]) -> None:
    by_hand(
        database,
        "UPDATE redaction SET starts = 99, ends = 100 WHERE decision_id = :id AND starts = 0",
        "UPDATE redaction SET starts = 0, ends = 1 WHERE decision_id = :id AND starts = 2",
        "UPDATE redaction SET starts = 2, ends = 10 WHERE decision_id = :id AND starts = 99",
        id=acts[0].id,
    )
    assert found(database) == [f"Decision {acts[0].id} is not what the audit log says it was."]


def test_a_deleted_decision_is_found(database: Database, acts: list[Decision]) -> None:
    by_hand(database, "DELETE FROM decision WHERE id = :id", id=acts[1].id)
    assert f"Decision {acts[1].id} is in the audit log and was deleted." in found(database)


def test_decisions_that_change_places_are_found(database: Database, acts: list[Decision]) -> None:
    one, other = acts[0], acts[2]
    by_hand(
        database,
        "UPDATE decision SET number = 99 WHERE id = :one",
        "UPDATE decision SET answer_id = :there WHERE id = :other",
        "UPDATE decision SET answer_id = :here WHERE id = :one",
        "UPDATE decision SET number = 1 WHERE id = :one",
        one=one.id,
        other=other.id,
        there=one.answer_id,
        here=other.answer_id,
    )
    told = found(database)
    for act in (one, other):
        assert f"Decision {act.id} is not what the audit log says it was." in told


def test_a_cut_off_end_of_the_decisions_is_found(database: Database, acts: list[Decision]) -> None:
    last_two = "SELECT id FROM decision ORDER BY decided_at DESC LIMIT 2"
    by_hand(
        database,
        f"DELETE FROM redaction WHERE decision_id IN ({last_two})",
        f"DELETE FROM decision WHERE id IN ({last_two})",
    )
    told = found(database)
    for act in acts[2:]:
        assert f"Decision {act.id} is in the audit log and was deleted." in told


def test_a_decision_slipped_in_is_found(database: Database, acts: list[Decision]) -> None:
    by_hand(
        database,
        "INSERT INTO decision (id, answer_id, number, verdict, read_hash, state_before, state_after, reason, note, "
        "decided_by, decided_at) SELECT 'slipped-in', answer_id, 8, verdict, read_hash, state_before, state_after, "
        "reason, note, decided_by, decided_at FROM decision WHERE id = :id",
        id=acts[0].id,
    )
    assert "1 decisions are not in the audit log." in found(database)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_head SET number = 1",
        "UPDATE audit_head SET number = number + 2",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_keeps_the_end_of_the_chain(
    session: Session, acts: list[Decision], statement: str
) -> None:
    with pytest.raises(DBAPIError, match="only moves on"):
        session.execute(text(statement))
    session.rollback()
    assert first_broken(session) is None


def test_two_writers_at_once_make_one_chain(database: Database, world: World) -> None:
    def act(number: int) -> None:
        with database.transaction() as session:
            audit.record(session, "act", user_id=world.director.id, n=number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(12)))
    with database.reading() as session:
        assert first_broken(session) is None
        assert session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all() == list(
            range(1, 13)
        )
