"""The mailbox: what would have been sent, links and all. Registered on a development machine alone."""

from email.message import EmailMessage

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.errors import NotFound
from consult.core.mail.mailbox import Mailbox, development_mailbox, shown
from consult.web.guards import anyone
from consult.web.installation import current_settings

development = Blueprint("development", __name__, url_prefix="/dev")

SHOWN_HEADERS = ("From", "To", "Reply-To", "Date", "Message-ID", "List-Unsubscribe")


@development.get("/mailbox")
@anyone
def mailbox() -> ResponseReturnValue:
    messages = [
        (name, shown(message, "Subject"), shown(message, "To")) for name, message in _mailbox().messages()
    ]
    return render_template("development/mailbox.html", messages=messages)


@development.get("/mailbox/<name>")
@anyone
def message(name: str) -> ResponseReturnValue:
    found = _message(name)
    return render_template(
        "development/message.html",
        name=name,
        subject=shown(found, "Subject"),
        headers=[(header, shown(found, header)) for header in SHOWN_HEADERS if found[header]],
        lines=[_pieces(line) for line in _part(found, "plain").splitlines()],
    )


@development.get("/mailbox/<name>/html")
@anyone
def html_part(name: str) -> ResponseReturnValue:
    """The HTML part by itself, under a policy that lets it load nothing and run nothing."""
    return _part(_message(name), "html")


def _mailbox() -> Mailbox:
    box = development_mailbox(current_settings())
    if box is None:
        raise NotFound("Mail leaves through a mail server here: CONSULT_MAIL_URL names one.")
    return box


def _message(name: str) -> EmailMessage:
    found = _mailbox().message(name)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def _part(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _pieces(line: str) -> list[tuple[str, bool]]:
    """The words of a line, and which of them are addresses of pages."""
    return [(word, word.startswith(("http://", "https://"))) for word in line.split(" ")]
