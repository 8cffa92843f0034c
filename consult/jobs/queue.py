"""From the outbox to huey, and from huey to the job's function.

Whatever was promised in a committed transaction is handed over after it; a sweeper in the worker hands over what a
crash left behind. From then on huey owns running and retries.
"""

import logging
from collections.abc import Callable

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.database import Database
from consult.core.outbox import OutboxRow, waiting
from consult.settings import Settings

Job = Callable[[Session, dict[str, str]], None]

RETRIES = 10
RETRY_SECONDS = 30

log = logging.getLogger("consult.jobs")


class JobQueue:
    """One installation's queue. `jobs` maps each kind to the function that does it in one transaction."""

    def __init__(self, settings: Settings, database: Database, jobs: dict[str, Job]) -> None:
        self.database = database
        self.jobs = jobs
        self.huey = _huey(settings)
        self._perform = self.huey.task(retries=RETRIES, retry_delay=RETRY_SECONDS, name="perform")(
            self.perform
        )
        self.huey.periodic_task(crontab(minute="*"), name="sweep")(self.hand_over)

    def hand_over(self) -> None:
        """Give every waiting promise to huey. A crash in between hands one over twice, which is harmless."""
        with self.database.transaction() as session:
            for row in waiting(session):
                self._perform(row.id)
                row.handed_at = now()

    def perform(self, row_id: str) -> None:
        """Do one promised piece of work in a transaction of its own."""
        with self.database.transaction() as session:
            row = session.get(OutboxRow, row_id)
            if row is not None:
                self.jobs[row.kind](session, row.payload)
                session.delete(row)

    def close(self) -> None:
        """Let go of the queue's own connection."""
        self.huey.storage.close()

    def run_waiting(self) -> int:
        """Hand over and do everything now, in this process; how many jobs ran. For commands and tests."""
        self.hand_over()
        done = 0
        while (task := self.huey.dequeue()) is not None:
            self.huey.execute(task)
            done += 1
        return done


def _huey(settings: Settings) -> Huey:
    if settings.database_url.startswith("sqlite"):
        return SqliteHuey("consult", filename=settings.jobs_url, fsync=True)
    return PostgresHuey("consult", dsn=settings.jobs_url, blocking=False)
