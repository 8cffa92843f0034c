"""Finding tokens, and the editions that one opens."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from consult.consultations.models import Consultation
from consult.core.identifiers import digest
from consult.reports.models import Edition
from consult.reports.tokens.models import ApiToken


def tokens_of(session: Session, consultation: Consultation) -> Sequence[ApiToken]:
    """A consultation's tokens, by name, those that ended too."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.consultation_id == consultation.id)
        .order_by(ApiToken.name, ApiToken.id)
    ).all()


def token_in(session: Session, consultation: Consultation, token_id: str) -> ApiToken | None:
    """One token of this consultation."""
    return session.scalars(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.consultation_id == consultation.id)
    ).first()


def token_by_secret(session: Session, secret: str) -> ApiToken | None:
    """The token with that secret if it works now, whatever it is for."""
    found = session.scalars(select(ApiToken).where(ApiToken.secret_hash == digest(secret))).first()
    return found if found is not None and found.works else None


def editions_after(session: Session, consultation: Consultation, number: int, most: int) -> list[Edition]:
    """Every edition that was not taken back, frozen ones too, oldest first, from the one after `number` on."""
    return list(
        session.scalars(
            select(Edition)
            .where(
                Edition.consultation_id == consultation.id,
                Edition.number > number,
                Edition.withdrawn_at.is_(None),
            )
            .order_by(Edition.number)
            .limit(most)
        )
    )


def edition_in(session: Session, consultation: Consultation, number: int) -> Edition | None:
    """One of them, with its document."""
    return session.scalars(
        select(Edition)
        .where(
            Edition.consultation_id == consultation.id,
            Edition.number == number,
            Edition.withdrawn_at.is_(None),
        )
        .options(undefer(Edition.document))
    ).first()
