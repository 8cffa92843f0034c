"""What waits for somebody's second approval: another person approved it, and the words stand as they were approved."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, exists, func, select, union_all
from sqlalchemy.orm import Session

from consult.moderation.models import ApprovedOnce
from consult.responses.models import Answer


def approved_once(session: Session, answer_ids: Collection[str]) -> dict[str, str]:
    """Answer → who approved it as it stands, for those that wait for another person's approval. One query."""
    standing = select(ApprovedOnce.answer_id, ApprovedOnce.approved_by)
    return dict(session.execute(standing.where(ApprovedOnce.answer_id.in_(answer_ids))).all())


def waits_for(user_id: str) -> ColumnElement[bool]:
    """A condition on Answer, for a queue's filter: what this person can give the second approval to."""
    return exists().where(ApprovedOnce.answer_id == Answer.id, ApprovedOnce.approved_by != user_id)


def waiting_for(user_id: str, meeting_ids: Collection[str]) -> Select[str]:
    """The same answers, found without reading any that this person approved. Column `answer_id`."""
    first = ApprovedOnce.approved_by
    here = select(ApprovedOnce.answer_id).where(ApprovedOnce.meeting_id.in_(meeting_ids))
    others = union_all(here.where(first < user_id), here.where(first > user_id)).subquery()
    return select(others.c.answer_id)


def counted_for(session: Session, user_id: str, meeting_ids: Collection[str]) -> dict[str, int]:
    """Meeting → how many wait there for this person's second approval, of those where any does."""
    here = ApprovedOnce.meeting_id.in_(meeting_ids), ApprovedOnce.approved_by != user_id
    found = select(ApprovedOnce.meeting_id, func.count()).where(*here).group_by(ApprovedOnce.meeting_id)
    return dict(session.execute(found).all())


def next_for(
    user_id: str, meeting_ids: Collection[str], after: int | None, *, backwards: bool
) -> Select[str]:
    """The same in the queue's order from that place on. Column `answer_id`."""
    key, answer_id = ApprovedOnce.shuffle_key, ApprovedOnce.answer_id
    found = select(answer_id).where(
        ApprovedOnce.meeting_id.in_(meeting_ids), ApprovedOnce.approved_by != user_id
    )
    if after is not None:
        found = found.where(key <= after if backwards else key >= after)
    return found.order_by(*((key.desc(), answer_id.desc()) if backwards else (key, answer_id)))
