"""Pilot answers: what staff write while trying the form, until it opens. They are no responses and become none."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.rules import Phase, phase
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Refused
from consult.meetings.models import Asking, PilotAnswer


def keep_pilot_answers(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    written: Sequence[tuple[Asking, str, str]],
    *,
    by: User,
) -> None:
    """Keep what was written to each asking, with how it might have been used. Raises Refused once answering opened."""
    if phase(consultation, rules, now()) is not Phase.PREPARING:
        raise Refused("This consultation has opened, so pilot answers are over. Answer by an invitation.")
    session.add_all(
        PilotAnswer(consultation_id=consultation.id, asking_id=asking.id, text=text, use=use)
        for asking, text, use in written
    )
    session.flush()
    audit.record(
        session,
        "pilot_answers_kept",
        user_id=by.id,
        consultation_id=consultation.id,
        number=len(written),
    )


def delete_pilot_answers(session: Session, consultation: Consultation, *, by: User) -> None:
    """Clear them away before opening does."""
    session.execute(delete(PilotAnswer).where(PilotAnswer.consultation_id == consultation.id))
    audit.record(session, "pilot_answers_deleted", user_id=by.id, consultation_id=consultation.id)


def end_pilots(session: Session) -> int:
    """Delete the pilot answers of every consultation whose time to open has come; how many consultations."""
    due = session.scalars(
        select(Consultation.id)
        .join(PilotAnswer, PilotAnswer.consultation_id == Consultation.id)
        .where(Consultation.opens_at <= now())
        .distinct()
    ).all()
    for consultation_id in due:
        session.execute(delete(PilotAnswer).where(PilotAnswer.consultation_id == consultation_id))
        audit.record(session, "pilot_answers_deleted", consultation_id=consultation_id)
    return len(due)
