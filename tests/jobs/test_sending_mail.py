"""Mail arrives or says why not: through the outbox, the queue and a real SMTP server, whatever happens on the way."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.database import Base, Database
from consult.core.mail import actions
from consult.core.mail.models import MailMessage, MailState
from consult.core.mail.queries import in_trouble
from consult.core.mail.sending import NoMailServer
from consult.core.outbox import BATCH, OutboxRow
from consult.jobs.queue import JobQueue
from consult.jobs.registry import job_queue
from consult.operations.mailing.actions import (
    announce_report,
    send_invitations,
    send_reminders,
    send_to_staff,
)
from consult.operations.mailing.kinds import MailKind
from consult.participants.queries import invitation_by_code, invitation_by_secret
from consult.settings import Settings
from tests.factories import World, make_invited
from tests.jobs.post import invite_all, messages, only_participant, promises, text_of
from tests.mail_server import HANG_UP, Script

BUSY = "451 4.3.0 Try later"
GREYLISTED = "450 4.2.0 Greylisted"


def test_an_invitation_arrives_with_a_link_and_a_code_that_open_it(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    assert invite_all(database, world) == 2
    assert queue.run_waiting() == 2
    assert sorted(script.recipients) == sorted(
        [[world.participant.participant.email], [world.other_participant.participant.email]]
    )
    for invited in (world.participant, world.other_participant):
        (taken,) = [m for m in script.taken if invited.participant.email in str(m["To"])]
        assert f"http://localhost/i/{invited.secret}?lang=en" in text_of(taken)
        code = f"{invited.code[:3]}-{invited.code[3:6]}-{invited.code[6:]}"
        assert code in text_of(taken)
        with database.reading() as session:
            found = invitation_by_secret(session, invited.secret)
            assert found is not None
            assert found.id == invited.invitation.id
            assert invitation_by_code(session, code) is found
    assert {message.state for message in messages(database)} == {MailState.SENT}
    assert promises(database) == 0


def test_no_secret_is_stored_anywhere(
    queue: JobQueue, database: Database, settings: Settings, world: World, script: Script
) -> None:
    """Not in a table, not in the queue: before the sending, after a failed attempt, after the sending."""
    canaries = [
        secret
        for invited in (world.participant, world.other_participant)
        for secret in (invited.secret, invited.code)
    ]
    script.to_message = [BUSY, BUSY]
    invite_all(database, world)
    for step in (lambda: None, queue.hand_over, queue.run_waiting, queue.sweep):
        step()
        stored = everything_stored(database, settings)
        assert world.participant.participant.email in stored
        assert [canary for canary in canaries if canary in stored] == []


def everything_stored(database: Database, settings: Settings) -> str:
    with database.reading() as session:
        rows = [
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
        ]
        if not database.is_sqlite:
            for table in ("huey_task", "huey_schedule", "huey_kv"):
                rows += [repr(bytes(blob)) for (blob,) in queue_rows(session, table)]
    if database.is_sqlite:
        rows += [
            file.read_bytes().decode("latin-1") for file in Path(settings.jobs_url).parent.glob("*.jobs*")
        ]
    return "\n".join(rows)


def queue_rows(session: Session, table: str) -> list[tuple[bytes]]:
    columns = {column["name"] for column in inspect(session.connection()).get_columns(table)}
    column = "data" if "data" in columns else "value"
    return [(row[0],) for row in session.execute(text(f"SELECT {column} FROM {table}"))]


def test_what_is_rolled_back_is_not_sent(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    with database.session(writing=True) as session:
        send_invitations(session, world.consultation)
        session.rollback()
    assert queue.run_waiting() == 0
    assert messages(database) == []


@pytest.mark.parametrize("trouble", [BUSY, "421 Going down", HANG_UP])
def test_a_server_in_passing_trouble_gets_the_message_a_minute_later(
    *,
    queue: JobQueue,
    database: Database,
    world: World,
    script: Script,
    clock: Callable[[timedelta], None],
    trouble: str,
) -> None:
    row = only_participant(database, world)
    script.to_message = [trouble]
    queue.run_waiting()
    (waiting,) = messages(database)
    assert (waiting.state, waiting.attempts) == (MailState.QUEUED, 1)
    assert waiting.last_error
    assert queue.run_waiting() == 0
    clock(timedelta(seconds=61))
    queue.run_waiting()
    (sent,) = messages(database)
    assert (sent.state, sent.attempts, sent.last_error) == (MailState.SENT, 2, "")
    assert [message["Message-ID"] for message in script.taken] == [f"<{row.id}@example.org>"]
    assert promises(database) == 0


def test_greylisting_of_five_minutes_is_waited_out(
    queue: JobQueue, database: Database, world: World, script: Script, clock: Callable[[timedelta], None]
) -> None:
    only_participant(database, world)
    script.to_recipient = [GREYLISTED] * 3
    queue.run_waiting()
    for minutes in (1, 2, 4):
        clock(timedelta(minutes=minutes, seconds=1))
        queue.run_waiting()
    (sent,) = messages(database)
    assert (sent.state, sent.attempts) == (MailState.SENT, 4)


def test_after_two_days_it_has_failed_and_can_be_sent_again(
    queue: JobQueue, database: Database, world: World, script: Script, clock: Callable[[timedelta], None]
) -> None:
    only_participant(database, world)
    script.to_message = [BUSY] * actions.MOST_ATTEMPTS
    begin = now()
    for minutes in (0, *actions.RETRY_MINUTES):
        clock(timedelta(minutes=minutes, seconds=1))
        queue.run_waiting()
    assert timedelta(days=2) < now() - begin < timedelta(days=2, hours=6)
    with database.reading() as session:
        (failed,) = in_trouble(session, world.consultation.id)
    assert (failed.state, failed.attempts) == (MailState.FAILED, 21)
    assert failed.last_error == f"The mail server refused the message (451): {BUSY[4:]}"
    assert promises(database) == 0
    with database.transaction() as session:
        actions.send_again(session, session.get_one(MailMessage, failed.id), address="right@example.org")
    queue.run_waiting()
    assert script.recipients == [["right@example.org"]]


def test_a_refusal_for_good_is_tried_once(
    queue: JobQueue, database: Database, world: World, script: Script, clock: Callable[[timedelta], None]
) -> None:
    only_participant(database, world)
    script.to_recipient = ["550 5.1.1 No such user"]
    queue.run_waiting()
    clock(timedelta(hours=5))
    queue.sweep()
    queue.run_waiting()
    (failed,) = messages(database)
    assert (failed.state, failed.attempts, script.tries) == (MailState.FAILED, 1, 1)
    assert "No such user" in failed.last_error


def test_without_a_mail_server_each_message_says_so(
    settings: Settings, database: Database, world: World
) -> None:
    only_participant(database, world)
    queue = job_queue(settings, database)
    queue.run_waiting()
    queue.close()
    (failed,) = messages(database)
    assert failed.state is MailState.FAILED
    assert "CONSULT_MAIL_URL" in failed.last_error
    with pytest.raises(Exception, match="No mail server is set"):
        NoMailServer().send(EmailMessage())


def test_a_promise_handed_over_twice_sends_one_message(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    only_participant(database, world)
    with database.reading() as session:
        promised = session.scalars(select(OutboxRow.id)).one()
    queue.hand_over()
    queue._perform(promised)
    queue._perform(promised)
    assert queue.run_waiting() == 3
    assert len(script.taken) == 1


def test_much_mail_is_queued_in_one_act_and_handed_over_by_the_worker(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    with database.transaction() as session:
        for number in range(BATCH + 20):
            make_invited(session, world.consultation, world.october, number + 100)
    assert invite_all(database, world) == BATCH + 22
    assert invite_all(database, world) == 0
    queue.hand_over()
    assert queue.huey.pending_count() == BATCH + 1
    queue.sweep()
    assert queue.huey.pending_count() == BATCH + 23


def test_a_reminder_goes_to_those_who_may_still_answer_and_leaves_no_trace(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    invite_all(database, world)
    queue.run_waiting()
    script.taken.clear()
    with database.transaction() as session:
        assert send_reminders(session, world.consultation, occasion="a week") == 2
        session.merge(world.other_participant.invitation).answered = True
    queue.run_waiting()
    (reminder,) = script.taken
    assert world.participant.participant.email in str(reminder["To"])
    assert f"/i/{world.participant.secret}" in text_of(reminder)
    assert reminder["List-Unsubscribe"].startswith("<http://localhost/stop/")
    assert {message.kind for message in messages(database)} == {"invitation"}
    with database.transaction() as session:
        assert send_reminders(session, world.consultation, occasion="three days") == 1


def test_what_has_no_reason_any_more_is_not_sent(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    invite_all(database, world)
    with database.transaction() as session:
        session.merge(world.participant.invitation).revoked = True
        announced = announce_report(session, world.consultation)
    queue.run_waiting()
    assert announced == 1
    assert script.recipients == [[world.other_participant.participant.email]]
    reasons = {m.last_error for m in messages(database) if m.state is MailState.SUPPRESSED}
    assert reasons == {"The invitation was revoked.", "No report is published."}


def test_a_test_mail_shows_an_invitation_with_nobodys_link(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    with database.transaction() as session:
        send_to_staff(session, world.consultation, world.director, kind=MailKind.TEST, language="en")
    queue.run_waiting()
    (taken,) = script.taken
    assert "http://localhost/join" in text_of(taken)
    assert "/i/" not in text_of(taken)
    assert taken["List-Unsubscribe"] is None
