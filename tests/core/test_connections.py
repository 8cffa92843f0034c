"""Connections that a server ended while they lay idle are replaced before anybody's request meets them."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from consult.consultations.models import Consultation
from consult.core import database as databases
from consult.core.database import Database


@pytest.mark.parametrize("asked", [True, False])
def test_a_connection_that_the_server_ended_is_not_met(
    database: Database, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    if database.is_sqlite:
        pytest.skip("there is no server")
    if asked:
        monkeypatch.setattr(databases, "ASKED_AFTER_SECONDS", -1)
    alive = text("SELECT 1")
    for _round in range(3):
        for writing, few in ((True, False), (False, False), (False, True)):
            with database.session(writing=writing, few=few) as session:
                assert session.scalar(alive) == 1
        mine = text(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with database.session(writing=True) as session:
            assert session.scalar(mine) >= 1
        with database.session(writing=False, few=True) as session:
            assert session.scalar(alive) == 1


def test_a_session_of_few_rows_sees_what_is_committed_and_writes_nothing(database: Database) -> None:
    with database.session(writing=False, few=True) as reading:
        assert reading.scalar(select(Consultation.id)) is None
        with pytest.raises(DBAPIError, match=r"read-?only"):
            reading.execute(text("DELETE FROM consultation"))
