"""Finding prepared files, and whether one may still be read."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.clock import now
from consult.exports.prepared.models import PreparedExport, Stage
from consult.moderation.published import times_taken_out


def prepared_for(session: Session, consultation: Consultation, user: User) -> Sequence[PreparedExport]:
    """What this person asked for here and is not over yet, the newest first."""
    return session.scalars(
        select(PreparedExport)
        .where(
            PreparedExport.consultation_id == consultation.id,
            PreparedExport.asked_by == user.id,
            PreparedExport.expires_at > now(),
        )
        .order_by(PreparedExport.expires_at.desc(), PreparedExport.id)
    ).all()


def prepared_of(
    session: Session, consultation: Consultation, user: User, export_id: str
) -> PreparedExport | None:
    """One of them."""
    return next((one for one in prepared_for(session, consultation, user) if one.id == export_id), None)


def is_void(session: Session, prepared: PreparedExport) -> bool:
    """Whether something in it may have been taken back, or the promise became stricter, since it was begun."""
    consultation = session.get_one(Consultation, prepared.consultation_id)
    return (
        prepared.taken_out != times_taken_out(session, consultation)
        or prepared.ground_rules_id != ground_rules_in_force(session, consultation).id
    )


def readable(session: Session, prepared: PreparedExport) -> bool:
    """Whether its file may be given out now."""
    return prepared.stage is Stage.READY and prepared.expires_at > now() and not is_void(session, prepared)
