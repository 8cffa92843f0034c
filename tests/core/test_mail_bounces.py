"""Delivery-status messages mark what came back; whatever else lies in a mailbox is passed over."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.core.mail.actions import send_again
from consult.core.mail.bounces import report_of, take_in
from consult.core.mail.models import MailMessage, MailState

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: consult@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
Message-Id: <20261122093100.AAAA@mx.example.net>

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: AAAA

Final-Recipient: rfc822; nowak@example.org
Original-Recipient: rfc822;nowak@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <nowak@example.org>: Recipient address
    rejected: User unknown

--b
{original}

--b--
"""
WHOLE = """\
Content-Type: message/rfc822

From: consult@example.org
To: nowak@example.org
Subject: Your view is asked
Message-ID: <{id}@example.org>

Dear Aleksandra Nowak"""
HEADERS = """\
Content-Type: text/rfc822-headers

From: consult@example.org
Message-ID:
 <{id}@example.org>"""


def bounce(message: MailMessage | str, *, original: str = WHOLE, action: str = "failed") -> bytes:
    name = message if isinstance(message, str) else message.id
    return POSTFIX.format(action=action, original=original.format(id=name)).encode()


@pytest.fixture
def sent(session: Session) -> MailMessage:
    message = MailMessage(
        kind="test", language="en", address="nowak@example.org", state=MailState.SENT, created_at=now()
    )
    session.add(message)
    session.flush()
    return message


@pytest.mark.parametrize("original", [WHOLE, HEADERS])
def test_a_report_marks_the_message_it_names(
    session: Session, sent: MailMessage, tmp_path: Path, original: str
) -> None:
    file = tmp_path / "bounce.eml"
    file.write_bytes(bounce(sent, original=original))
    assert take_in(session, file).marked == 1
    assert sent.state is MailState.BOUNCED
    assert sent.last_error == (
        "Returned by the recipient's mail server: "
        "550 5.1.1 <nowak@example.org>: Recipient address rejected: User unknown"
    )
    assert take_in(session, file).known_before == 1


def test_a_report_without_the_original_is_known_by_what_it_answers(
    session: Session, sent: MailMessage, tmp_path: Path
) -> None:
    file = tmp_path / "bounce.eml"
    file.write_bytes(
        f"In-Reply-To: <{sent.id}@example.org>\n".encode()
        + bounce("x", original="Content-Type: text/plain\n\n-")
    )
    assert take_in(session, file).marked == 1


def test_a_mailbox_of_all_sorts_is_read_to_its_end(
    session: Session, sent: MailMessage, tmp_path: Path
) -> None:
    answer = EmailMessage()
    answer["Subject"], answer["In-Reply-To"] = "Re: Your view", f"<{sent.id}@example.org>"
    answer.set_content("I am out of the office.")
    contents = [
        answer.as_bytes(),
        bounce(sent, action="delayed"),
        bounce("a" * 26),
        bounce("not-an-identity"),
        b"Subject: \xff\xfe\x00\n\n\x00",
        bounce(sent),
    ]
    box = mailbox.mbox(tmp_path / "box")
    maildir = mailbox.Maildir(tmp_path / "dir")
    for content in contents:
        box.add(content)
        maildir.add(content)
    box.close()
    tally = take_in(session, tmp_path / "box")
    assert (tally.read, tally.marked, tally.unmatched, tally.others) == (6, 1, 2, 3)
    assert take_in(session, tmp_path / "dir").known_before == 1


def test_what_was_not_sent_cannot_come_back(session: Session, sent: MailMessage, tmp_path: Path) -> None:
    sent.state = MailState.QUEUED
    file = tmp_path / "bounce.eml"
    file.write_bytes(bounce(sent))
    assert take_in(session, file).unmatched == 1
    assert sent.state is MailState.QUEUED


def test_a_returned_message_is_sent_again_and_a_sent_one_is_not(
    session: Session, sent: MailMessage, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="cannot become queued"):
        send_again(session, sent)
    file = tmp_path / "bounce.eml"
    file.write_bytes(bounce(sent))
    take_in(session, file)
    send_again(session, sent, address="a.nowak@example.org")
    assert (sent.state, sent.address, sent.attempts) == (MailState.QUEUED, "a.nowak@example.org", 0)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", "Nowak;Jan\n".encode("utf-16")])
def test_what_is_no_mail_is_refused(session: Session, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(Invalid, match="holds no mail"):
        take_in(session, file)
    with pytest.raises(Invalid, match="neither a file of mail nor a Maildir"):
        take_in(session, tmp_path / "nothing")


@given(st.integers(0, len(POSTFIX)), st.integers(0, len(POSTFIX)), st.binary(max_size=40))
def test_no_torn_report_breaks_the_reading(start: int, end: int, noise: bytes) -> None:
    from email import message_from_bytes

    whole = bounce("a" * 26)
    torn = whole[:start] + noise + whole[end:]
    report = report_of(message_from_bytes(torn))
    assert report is None or len(report.reason) <= 260
