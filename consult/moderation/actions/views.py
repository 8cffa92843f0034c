"""Saved views: filters of the queue under a name of one's own."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.errors import Invalid
from consult.core.text import unstorable
from consult.moderation.models import SavedView

LONGEST_NAME = 80
LONGEST_QUERY = 1000
MOST_VIEWS = 30


def save_view(session: Session, user: User, consultation: Consultation, name: str, query: str) -> SavedView:
    """Keep these filters under that name; a name used before now leads here. Raises Invalid at `name`."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or unstorable(name):
        raise Invalid("Give the view a name of at most %(most)s characters.", field="name", most=LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise Invalid("These filters are too long to be kept. Search for fewer words.", field="name")
    mine = SavedView.user_id == user.id, SavedView.consultation_id == consultation.id
    view = session.scalars(select(SavedView).where(*mine, SavedView.name == name)).first()
    if view is None:
        if (session.scalar(select(func.count()).select_from(SavedView).where(*mine)) or 0) >= MOST_VIEWS:
            raise Invalid("You have %(most)s views. Remove one first.", field="name", most=MOST_VIEWS)
        view = SavedView(user_id=user.id, consultation_id=consultation.id, name=name, query=query)
        session.add(view)
    view.query = query
    session.flush()
    return view


def forget_view(session: Session, user: User, consultation: Consultation, view_id: str) -> None:
    """Remove one of this person's own views. Does nothing for what is not theirs."""
    session.execute(
        delete(SavedView).where(
            SavedView.id == view_id,
            SavedView.user_id == user.id,
            SavedView.consultation_id == consultation.id,
        )
    )
