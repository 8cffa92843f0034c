"""Which function does which kind of promised work."""

from consult.core.database import Database
from consult.jobs.queue import Job, JobQueue
from consult.jobs.render_edition import render_edition
from consult.reports.actions import RENDER
from consult.settings import Settings

JOBS: dict[str, Job] = {RENDER: render_edition}


def job_queue(settings: Settings, database: Database) -> JobQueue:
    """This installation's queue with every kind of work that the product knows."""
    return JobQueue(settings, database, JOBS)
