"""Whether something has left the published view since somebody read it: the database counts that by itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.moderation.models import TakenOut


def times_taken_out(session: Session, consultation: Consultation) -> int:
    """How often something has left the published view."""
    found = session.scalars(
        select(TakenOut.number).where(TakenOut.consultation_id == consultation.id)
    ).first()
    return found or 0
