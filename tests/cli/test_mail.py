"""`consult mail bounces` says what it found in a mailbox, and refuses what is none."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from consult.cli.commands import cli
from consult.core.clock import now
from consult.core.mail.models import MailMessage, MailState
from consult.settings import Settings

REPORT = """\
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <{name}@example.org>

--b--
"""


def run(settings: Settings, *arguments: str) -> Result:
    names = ("database_url", "secret_key", "link_key")
    environment = {f"CONSULT_{name.upper()}": str(getattr(settings, name)) for name in names}
    return CliRunner().invoke(cli, ["mail", "bounces", *arguments], env=environment)


def test_what_came_back_is_marked_once(settings: Settings, session: Session, tmp_path: Path) -> None:
    message = MailMessage(
        kind="test", language="en", address="nowak@example.org", state=MailState.SENT, created_at=now()
    )
    session.add(message)
    session.commit()
    file = tmp_path / "bounce.eml"
    file.write_text(REPORT.format(name=message.id), encoding="utf-8")
    first, second = run(settings, str(file)), run(settings, str(file))
    assert first.exit_code == second.exit_code == 0, first.output
    assert "Marked as returned: 1; already marked: 0" in first.output
    assert "Marked as returned: 0; already marked: 1" in second.output
    session.refresh(message)
    assert message.state is MailState.BOUNCED


@pytest.mark.parametrize("name", ["nothing", "."])
def test_what_is_no_mail_is_refused_in_a_sentence(settings: Settings, tmp_path: Path, name: str) -> None:
    result = run(settings, str(tmp_path / name))
    assert result.exit_code == 1
    assert "neither a file of mail nor a Maildir" in result.output
