"""Finding consultations and what belongs to them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, GroundRules, Question, SignOffLink
from consult.core.clock import now
from consult.core.identifiers import digest


def consultation_by_slug(session: Session, slug: str) -> Consultation | None:
    """The consultation at that address."""
    return session.scalars(select(Consultation).where(Consultation.slug == slug)).first()


def consultations_by_title(session: Session) -> Sequence[Consultation]:
    """Every consultation, by title."""
    return session.scalars(select(Consultation).order_by(Consultation.title, Consultation.id)).all()


def ground_rules_in_force(session: Session, consultation: Consultation) -> GroundRules:
    """The newest version. Every consultation has one from its creation."""
    return session.scalars(
        select(GroundRules)
        .where(GroundRules.consultation_id == consultation.id)
        .order_by(GroundRules.version.desc())
        .limit(1)
    ).one()


def questions_of(session: Session, consultation: Consultation) -> Sequence[Question]:
    """The questions in form order."""
    return session.scalars(
        select(Question)
        .where(Question.consultation_id == consultation.id)
        .order_by(Question.position, Question.id)
    ).all()


def question_by_code(session: Session, consultation: Consultation, code: str) -> Question | None:
    """The question of that consultation with that code."""
    return session.scalars(
        select(Question).where(Question.consultation_id == consultation.id, Question.code == code)
    ).first()


def sign_off_links_of(session: Session, consultation: Consultation) -> Sequence[SignOffLink]:
    """Every link that was made, the newest first."""
    return session.scalars(
        select(SignOffLink)
        .where(SignOffLink.consultation_id == consultation.id)
        .order_by(SignOffLink.made_at.desc(), SignOffLink.id)
    ).all()


def consultation_to_sign_off(session: Session, secret: str) -> Consultation | None:
    """What that link shows, while it is neither expired nor revoked."""
    return session.scalars(
        select(Consultation)
        .join(SignOffLink, SignOffLink.consultation_id == Consultation.id)
        .where(
            SignOffLink.secret_hash == digest(secret),
            SignOffLink.revoked.is_(False),
            SignOffLink.expires_at > now(),
        )
    ).first()
