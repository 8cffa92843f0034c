"""How far people rely on the ground rules, judged as the database's own guard judges it."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.consultations.rules import Stage
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.mail.models import MailMessage
from consult.operations.mailing.kinds import MailKind
from consult.responses.models import Response

TELLING = ("invitations_sent", "letters_printed")
"""Acts by which people learn of the ground rules."""


def stage_of(session: Session, consultation: Consultation) -> Stage:
    """The stage now. From TOLD there is no way back."""
    if session.scalar(select(exists().where(Response.consultation_id == consultation.id))):
        return Stage.ANSWERED
    told = session.scalar(
        select(
            or_(
                exists().where(
                    MailMessage.consultation_id == consultation.id,
                    MailMessage.kind == MailKind.INVITATION.value,
                ),
                exists().where(AuditEntry.consultation_id == consultation.id, AuditEntry.act.in_(TELLING)),
            )
        )
    )
    opened = consultation.opens_at is not None and consultation.opens_at <= now()
    return Stage.TOLD if told or opened else Stage.FREE
