"""Queueing mail and keeping its state. Nothing here speaks to a mail server.

An attempt is claimed in one transaction, made with none open, and noted in another. A worker that is killed between
the mail server's yes and the note sends the message again with the same Message-ID: at least once, never lost.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.errors import Refused, Said
from consult.core.identifiers import new_id
from consult.core.mail.models import MOVES, MailMessage, MailState
from consult.core.mail.queries import failed
from consult.core.outbox import promise, promise_all

SEND = "send_mail"
RETRY_MINUTES = (1, 2, 4, 8, 15, 30, 60, 120, *(240,) * 12)
"""Pauses between attempts: 21 in two days, so that a mail server that is away over a weekend loses nothing.

Greylisting ends within the first quarter of an hour.
"""
MOST_ATTEMPTS = len(RETRY_MINUTES) + 1
ATTEMPT_LASTS = timedelta(minutes=10)
"""Longer than any attempt: from then on the worker that made it is taken for dead."""
LONGEST_ERROR = 400


def queue(session: Session, message: MailMessage) -> MailMessage:
    """Have this message sent once this transaction is committed."""
    session.add(message)
    session.flush()
    promise(session, SEND, message=message.id)
    return message


def queue_many(session: Session, messages: Sequence[Mapping[str, object]]) -> int:
    """The same for thousands, given as columns and values, in two statements; how many."""
    rows = [{"id": new_id(), "created_at": now(), **message} for message in messages]
    if rows:
        session.execute(insert(MailMessage), rows)
        promise_all(session, SEND, [{"message": str(row["id"])} for row in rows])
    return len(rows)


def claim(session: Session, message_id: str) -> MailMessage | timedelta | None:
    """The message with one more attempt counted; how long to wait; or None where nothing is left to do."""
    message = session.get(MailMessage, message_id, with_for_update=True)
    if message is None or message.state is not MailState.QUEUED:
        return None
    at = now()
    if message.not_before is not None and message.not_before > at:
        return message.not_before - at
    if message.attempts >= MOST_ATTEMPTS:
        move(message, MailState.FAILED)
        message.last_error = message.last_error or str(Said("The worker stopped during every attempt."))
        return None
    message.attempts += 1
    message.not_before = at + ATTEMPT_LASTS
    return message


def note_sent(session: Session, message_id: str) -> None:
    """The mail server has taken it."""
    message = session.get(MailMessage, message_id, with_for_update=True)
    if message is None or message.state is not MailState.QUEUED:
        return
    if message.forgotten:
        session.delete(message)
        return
    move(message, MailState.SENT)
    message.sent_at, message.not_before, message.last_error = now(), None, ""


def note_suppressed(session: Session, message_id: str, reason: str) -> None:
    """There was no reason left to send it."""
    message = session.get(MailMessage, message_id, with_for_update=True)
    if message is None or message.state is not MailState.QUEUED:
        return
    if message.forgotten:
        session.delete(message)
        return
    move(message, MailState.SUPPRESSED)
    message.not_before, message.last_error = None, reason[:LONGEST_ERROR]


def note_failure(session: Session, message_id: str, reason: str, *, for_good: bool) -> timedelta | None:
    """The attempt failed. How long to wait before the next, or None where the message has failed."""
    message = session.get(MailMessage, message_id, with_for_update=True)
    if message is None or message.state is not MailState.QUEUED:
        return None
    message.last_error = reason[:LONGEST_ERROR]
    if for_good or message.attempts >= MOST_ATTEMPTS:
        move(message, MailState.FAILED)
        message.not_before = None
        return None
    pause = timedelta(minutes=RETRY_MINUTES[message.attempts - 1])
    message.not_before = now() + pause
    return pause


def note_bounced(message: MailMessage, reason: str) -> None:
    """It came back. Raises Refused for a message that never left."""
    if message.state is MailState.BOUNCED:
        return
    move(message, MailState.BOUNCED)
    message.last_error = reason[:LONGEST_ERROR]


def send_again(session: Session, message: MailMessage, *, address: str = "") -> None:
    """Queue a failed or returned message once more, to a corrected address where one is given."""
    move(message, MailState.QUEUED)
    message.address = address or message.address
    message.attempts, message.not_before, message.last_error, message.sent_at = 0, None, "", None
    session.flush()
    promise(session, SEND, message=message.id)


def send_failed_again(session: Session, consultation_id: str) -> int:
    """Queue all of a consultation's messages that never left once more, in two statements; how many.

    Not what came back, whose address wants correcting, nor what tells who had not answered.
    """
    again = session.scalars(
        update(MailMessage)
        .where(*failed(consultation_id))
        .values(state=MailState.QUEUED, attempts=0, not_before=None, last_error="", sent_at=None)
        .returning(MailMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    promise_all(session, SEND, [{"message": message_id} for message_id in again])
    return len(again)


def move(message: MailMessage, to: MailState) -> None:
    """The only writer of a message's state beside `send_failed_again`."""
    if to not in MOVES[message.state]:
        raise Refused(
            "This message is %(state)s and cannot become %(wanted)s.", state=message.state, wanted=to
        )
    message.state = to
