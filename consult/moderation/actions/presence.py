"""Saying that somebody is on an answer, so that two do not work on one."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.clock import now
from consult.moderation.models import Presence
from consult.responses.models import Answer

BELIEVED = timedelta(seconds=60)
"""How long a word of presence counts. Browsers repeat it three times as often."""


def be_present(session: Session, answer: Answer, user: User) -> None:
    """This person has this answer open, and therefore no other. What nobody repeated is forgotten by the way."""
    at = now()
    session.execute(delete(Presence).where((Presence.user_id == user.id) | (Presence.until <= at)))
    try:
        with session.begin_nested():
            session.add(Presence(answer_id=answer.id, user_id=user.id, until=at + BELIEVED))
    except IntegrityError:
        return  # the same person's other window said so at the same moment
