"""From the outbox to huey, and from huey to the job's function.

Whatever was promised in a committed transaction is handed over after it; a sweeper in the worker hands over what a
crash left behind, before the hand-over or after it. From the hand-over on huey owns running and retries.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.exceptions import RetryTask
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.database import Database, make_private
from consult.core.outbox import BATCH, OutboxRow, lost, waiting
from consult.settings import Settings

Job = Callable[[Session, dict[str, str]], None]
"""Work inside the database: one transaction, done exactly once."""

Errand = Callable[[Database, dict[str, str]], None]
"""Work with an effect elsewhere, such as mail: no transaction is open while it waits for others, so it opens its own.

It may run twice and must know its own traces. It raises TryAgain to be called later."""

RETRIES = 10
RETRY_SECONDS = 30
_MAKING_TABLES = 0x68756579
"""Any number, the same in every process."""
LOST_AFTER = timedelta(minutes=15)
"""Longer than any job with all its retries, and than any errand."""


class TryAgain(Exception):
    """An errand could not be done now. `pause` says when to call it again."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(str(pause))
        self.pause = pause


class JobQueue:
    """One installation's queue. `jobs` and `errands` map each kind of promise to the function that keeps it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        jobs: Mapping[str, Job],
        errands: Mapping[str, Errand] | None = None,
    ) -> None:
        self.database = database
        self.jobs = jobs
        self.errands = errands or {}
        self.huey = _huey(settings)
        self._perform = self.huey.task(retries=RETRIES, retry_delay=RETRY_SECONDS, name="perform")(
            self.perform
        )
        self._sweep = self.huey.periodic_task(crontab(minute="*"), name="sweep")(self.sweep)

    def hand_over(self) -> None:
        """Give huey what was just promised; where that is much, the worker gives it the rest."""
        if self._hand_over_some():
            self._sweep()

    def sweep(self) -> None:
        """Give huey every waiting promise, and those that it has lost. One given twice is kept once."""
        while self._hand_over_some():
            pass
        if self.huey.pending_count() == 0:  # what is past its time may otherwise still stand in a long line
            with self.database.transaction() as session:
                self._give(lost(session))

    def perform(self, row_id: str) -> None:
        """Keep one promise: a job in a transaction of its own, an errand outside of any."""
        with self.database.transaction() as session:
            row = session.get(OutboxRow, row_id)
            if row is None:
                return
            errand = self.errands.get(row.kind)
            if errand is None:
                self.jobs[row.kind](session, row.payload)
                session.delete(row)
                return
            payload = row.payload
            row.back_by = now() + LOST_AFTER
        try:
            errand(self.database, payload)
        except TryAgain as later:
            self._postpone(row_id, later.pause)
            raise RetryTask(delay=later.pause.total_seconds()) from None
        with self.database.transaction() as session:
            row = session.get(OutboxRow, row_id)
            if row is not None:
                session.delete(row)

    def close(self) -> None:
        """Let go of the queue's own connection."""
        self.huey.storage.close()

    def run_waiting(self) -> int:
        """Hand over and do everything that is due, in this process; how many jobs ran. For commands and tests."""
        while self._hand_over_some():
            pass
        for task in self.huey.read_schedule():
            self.huey.enqueue(task)
        done = 0
        while (task := self.huey.dequeue()) is not None:
            self.huey.execute(task)
            done += 1
        return done

    def _hand_over_some(self) -> bool:
        """Hand over one batch; whether there is more."""
        with self.database.transaction() as session:
            return self._give(waiting(session)) == BATCH

    def _give(self, rows: list[OutboxRow]) -> int:
        for row in rows:
            self._perform(row.id)
            row.handed_at = now()
            row.back_by = now() + LOST_AFTER
        return len(rows)

    def _postpone(self, row_id: str, pause: timedelta) -> None:
        with self.database.transaction() as session:
            row = session.get(OutboxRow, row_id)
            if row is not None:
                row.back_by = now() + pause + LOST_AFTER


def _huey(settings: Settings) -> Huey:
    """Without results: of a job that fails the queue would keep the error's text, which can quote anybody's words."""
    if settings.database_url.startswith("sqlite"):
        make_private(Path(settings.jobs_url))
        return SqliteHuey("consult", filename=settings.jobs_url, fsync=True, results=False)
    with psycopg.connect(settings.jobs_url, autocommit=True) as lock:
        # Service and worker start together, and one of two that make the same table at once would fail.
        lock.execute("SELECT pg_advisory_lock(%s)", [_MAKING_TABLES])
        return PostgresHuey("consult", dsn=settings.jobs_url, blocking=False, results=False)
