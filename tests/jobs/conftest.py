"""A queue that speaks to a real SMTP server, and a clock to move."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from consult.core.clock import now
from consult.core.database import Database
from consult.core.mail.sending import SmtpMailer
from consult.jobs.queue import JobQueue
from consult.jobs.registry import job_queue
from consult.settings import Settings
from tests.mail_server import Script, mail_server


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def queue(settings: Settings, database: Database, script: Script) -> Iterator[JobQueue]:
    with mail_server(script) as port:
        queue = job_queue(settings, database, SmtpMailer(f"smtp://localhost:{port}", seconds=10))
        yield queue
        queue.close()


@pytest.fixture
def clock() -> Iterator[Callable[[timedelta], None]]:
    with time_machine.travel(now(), tick=True) as traveller:
        yield traveller.shift
