"""One mail to everybody who was invited once a report is out, whether they answered or not."""

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.audit import AuditEntry
from consult.core.errors import Refused
from consult.operations.mailing.actions import announce_report
from consult.participants.models import Invitation, Participant
from consult.reports.models import Edition
from consult.reports.queries import published_edition

ANNOUNCED = "report_announced"


def may_announce(session: Session, consultation: Consultation) -> Edition | None:
    """The published edition that nobody was told of yet."""
    edition = published_edition(session, consultation)
    if edition is None or session.scalar(select(_told(edition))):
        return None
    return edition


def readers(session: Session, consultation: Consultation) -> int:
    """How many people would get the mail: everybody with an invitation that stands, once."""
    invited = exists().where(Invitation.participant_id == Participant.id, Invitation.revoked.is_(False))
    return (
        session.scalar(
            select(func.count())
            .select_from(Participant)
            .where(Participant.consultation_id == consultation.id, invited)
        )
        or 0
    )


def announce(session: Session, consultation: Consultation, *, by: User) -> int:
    """Queue the mail; to how many. Once an edition: being one chain, the log lets one of two at once through."""
    edition = published_edition(session, consultation)
    if edition is None:
        raise Refused("No report is published yet, so there is nothing to announce.")
    number = announce_report(session, consultation)
    entry = audit.record(
        session,
        ANNOUNCED,
        user_id=by.id,
        consultation_id=consultation.id,
        subject=edition.id,
        number=number,
    )
    if session.scalar(select(_told(edition, before=entry.number))):
        raise Refused("This edition was announced already.")
    return number


def _told(edition: Edition, *, before: int | None = None) -> Exists:
    said = exists().where(AuditEntry.act == ANNOUNCED, AuditEntry.subject == edition.id)
    return said if before is None else said.where(AuditEntry.number < before)
