"""Reminders planned before closing: each once, the last that is due, to those who have not answered; never a name."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.core.mail.models import MailMessage, MailState
from consult.operations.mailing.actions import send_invitations
from consult.operations.opening import set_times
from consult.operations.people.announcing import announce, may_announce, readers
from consult.operations.people.reminders import forget_reminder, plan_reminder, send_due
from consult.participants.models import PlannedReminder
from tests.factories import World, make_consultation, make_user


def reminded(session: Session) -> list[str]:
    """To whose addresses reminders are queued; then they are sent and forgotten, as the worker does it."""
    rows = session.scalars(select(MailMessage).where(MailMessage.kind == "reminder")).all()
    addresses = sorted(row.address for row in rows)
    session.execute(delete(MailMessage).where(MailMessage.kind == "reminder"))
    return addresses


def test_each_goes_out_once_and_moves_with_closing(session: Session, world: World) -> None:
    consultation, director = world.consultation, world.director
    send_invitations(session, consultation)
    for message in session.scalars(select(MailMessage)):
        message.state, message.sent_at = MailState.SENT, now()
    world.other_participant.invitation.answered = True
    consultation.closes_at = now() + timedelta(hours=100)
    for hours in (72, 24):
        plan_reminder(session, consultation, hours, by=director)
    with pytest.raises(Invalid, match="already"):
        plan_reminder(session, consultation, 24, by=director)
    assert send_due(session) == 0

    consultation.closes_at = now() + timedelta(
        hours=71
    )  # the first is due, and so it would be had nobody moved it
    for plan in session.scalars(select(PlannedReminder)):
        plan.planned_at = now() - timedelta(days=9)
    assert send_due(session) >= 1
    assert reminded(session) == [world.participant.participant.email]
    assert send_due(session) == 0
    consultation.closes_at = now() + timedelta(hours=23)
    assert send_due(session) >= 1
    assert len(reminded(session)) == 1
    consultation.closes_at = now() + timedelta(hours=1)  # nobody was there when it was due
    assert send_due(session) == 0
    consultation.closes_at = now() + timedelta(
        hours=23, minutes=30
    )  # extended: another closing, another reminder
    forget_reminder(session, consultation, 24, by=director)
    assert send_due(session) == 0
    told = session.scalars(select(AuditEntry).where(AuditEntry.act == "reminders_sent")).all()
    assert told
    assert not [entry for entry in told if world.participant.participant.id in entry.subject + entry.facts]


def test_a_reminder_whose_time_was_past_when_it_was_planned_is_never_sent(
    session: Session, world: World
) -> None:
    world.consultation.closes_at = now() + timedelta(hours=20)
    plan_reminder(session, world.consultation, 24, by=world.director)
    assert send_due(session) == 0


def test_an_unlinked_consultation_stays_closed_and_a_linked_one_opens_again(
    session: Session, world: World
) -> None:
    director = make_user(session, "Ada Director")
    unlinked, rules = make_consultation(session, "unlinked", mode=Mode.UNLINKED)
    over = now() - timedelta(minutes=rules.grace_minutes + 1)
    for consultation in (unlinked, world.consultation):
        consultation.opens_at, consultation.closes_at = over - timedelta(days=1), over
    session.flush()
    later = now() + timedelta(days=1)
    set_times(session, world.consultation, opens_at=over, closes_at=later, tell=False, by=director)
    with pytest.raises(Refused, match="for good"):
        set_times(session, unlinked, opens_at=over, closes_at=later, tell=False, by=director)
    assert unlinked.closes_at == over


def test_nothing_is_announced_before_a_report_is_out(session: Session, world: World) -> None:
    assert readers(session, world.consultation) >= 2
    assert may_announce(session, world.consultation) is None
    with pytest.raises(Refused):
        announce(session, world.consultation, by=world.director)
