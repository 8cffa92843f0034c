"""`check`: one look that says whether an installation is fit, and what to do where it is not."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import make_url, text

from consult.core.clock import now
from consult.core.database import Database, migrate
from consult.core.identifiers import digest, new_secret
from consult.core.outbox import promise
from consult.core.sealing import Seal
from consult.operations.fitness.running import note_alive
from consult.participants.models import Invitation
from consult.settings import Settings
from tests.cli.commands import refused, run
from tests.factories import make_world
from tests.mail_server import Script, free_port, mail_server, make_certificate


@pytest.fixture
def fit(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An installation with nothing to mend: its settings file, its folders and its worker."""
    kept = tmp_path / "production.toml"
    kept.write_text("")
    kept.chmod(0o600)
    Path(str(make_url(sqlite_url).database)).chmod(0o600)
    monkeypatch.setenv("CONSULT_CONFIG", str(kept))
    note_alive(tmp_path / "exports")
    with mail_server(Script()) as port:
        yield Settings(
            database_url=sqlite_url, secret_key=new_secret() * 2, link_key=new_secret() * 2,
            base_url="http://localhost", site_name="Consult", convenor="The convenor", host="127.0.0.1",
            port=free_port(), workers=1, threads=4, secure_cookies=False, session_hours=12, idle_minutes=180,
            mail_url=f"smtp://127.0.0.1:{port}", mail_from="Us <us@ministry.example>",
            exports_folder=str(tmp_path / "exports"), development=False,
        )  # fmt: skip


def marked(settings: Settings, mark: str) -> dict[str, str]:
    """What `check` says under that mark."""
    lines = [line.split(maxsplit=1) for line in run(settings, "check").output.splitlines() if line]
    told = [parts[1] for parts in lines if parts[0] == mark and len(parts) == 2]
    return {line[:16].strip(): line[16:] for line in told}


def test_an_installation_with_nothing_to_mend_is_fit(fit: Settings, tmp_path: Path) -> None:
    assert run(fit, "backup", tmp_path / "copy").exit_code == 0
    done = run(fit, "check")
    assert done.exit_code == 0, done.output
    assert set(marked(fit, "ok")) == {
        "database", "worker", "work", "mail", "backup", "clock", "keys", "data", "disk", "exports", "program",
        "mail server",
    }  # fmt: skip
    assert set(marked(fit, "look")) == {"pages"}, "nothing is served in this test"
    assert fit.secret_key not in done.output
    with time_machine.travel(now() - timedelta(days=1)):
        assert "behind the newest entry of the audit log by 23 h" in marked(fit, "WRONG")["clock"]


def test_all_that_is_wrong_is_said_at_once(
    fit: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(fit.database_url)
    with database.transaction() as session:
        promise(session, "send_mail", message="x").created_at = now() - timedelta(days=1)
    database.close()
    (tmp_path / "production.toml").chmod(0o644)
    (tmp_path / "exports").chmod(0o755)
    Path(str(make_url(fit.database_url).database)).chmod(0o644)
    an_hour_ago = (now() - timedelta(hours=1)).timestamp()
    os.utime(tmp_path / "exports" / "worker-alive", (an_hour_ago, an_hour_ago))
    ended = make_certificate(tmp_path, days=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(ended.file))
    with mail_server(Script(), certificate=ended) as port:
        worse = replace(fit, mail_url=f"smtp+starttls://localhost:{port}")
        assert "Not fit" in refused(run(worse, "check"))
        wrong = marked(worse, "WRONG")
    assert set(wrong) == {"worker", "work", "keys", "data", "exports", "mail server"}
    assert "has expired" in wrong["mail server"]
    assert "60 min ago" in wrong["worker"]
    assert "Everybody on this machine can read" in wrong["keys"]


def test_a_database_that_cannot_be_used_is_said_with_its_reason(
    fit: Settings, tmp_path: Path, empty_sqlite_url: str
) -> None:
    nowhere = tmp_path / "misspelt" / "consult.db"
    assert (
        "There is no file" in marked(replace(fit, database_url=f"sqlite:///{nowhere}"), "WRONG")["database"]
    )
    assert not nowhere.parent.exists(), "a look makes nothing"
    (tmp_path / "junk.db").write_bytes(b"This is no database. " * 500)
    junk = replace(fit, database_url=f"sqlite:///{tmp_path}/junk.db")
    assert "no SQLite database" in marked(junk, "WRONG")["database"]
    away = replace(fit, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    assert "refused" in marked(away, "WRONG")["database"]
    migrate(empty_sqlite_url)
    newer = Database(empty_sqlite_url)
    with newer.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer.close()
    for command in ("init", "serve", "verify"):
        assert "by a newer version" in refused(run(replace(fit, database_url=empty_sqlite_url), command))


def test_another_link_key_than_the_invitations_were_made_with_is_seen(fit: Settings) -> None:
    database = Database(fit.database_url)
    with database.transaction() as session:
        invitation = session.get_one(Invitation, make_world(session).participant.invitation.id)
        invitation.secret_hash = digest(Seal(fit.link_key).invitation_secret(invitation.id))
    database.close()
    assert "link_key" not in marked(fit, "WRONG")
    assert (
        "no link that was mailed opens"
        in marked(replace(fit, link_key=new_secret() * 2), "WRONG")["link_key"]
    )
