"""Which function does which kind of promised work."""

from consult.core.database import Database
from consult.jobs.queue import Job, JobQueue
from consult.settings import Settings

JOBS: dict[str, Job] = {}


def job_queue(settings: Settings, database: Database) -> JobQueue:
    """This installation's queue with every kind of work that the product knows."""
    return JobQueue(settings, database, JOBS)
