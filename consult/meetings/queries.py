"""Finding meetings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from consult.consultations.models import Consultation
from consult.meetings.models import Asking, Meeting


def meetings_of(session: Session, consultation: Consultation) -> Sequence[Meeting]:
    """The meetings in their order."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.consultation_id == consultation.id)
        .order_by(Meeting.position, Meeting.id)
    ).all()


def meetings_in_full(session: Session, consultation: Consultation) -> Sequence[Meeting]:
    """The same with sessions, outcomes, links and askings, in a fixed number of queries."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.consultation_id == consultation.id)
        .order_by(Meeting.position, Meeting.id)
        .options(
            selectinload(Meeting.sessions),
            selectinload(Meeting.outcomes),
            selectinload(Meeting.links),
            selectinload(Meeting.askings).joinedload(Asking.question),
            selectinload(Meeting.askings).joinedload(Asking.wording),
        )
    ).all()


def meeting_by_slug(session: Session, consultation: Consultation, slug: str) -> Meeting | None:
    """The meeting of that consultation at that address."""
    return session.scalars(
        select(Meeting).where(Meeting.consultation_id == consultation.id, Meeting.slug == slug)
    ).first()


def askings_at(session: Session, meeting: Meeting) -> Sequence[Asking]:
    """What is asked at a meeting, in form order, with questions and wordings."""
    return session.scalars(
        select(Asking)
        .where(Asking.meeting_id == meeting.id)
        .order_by(Asking.position, Asking.id)
        .options(selectinload(Asking.question), selectinload(Asking.wording))
    ).all()
