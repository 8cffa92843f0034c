"""Telling moderators that answers wait for them: seldom, together, and in numbers alone.

A mail for each answer would date it. So a moderator gets at most one a day, over all consultations, and a consultation
is in it only once five more answers have come in, or once it has closed with answers left.
Whoever wants none gets none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.accounts.queries import staff_of
from consult.consultations.models import Consultation
from consult.consultations.queries import consultations_by_title, ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.mail.actions import queue
from consult.core.mail.models import MailMessage
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_of
from consult.moderation.models import Digest
from consult.moderation.queries import counted_for
from consult.operations.mailing.kinds import MailKind
from consult.responses.enums import AnswerState
from consult.responses.models import Answer

LEAST_NEW = 5
ONCE_IN = timedelta(hours=20)
"""A day, with room for a worker that begins its rounds late."""
MODERATING = frozenset({Role.PROGRAMME_DIRECTOR, Role.RAPPORTEUR})


@dataclass(frozen=True)
class Arrivals:
    """Of one meeting, as far as the desk sees it: answers that wait, and all that ever came in."""

    meeting: Meeting
    waiting: int
    arrived: int
    second: int = 0
    """How many of those that wait need only the second approval, of whoever is told."""


@dataclass(frozen=True)
class Due:
    """What one moderator is to be told about one consultation."""

    user: User
    consultation: Consultation
    arrived: int


def queue_digests(session: Session) -> int:
    """Queue the digests that are due, one message a moderator at most; how many. Running it again sends nothing."""
    due: dict[str, list[Due]] = {}
    for consultation in consultations_by_title(session):
        for one in _due_in(session, consultation):
            due.setdefault(one.user.id, []).append(one)
    return sum(_tell(session, told) for _user, told in sorted(due.items()))


def waiting_in_digest(session: Session, message: MailMessage) -> list[tuple[Consultation, list[Arrivals]]]:
    """What a digest speaks of, as it stands now: consultations with the meetings at which answers wait."""
    user = session.get_one(User, message.user_id or "")
    told = session.scalars(
        select(Consultation)
        .join(Digest, Digest.consultation_id == Consultation.id)
        .where(Digest.message_id == message.id)
        .order_by(Consultation.title, Consultation.id)
    )
    found = [
        (
            consultation,
            [
                row
                for row in _with_seconds(session, consultation, user)
                if row.waiting and _moderates(user, row.meeting)
            ],
        )
        for consultation in told
    ]
    return [(consultation, rows) for consultation, rows in found if rows]


def _due_in(session: Session, consultation: Consultation) -> list[Due]:
    meetings = _arrivals(session, consultation)
    if not any(row.waiting for row in meetings):
        return []
    rules = ground_rules_in_force(session, consultation)
    closed_at = None
    if consultation.closes_at is not None and phase(consultation, rules, now()) is Phase.CLOSED:
        closed_at = consultation.closes_at + timedelta(minutes=rules.grace_minutes)
    moderators = {m.user.id: m.user for m in staff_of(session, consultation.id) if m.role in MODERATING}
    due = []
    for user in moderators.values():
        mine = [row for row in meetings if _moderates(user, row.meeting)]
        arrived = sum(row.arrived for row in mine)
        told = session.get(Digest, (user.id, consultation.id), populate_existing=True)
        if (
            user.active
            and user.digests
            and any(row.waiting for row in mine)
            and _is_due(told, arrived, closed_at)
        ):
            due.append(Due(user, consultation, arrived))
    return due


def _is_due(told: Digest | None, arrived: int, closed_at: datetime | None) -> bool:
    if closed_at is not None and (told is None or told.told_at < closed_at):
        return True
    return arrived - (told.arrived if told else 0) >= LEAST_NEW


def _tell(session: Session, due: Sequence[Due]) -> int:
    user, at = due[0].user, now()
    last = session.scalar(select(func.max(Digest.told_at)).where(Digest.user_id == user.id))
    if last is not None and at - last < ONCE_IN:
        return 0
    first = due[0].consultation
    message = MailMessage(
        consultation_id=first.id,
        kind=MailKind.DIGEST.value,
        language=first.language,
        address=user.email,
        user_id=user.id,
        created_at=at,
    )
    queue(session, message)
    for one in due:
        told = session.get(Digest, (user.id, one.consultation.id), with_for_update=True)
        if told is None:
            told = Digest(user_id=user.id, consultation_id=one.consultation.id)
            session.add(told)
        told.told_at, told.arrived, told.message_id = at, one.arrived, message.id
    session.flush()
    return 1


def _moderates(user: User, meeting: Meeting) -> bool:
    return any(
        membership.consultation_id == meeting.consultation_id
        and membership.role in MODERATING
        and membership.meeting_id in (None, meeting.id)
        for membership in user.memberships
    )


def _with_seconds(session: Session, consultation: Consultation, user: User) -> list[Arrivals]:
    rows = _arrivals(session, consultation)
    if not consultation.second_approval:
        return rows
    found = counted_for(session, user.id, [row.meeting.id for row in rows])
    return [replace(row, second=found.get(row.meeting.id, 0)) for row in rows]


def _arrivals(session: Session, consultation: Consultation) -> list[Arrivals]:
    counts: Select[str, AnswerState, int] = (
        select(Answer.meeting_id, Answer.state, func.count())
        .where(Answer.consultation_id == consultation.id, Answer.released.is_(True))
        .group_by(Answer.meeting_id, Answer.state)
    )
    waiting: dict[str, int] = {}
    arrived: dict[str, int] = {}
    for meeting_id, state, number in session.execute(counts):
        arrived[meeting_id] = arrived.get(meeting_id, 0) + number
        if state is AnswerState.WAITING:
            waiting[meeting_id] = number
    return [
        Arrivals(meeting, waiting.get(meeting.id, 0), arrived.get(meeting.id, 0))
        for meeting in meetings_of(session, consultation)
    ]
