"""Finding openings of sealed links: what waits, what was agreed, and what a participant is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from consult.accounts.models import User
from consult.accounts.queries import directors_of_a_party
from consult.consultations.models import Consultation
from consult.moderation.models import LinkOpening
from consult.responses.models import Answer, Response


@dataclass(frozen=True)
class ShownOpening:
    """An opening with those who asked and agreed by name."""

    opening: LinkOpening
    asked_by: str
    agreed_by: str


@dataclass(frozen=True)
class Told:
    """What the person who gave an answer is told: when two directors could read who it was, and why."""

    at: datetime
    reasons: tuple[str, ...]


def openings_of(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], *, limit: int = 100
) -> Sequence[ShownOpening]:
    """The newest openings at these meetings."""
    asker, agreer = aliased(User), aliased(User)
    rows = session.execute(
        select(LinkOpening, asker.name, agreer.name)
        .join(Answer, Answer.id == LinkOpening.answer_id)
        .join(asker, asker.id == LinkOpening.asked_by)
        .outerjoin(agreer, agreer.id == LinkOpening.agreed_by)
        .where(*_given_at(consultation, meeting_ids))
        .order_by(LinkOpening.asked_at.desc(), LinkOpening.id)
        .limit(limit)
        .options(joinedload(LinkOpening.answer))
    )
    return [ShownOpening(opening, asked, agreed or "") for opening, asked, agreed in rows]


def opening_in(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], opening_id: str
) -> LinkOpening | None:
    """That opening, if it is of an answer at one of these meetings."""
    return session.scalars(
        select(LinkOpening)
        .join(Answer, Answer.id == LinkOpening.answer_id)
        .where(
            LinkOpening.id == opening_id,
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
        )
    ).first()


def openings_to_agree(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], *, by: User, at: datetime
) -> int:
    """How many wait for somebody other than whoever asked and their party, and so for `by`."""
    found = (
        select(func.count())
        .select_from(LinkOpening)
        .join(Answer, Answer.id == LinkOpening.answer_id)
        .where(
            *_given_at(consultation, meeting_ids),
            LinkOpening.agreed_by.is_(None),
            LinkOpening.expires_at > at,
            LinkOpening.asked_by.not_in(directors_of_a_party(session, consultation.id, by)),
        )
    )
    return session.scalar(found) or 0


def _given_at(consultation: Consultation, meeting_ids: Collection[str]) -> list[ColumnElement[bool]]:
    """Said of values that no index knows: SQLite would begin with a million answers instead of the few openings."""
    return [
        func.coalesce(Answer.consultation_id, "") == consultation.id,
        func.coalesce(Answer.meeting_id, "").in_(meeting_ids),
    ]


def told_of_openings(session: Session, response: Response) -> list[Told]:
    """What is told to whoever gave this response: every opening that was agreed, read or not."""
    agreed = session.scalars(
        select(LinkOpening)
        .join(Answer, Answer.id == LinkOpening.answer_id)
        .where(Answer.response_id == response.id, LinkOpening.agreed_at.is_not(None))
        .order_by(LinkOpening.agreed_at, LinkOpening.id)
    )
    return [
        Told(opening.agreed_at, (opening.reason, opening.agreed_reason))
        for opening in agreed
        if opening.agreed_at is not None
    ]
