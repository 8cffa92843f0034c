"""A worker that is killed loses no message, and what it had sent already is sent again as the same message."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from consult.core.database import Database
from consult.core.mail import actions
from consult.core.mail.models import MailMessage, MailState
from consult.jobs.queue import LOST_AFTER, JobQueue
from consult.settings import Settings
from tests.factories import World
from tests.jobs.post import messages, only_participant, promises, text_of
from tests.mail_server import Script

ROOT = Path(__file__).resolve().parents[2]


def test_a_worker_killed_between_the_servers_yes_and_the_note_sends_the_same_message_again(
    *,
    queue: JobQueue,
    database: Database,
    settings: Settings,
    world: World,
    script: Script,
    clock: Callable[[timedelta], None],
    tmp_path: Path,
) -> None:
    """At least once: mail readers show the second with the same Message-ID as the one they have."""
    row = only_participant(database, world)
    kill_a_worker_after_sending(settings, queue, tmp_path / "taken")
    assert len(script.taken) == 1
    (left,) = messages(database)
    assert (left.state, left.attempts) == (MailState.QUEUED, 1)
    assert queue.run_waiting() == 0
    queue.sweep()
    assert queue.run_waiting() == 0
    clock(LOST_AFTER + timedelta(seconds=1))
    queue.sweep()
    assert queue.run_waiting() == 1
    (sent,) = messages(database)
    assert (sent.state, sent.attempts) == (MailState.SENT, 2)
    assert [message["Message-ID"] for message in script.taken] == [f"<{row.id}@example.org>"] * 2
    assert text_of(script.taken[0]) == text_of(script.taken[1])
    assert promises(database) == 0


WORKER = """
import json, sys, time
from pathlib import Path
from consult.core.database import Database
from consult.core.mail.sending import SmtpMailer
from consult.jobs.registry import job_queue
from consult.settings import Settings

given = json.loads(sys.argv[1])

class ThenNothing(SmtpMailer):
    def send(self, message):
        super().send(message)
        Path(given["marker"]).touch()
        time.sleep(600)

settings = Settings(**given["settings"])
job_queue(settings, Database(settings.database_url), ThenNothing(given["mail_url"])).run_waiting()
"""


def kill_a_worker_after_sending(settings: Settings, queue: JobQueue, marker: Path) -> None:
    mailer = queue.errands[actions.SEND]._mailer  # type: ignore[attr-defined]
    given = {"settings": asdict(settings), "marker": str(marker), "mail_url": mailer._server.geturl()}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, json.dumps(given)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 90
        while not marker.exists():
            assert worker.poll() is None, "the worker ended by itself"
            assert time.monotonic() < deadline, "the worker sent nothing"
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()


def test_a_message_that_kills_every_worker_fails_in_the_end(
    queue: JobQueue, database: Database, world: World, clock: Callable[[timedelta], None]
) -> None:
    row = only_participant(database, world)
    for _ in range(actions.MOST_ATTEMPTS):
        with database.transaction() as session:
            assert isinstance(actions.claim(session, row.id), MailMessage)
        clock(actions.ATTEMPT_LASTS + timedelta(seconds=1))
    with database.transaction() as session:
        assert actions.claim(session, row.id) is None
    (failed,) = messages(database)
    assert failed.state is MailState.FAILED
    assert "stopped during every attempt" in failed.last_error
