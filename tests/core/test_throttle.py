"""How often something was tried, however the request that tried it ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import TooMany
from consult.core.throttle import Throttle, ThrottleCount, forget_tries


def throttle(database: Database, act: str = "join", most: int = 3) -> Throttle:
    return Throttle(database, "secret-key-of-the-tests", act=act, most=most, window=timedelta(minutes=10))


def test_the_last_try_allowed_is_allowed_and_the_next_is_not(database: Database) -> None:
    tries = throttle(database)
    for _ in range(3):
        tries.check("192.0.2.1")
        tries.count("192.0.2.1")
    with pytest.raises(TooMany) as refused:
        tries.check("192.0.2.1")
    assert 0 < refused.value.wait_seconds <= 601
    assert "Wait 10 minutes" in str(refused.value) or "Wait 11 minutes" in str(refused.value)


def test_others_and_other_acts_are_not_held_up(database: Database) -> None:
    tries = throttle(database, most=1)
    tries.count("192.0.2.1")
    tries.check("192.0.2.2")
    throttle(database, act="sign-in", most=1).check("192.0.2.1")


def test_what_has_ended_is_forgotten_by_the_worker(database: Database) -> None:
    """An HMAC of an address with a time is no address, and yet one for whoever has the key and tries them all."""
    throttle(database).count("192.0.2.1")
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        throttle(database).count("192.0.2.2")
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert forget_tries(database) == 1
    with database.reading() as session:
        assert len(session.scalars(select(ThrottleCount)).all()) == 1


def test_the_window_ends(database: Database) -> None:
    tries = throttle(database, most=1)
    tries.count("192.0.2.1")
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        tries.check("192.0.2.1")
        tries.count("192.0.2.1")
        with pytest.raises(TooMany):
            tries.check("192.0.2.1")


def test_the_table_names_nobody(database: Database) -> None:
    throttle(database).count("192.0.2.1")
    with database.reading() as session:
        (row,) = session.scalars(select(ThrottleCount))
        assert "192.0.2.1" not in row.key
        assert len(row.key) == 64


def test_tries_at_the_same_moment_are_all_counted(database: Database) -> None:
    tries = throttle(database, most=100)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tries.count("192.0.2.1"), range(16)))
    with database.reading() as session:
        assert [row.tries for row in session.scalars(select(ThrottleCount))] == [16]
