"""What followed a report."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.reports.following.models import FollowUp


def followed_up(session: Session, consultation_id: str) -> Sequence[FollowUp]:
    """The entries that are shown, the newest day first."""
    return session.scalars(
        select(FollowUp)
        .where(FollowUp.consultation_id == consultation_id, FollowUp.taken_back.is_(False))
        .order_by(FollowUp.on_day.desc(), FollowUp.id)
    ).all()


def follow_up_in(session: Session, consultation: Consultation, entry_id: str) -> FollowUp | None:
    """One entry that is shown."""
    return next((one for one in followed_up(session, consultation.id) if one.id == entry_id), None)


def mark_of(session: Session, slug: str) -> str:
    """Grows with every change to a consultation's entries."""
    versions = session.scalar(
        select(func.sum(FollowUp.version))
        .join(Consultation, Consultation.id == FollowUp.consultation_id)
        .where(Consultation.slug == slug)
    )
    return str(versions or 0)
