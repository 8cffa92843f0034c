"""Reminders at set times before closing. The worker sends each once a meeting, and nobody learns to whom.

Of several that are due together only the last before closing goes out; one whose time was missed by hours is not made
up for, since a reminder that comes at an odd time is worse than none.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_of
from consult.operations.people.sending import remind, reminded_on
from consult.participants.models import PlannedReminder

LEAST_HOURS, MOST_HOURS = 1, 2160
MOST_PLANNED = 5
MOST_LATE = timedelta(hours=12)


def planned_reminders(session: Session, consultation: Consultation) -> Sequence[PlannedReminder]:
    """The longest before closing first."""
    return session.scalars(
        select(PlannedReminder)
        .where(PlannedReminder.consultation_id == consultation.id)
        .order_by(PlannedReminder.hours_before.desc())
    ).all()


def plan_reminder(session: Session, consultation: Consultation, hours: int, *, by: User) -> None:
    """Remind so many hours before closing, whenever that will be. Raises Invalid."""
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise Invalid(
            "Choose from %(least)s to %(most)s hours.", field="hours", least=LEAST_HOURS, most=MOST_HOURS
        )
    there = {one.hours_before for one in planned_reminders(session, consultation)}
    if hours in there:
        raise Invalid("That reminder is planned already.", field="hours")
    if len(there) >= MOST_PLANNED:
        raise Invalid("%(most)s reminders are enough. Remove one first.", field="hours", most=MOST_PLANNED)
    session.add(PlannedReminder(consultation_id=consultation.id, hours_before=hours, planned_at=now()))
    session.flush()
    audit.record(session, "reminder_planned", user_id=by.id, consultation_id=consultation.id, hours=hours)


def forget_reminder(session: Session, consultation: Consultation, hours: int, *, by: User) -> None:
    """Plan it no longer; nothing happens where it was not planned."""
    found = session.get(PlannedReminder, (consultation.id, hours))
    if found is None:
        return
    session.delete(found)
    session.flush()
    audit.record(session, "reminder_unplanned", user_id=by.id, consultation_id=consultation.id, hours=hours)


def due_at(consultation: Consultation, reminder: PlannedReminder) -> datetime | None:
    """When it goes out, as closing stands now; None where no closing is set."""
    if consultation.closes_at is None:
        return None
    return consultation.closes_at - timedelta(hours=reminder.hours_before)


def send_due(session: Session) -> int:
    """Queue every planned reminder whose time has come and that was not sent; at how many meetings."""
    planned = select(PlannedReminder.consultation_id).distinct()
    sent = 0
    for consultation in session.scalars(
        select(Consultation)
        .where(Consultation.id.in_(planned), Consultation.closes_at > now())
        .order_by(Consultation.id)
    ).all():
        rules = ground_rules_in_force(session, consultation)
        occasion = _due(session, consultation)
        if occasion is None or phase(consultation, rules, now()) is not Phase.OPEN:
            continue
        for meeting in meetings_of(session, consultation):
            if not reminded_on(session, meeting, occasion) and not reminded_on(
                session, meeting, by_hand(meeting)
            ):
                remind(session, consultation, meeting, occasion=occasion, by=None)
                sent += 1
    return sent


def by_hand(meeting: Meeting) -> str:
    """The occasion of a reminder by hand: one a day, as the meeting counts days."""
    return f"by-hand-{now().astimezone(UTC).astimezone(ZoneInfo(meeting.time_zone)).date().isoformat()}"


def _due(session: Session, consultation: Consultation) -> str | None:
    """The occasion that is due now: the last one before closing. Another closing time makes another occasion."""
    for reminder in reversed(planned_reminders(session, consultation)):
        at = due_at(consultation, reminder)
        if at is not None and max(at, reminder.planned_at) == at and at <= now():
            late = now() - at > MOST_LATE
            closes = consultation.closes_at
            return None if late or closes is None else f"before-{reminder.hours_before}-{closes:%Y%m%dT%H%M}"
    return None
