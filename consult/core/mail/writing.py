"""A message as the mail server gets it: one recipient, text and HTML, stable identity, no trace of who reads it."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr

from email_validator import EmailNotValidError, validate_email

from consult.core.mail.sending import Undeliverable

_LINE_LENGTH = 78
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class _Headers(EmailPolicy):
    """Folds headers at 78 characters, but never an address on the web or an identity, which Python would re-encode."""

    def fold(self, name: str, value: str) -> str:
        if name in {"List-Unsubscribe", "Message-ID"}:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


@dataclass(frozen=True)
class Letter:
    """What a message says and to whom, before it becomes headers and parts."""

    to_name: str
    to_address: str
    language: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    stop_url: str = ""
    """Where reminders can be stopped; empty where there is nothing to stop."""
    stops_by_post: bool = False
    """Whether a bare POST to `stop_url` stops them, as RFC 8058 has it."""


def written(letter: Letter, *, sender: str, message_id: str, at: datetime) -> EmailMessage:
    """The message. The same letter, identity and time give the same headers at every attempt."""
    message = EmailMessage(policy=_Headers(linesep="\r\n", max_line_length=_LINE_LENGTH))
    name, address = parseaddr(sender)
    message["From"] = _address(name, address)
    message["To"] = _address(letter.to_name, letter.to_address)
    if letter.reply_to:
        message["Reply-To"] = _address("", letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
        if letter.stops_by_post:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def message_id(row_id: str, sender: str) -> str:
    """The identity of a message: the row's own, so that every attempt carries the same."""
    return f"<{row_id}@{ascii_address(parseaddr(sender)[1]).rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """Text fit for a header: no line break, no invisible or direction-turning character, single spaces.

    Nor an encoded word: Python's `email` decodes one when it writes the header, line breaks and all.
    """
    visible = (" " if unicodedata.category(c) in _INVISIBLE and c not in "\u200c\u200d" else c for c in text)
    return " ".join("".join(visible).replace("=?", "= ?").split())


def ascii_address(address: str) -> str:
    """The address with its domain as DNS has it. Raises Undeliverable for what no server could take.

    `localhost` is from where a machine without a mail server writes to its own mailbox.
    """
    local, _at, domain = address.rpartition("@")
    if domain == "localhost" and local.isascii() and local.isalnum():
        return address
    try:
        known = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Undeliverable("This is not an e-mail address. Correct it and send again.") from error
    if not known.ascii_email:
        raise Undeliverable("Mail servers take only letters from a to z before the @. Use another address.")
    return known.ascii_email


def _address(name: str, address: str) -> Address:
    return Address(display_name=one_line(name), addr_spec=ascii_address(address))
