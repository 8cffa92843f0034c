"""Finding meetings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from consult.consultations.models import Consultation
from consult.core.storage import StoredFile
from consult.meetings.models import Asking, Meeting, MeetingLink, PilotAnswer


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
            selectinload(Meeting.attendees),
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


def link_at(session: Session, meeting: Meeting, link_id: str) -> MeetingLink | None:
    """The link of that meeting with that identifier."""
    return session.scalars(
        select(MeetingLink).where(MeetingLink.meeting_id == meeting.id, MeetingLink.id == link_id)
    ).first()


def document_served(session: Session, consultation: Consultation, document_id: str) -> StoredFile | None:
    """A document of ours with its content, while a link of one of the consultation's meetings leads to it."""
    return session.scalars(
        select(StoredFile)
        .join(MeetingLink, MeetingLink.document_id == StoredFile.id)
        .join(Meeting, Meeting.id == MeetingLink.meeting_id)
        .where(StoredFile.id == document_id, Meeting.consultation_id == consultation.id)
        .options(undefer(StoredFile.content))
    ).first()


def pilot_answers(session: Session, consultation: Consultation) -> Sequence[PilotAnswer]:
    """What was written while the form was tried, by meeting and question, in no order of time."""
    return session.scalars(
        select(PilotAnswer)
        .join(PilotAnswer.asking)
        .where(PilotAnswer.consultation_id == consultation.id)
        .order_by(Asking.meeting_id, Asking.position, PilotAnswer.id)
        .options(
            joinedload(PilotAnswer.asking).joinedload(Asking.wording),
            joinedload(PilotAnswer.asking).joinedload(Asking.meeting),
        )
    ).all()
