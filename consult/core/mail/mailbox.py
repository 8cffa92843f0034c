"""The mailbox of a development machine: what would have been sent, as files to look at."""

import os
import re
from collections.abc import Sequence
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from consult.core.mail.sending import Mailer, NoMailServer, SmtpMailer
from consult.settings import Settings

_NAME = re.compile(r"[a-z2-7]{26}")
_MOST_SHOWN = 200


class Mailbox:
    """Messages as files of a folder, one each, named after their Message-ID."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Keep it. The same message again takes the place of the first, as a mail reader would show it once."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = _NAME.match(str(message["Message-ID"]).lstrip("<"))
        path = self._folder / f"{name.group() if name else 'unnamed'}.eml"
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(path)

    def messages(self) -> Sequence[tuple[str, EmailMessage]]:
        """The newest first, each with its name."""
        if not self._folder.is_dir():
            return []
        files = sorted(self._folder.glob("*.eml"), key=lambda path: (-path.stat().st_mtime_ns, path.name))
        return [(path.stem, _read(path)) for path in files[:_MOST_SHOWN]]

    def message(self, name: str) -> EmailMessage | None:
        """The message of that name."""
        path = self._folder / f"{name}.eml"
        return _read(path) if _NAME.fullmatch(name) and path.is_file() else None


def development_mailbox(settings: Settings) -> Mailbox | None:
    """The mailbox that stands in for a mail server, on a development machine that has none."""
    if settings.development and settings.mail_url.startswith("mailbox:"):
        return Mailbox(Path(settings.mail_url.removeprefix("mailbox:")))
    return None


def mailer_for(settings: Settings) -> Mailer:
    """How this installation sends mail."""
    mailbox = development_mailbox(settings)
    if mailbox is not None:
        return mailbox
    if settings.mail_url.startswith("mailbox:"):
        return NoMailServer()
    return SmtpMailer(settings.mail_url)


def shown(message: EmailMessage, header: str) -> str:
    """A header as people read it. Python's newer parser would put spaces into a long name."""
    raw = next(
        (str(value) for name, value in message.raw_items() if name.casefold() == header.casefold()), ""
    )
    return " ".join(str(make_header(decode_header(raw))).split())


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=SMTP)
