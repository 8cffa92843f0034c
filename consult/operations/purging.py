"""What the ground rules promise to delete so many months after closing, deleted. What was published stays.

The roster goes with its invitations, mail and every way from a person to an answer; answers lose their words and what
was kept about the person beside them. Decisions stay, which hold no words, and so do frozen editions.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force
from consult.core import audit
from consult.core.clock import now
from consult.core.sealing import Seal
from consult.meetings.queries import meetings_of
from consult.participants.models import Invitation, Participant
from consult.responses.actions import withdraw
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, PaperCard, Response, ResponseCode, ResponseLink

PAGE = 500


@dataclass(frozen=True)
class Due:
    """What one consultation has to delete, and from when on; a number is 0 where nothing is left to delete."""

    consultation: Consultation
    people_from: datetime | None
    people: int
    answers_from: datetime | None
    answers: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do now."""
        return not (self.people or self.answers)


def due(session: Session) -> list[Due]:
    """Every consultation whose ground rules name a time, by slug. Numbers are of what may be deleted now."""
    at, found = now(), []
    for consultation in session.scalars(select(Consultation).order_by(Consultation.slug)):
        rules = ground_rules_in_force(session, consultation)
        people_from = _months_after_closing(consultation, rules, rules.people_kept_months)
        answers_from = _months_after_closing(consultation, rules, rules.answers_kept_months)
        if people_from or answers_from:
            people = answers = 0
            if people_from and people_from <= at:
                people = _number(session, Participant, consultation)
            if answers_from and answers_from <= at:
                answers = (
                    session.scalar(
                        select(func.count())
                        .select_from(Answer)
                        .where(
                            Answer.consultation_id == consultation.id, Answer.state != AnswerState.WITHDRAWN
                        )
                    )
                    or 0
                )
                answers += _number(session, PaperCard, consultation)
            found.append(Due(consultation, people_from, people, answers_from, answers))
    return found


def purge(session: Session, one: Due, *, seal: Seal) -> None:
    """Delete what is due. Run again, it does nothing more."""
    if one.people:
        _forget_links(session, one.consultation, seal)
        session.execute(
            update(Response)
            .where(Response.consultation_id == one.consultation.id, Response.participant_id.is_not(None))
            .values(participant_id=None)
        )
        session.execute(delete(Participant).where(Participant.consultation_id == one.consultation.id))
    if one.answers:
        _forget_links(session, one.consultation, seal)
        meetings = [meeting.id for meeting in meetings_of(session, one.consultation)]
        session.execute(delete(ResponseCode).where(ResponseCode.meeting_id.in_(meetings)))
        session.execute(delete(PaperCard).where(PaperCard.consultation_id == one.consultation.id))
        for response in _with_words(session, one.consultation):
            withdraw(session, response, after_cut_off=True)
    if not one.nothing:
        audit.record(
            session, "purged", consultation_id=one.consultation.id, people=one.people, answers=one.answers
        )


def _months_after_closing(
    consultation: Consultation, rules: GroundRules, months: int | None
) -> datetime | None:
    """The same day of a later month, or its last; None where nothing is promised or nobody knows the closing."""
    if months is None or consultation.closes_at is None:
        return None
    closed = consultation.closes_at + timedelta(minutes=rules.grace_minutes)
    years, month = divmod(closed.month - 1 + months, 12)
    year, month = closed.year + years, month + 1
    return closed.replace(year=year, month=month, day=min(closed.day, monthrange(year, month)[1]))


def _number(session: Session, model: type[Participant] | type[PaperCard], consultation: Consultation) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(model).where(model.consultation_id == consultation.id)
        )
        or 0
    )


def _forget_links(session: Session, consultation: Consultation, seal: Seal) -> None:
    """Confidential mode: the sealed ways from invitations to responses."""
    invitations = session.scalars(
        select(Invitation.id)
        .join(Invitation.participant)
        .where(Participant.consultation_id == consultation.id)
    ).all()
    for start in range(0, len(invitations), PAGE):
        handles = [seal.handle(each) for each in invitations[start : start + PAGE]]
        session.execute(delete(ResponseLink).where(ResponseLink.handle.in_(handles)))


def _with_words(session: Session, consultation: Consultation) -> Iterator[Response]:
    standing = exists().where(Answer.response_id == Response.id, Answer.state != AnswerState.WITHDRAWN)
    statement = (
        select(Response)
        .where(Response.consultation_id == consultation.id, standing)
        .order_by(Response.id)
        .limit(PAGE)
    )
    while page := session.scalars(statement).all():
        yield from page
        session.flush()
        session.expunge_all()
