"""Reading delivery-status messages (RFC 3464) from a file, an mbox or a Maildir. What they hold is anybody's to write.

A report counts only for a Message-ID that we gave out: 128 random bits that nobody has who did not get the message.
"""

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from sqlalchemy.orm import Session

from consult.core.errors import Invalid, Said
from consult.core.mail.actions import note_bounced
from consult.core.mail.models import MailState
from consult.core.mail.queries import messages_by_id

LARGEST = 50 * 1024 * 1024
MOST_PARTS = 100
_OURS = re.compile(r"<([a-z2-7]{26})@")


@dataclass(frozen=True)
class Report:
    """What one delivery-status message says: which of our messages did not arrive, and why."""

    candidates: tuple[str, ...]
    reason: str


@dataclass
class Tally:
    """What came of a file of reports."""

    read: int = 0
    marked: int = 0
    known_before: int = 0
    unmatched: int = 0
    """Reports on something that is not ours, or of which no row is kept, such as reminders."""
    others: int = 0
    """Messages that report no failure: answers, delays, news."""


def take_in(session: Session, path: Path) -> Tally:
    """Mark every message that a report in `path` names as returned. Raises Invalid for what is no mail."""
    tally = Tally()
    for message in messages_in(path):
        tally.read += 1
        report = report_of(message)
        if report is None:
            tally.others += 1
            continue
        rows = messages_by_id(session, report.candidates)
        row = next((rows[one] for one in report.candidates if one in rows), None)
        if row is None or row.state not in {MailState.SENT, MailState.BOUNCED}:
            tally.unmatched += 1
        elif row.state is MailState.BOUNCED:
            tally.known_before += 1
        else:
            note_bounced(row, report.reason)
            tally.marked += 1
    session.flush()
    return tally


def messages_in(path: Path) -> Iterator[Message]:
    """The messages of an mbox, a Maildir or one saved message."""
    if (path / "cur").is_dir() and (path / "new").is_dir():
        yield from mailbox.Maildir(path, create=False)
        return
    if not path.is_file():
        raise Invalid("%(path)s is neither a file of mail nor a Maildir.", path=str(path))
    if path.stat().st_size > LARGEST:
        raise Invalid("%(path)s is larger than %(most)s MB. Split it.", path=str(path), most=LARGEST >> 20)
    with path.open("rb") as file:
        start = file.read(5)
    if start == b"From ":
        box = mailbox.mbox(path, create=False)
        try:
            yield from box
        finally:
            box.close()
        return
    message = message_from_bytes(path.read_bytes())
    if not message.keys():
        raise Invalid("%(path)s holds no mail.", path=str(path))
    yield message


def report_of(message: Message) -> Report | None:
    """The failure that a message reports, or None where it reports none."""
    parts = [part for _, part in zip(range(MOST_PARTS), message.walk(), strict=False)]
    fields = [
        block
        for part in parts
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list)
        for block in part.get_payload()
        if isinstance(block, Message)
    ]
    failed = [block for block in fields if _text(block, "Action").casefold() == "failed"]
    if not failed:
        return None
    return Report(tuple(dict.fromkeys(_identities(message, parts))), _reason(failed[0]))


def _identities(report: Message, parts: list[Message]) -> Iterator[str]:
    """Our identities in the message that came back, then in what the report says it answers."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            headers = message_from_bytes(payload if isinstance(payload, bytes) else b"")
            yield from _OURS.findall(_text(headers, "Message-ID"))
        elif part is not report and part.get("Message-ID"):
            yield from _OURS.findall(_text(part, "Message-ID"))
    for name in ("In-Reply-To", "References"):
        yield from _OURS.findall(_text(report, name))


def _reason(block: Message) -> str:
    said = _text(block, "Diagnostic-Code").partition(";")[2] or _text(block, "Status") or "no reason given"
    printable = "".join(c if c.isprintable() else " " for c in said)
    server = Said("Returned by the recipient's mail server")
    return f"{server}: {' '.join(printable.split())[:200]}"


def _text(message: Message, name: str) -> str:
    """A header as text, whatever is in it."""
    return str(message.get(name, "")).strip().encode("utf-8", "replace").decode("utf-8")
