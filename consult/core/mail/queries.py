"""Finding mail. What depends on who has answered is never listed by person."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from consult.core.mail.models import MailMessage, MailState, MailText


def in_trouble(session: Session, consultation_id: str | None, *, limit: int = 100) -> Sequence[MailMessage]:
    """Messages that failed or came back, by address: those whose recipients do not depend on who has answered."""
    statement = select(MailMessage).where(
        MailMessage.state.in_((MailState.FAILED, MailState.BOUNCED)), MailMessage.forgotten.is_(False)
    )
    if consultation_id is not None:
        statement = statement.where(MailMessage.consultation_id == consultation_id)
    return session.scalars(statement.order_by(MailMessage.address, MailMessage.id).limit(limit)).all()


def failed(consultation_id: str) -> list[ColumnElement[bool]]:
    """What messages of a consultation that never left have in common."""
    return [
        MailMessage.consultation_id == consultation_id,
        MailMessage.state == MailState.FAILED,
        MailMessage.forgotten.is_(False),
    ]


def failed_number(session: Session, consultation_id: str) -> int:
    """How many those are."""
    return session.scalar(select(func.count()).select_from(MailMessage).where(*failed(consultation_id))) or 0


def messages_by_id(session: Session, ids: Iterable[str]) -> dict[str, MailMessage]:
    """Those of the messages that are still here."""
    rows = session.scalars(select(MailMessage).where(MailMessage.id.in_(list(ids))))
    return {row.id: row for row in rows}


def own_words(session: Session, consultation_id: str, kind: str, language: str) -> MailText | None:
    """The consultation's own words for that kind of mail in that language, where it has written any."""
    return session.scalars(
        select(MailText).where(
            MailText.consultation_id == consultation_id,
            MailText.kind == kind,
            MailText.language == language,
        )
    ).first()
