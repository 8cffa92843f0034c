"""Promises are kept after the commit, taken back with a rollback, and name nobody's words."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core import audit
from consult.core.database import Database
from consult.core.outbox import OutboxRow, promise, waiting
from consult.jobs.queue import JobQueue
from consult.settings import Settings


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def queue(settings: Settings, database: Database, done: list[str]) -> Iterator[JobQueue]:
    def note(_session: Session, payload: dict[str, str]) -> None:
        done.append(payload["number"])

    queue = JobQueue(settings, database, {"note": note})
    yield queue
    queue.close()


def rows_left(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def test_what_was_promised_is_done_once(database: Database, queue: JobQueue, done: list[str]) -> None:
    with database.transaction() as session:
        promise(session, "note", number="1")
    queue.run_waiting()
    queue.run_waiting()
    assert done == ["1"]
    assert rows_left(database) == 0


def test_a_rollback_takes_the_promise_back(database: Database, queue: JobQueue, done: list[str]) -> None:
    with database.session(writing=True) as session:
        promise(session, "note", number="1")
        session.rollback()
    queue.run_waiting()
    assert done == []
    assert rows_left(database) == 0


def test_handed_over_twice_is_done_once(database: Database, queue: JobQueue, done: list[str]) -> None:
    """As after a crash between the hand-over and its commit."""
    with database.transaction() as session:
        promise(session, "note", number="1")
    queue.hand_over()
    with database.transaction() as session:
        session.scalars(select(OutboxRow)).one().handed_at = None
    queue.run_waiting()
    assert done == ["1"]


def test_what_waits_is_in_no_telling_order(session: Session) -> None:
    made = [promise(session, "note", number=str(number)).id for number in range(30)]
    found = [row.id for row in waiting(session)]
    assert found == sorted(made)
    assert found != made


def test_an_act_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    with database.session(writing=True) as session:
        audit.record(session, "tried")
        session.rollback()
        entry = audit.record(session, "done", state="approved", number=1)
        session.commit()
        assert entry.number == 1
        assert audit.first_broken(session) is None
