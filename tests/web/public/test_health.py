"""What the machine says of itself: nothing of anybody's answers."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from consult.core import audit
from consult.operations.fitness.running import note_alive
from consult.operations.fitness.stored import BACKUP
from consult.operations.metrics import SHOWN
from tests.factories import World
from tests.pages import PageClient


def test_a_disk_without_room_is_not_ready(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 200
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    assert client.get("/readyz").status_code == 503


def test_metrics_are_told_on_this_machine_only(client: PageClient) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": ""}).status_code == 404


def test_metrics_count_work_and_mail_and_never_answers(
    client: PageClient, session: Session, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where the folder of exports lies, and the worker's sign in it
    note_alive(Path("var/exports"))
    audit.record(session, BACKUP, encrypted=True)
    session.commit()
    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    names = {line.split()[0] for line in lines if not line.startswith("#")}
    assert names == {
        "consult_database_current",
        "consult_disk_free_bytes",
        "consult_oldest_waiting_work_seconds",
        "consult_worker_silent_seconds",
        "consult_backup_age_seconds",
        *(f'consult_mail_messages{{state="{state.value}"}}' for state in SHOWN),
    }
    assert "consult_database_current 1.0" in lines
