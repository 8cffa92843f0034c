"""What moderators leave for each other and for themselves: notes, who is on an answer, saved views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import null, select, union_all
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.moderation.models import AnswerNote, Presence, SavedView


@dataclass(frozen=True)
class WrittenNote:
    """A note with the name of whoever wrote it."""

    words: str
    name: str
    at: datetime


def others_on(session: Session, answer_id: str, user: User) -> list[str]:
    """The names of the others whose browsers said within the last minute that they have this answer open."""
    return beside(session, answer_id, user)[1]


def beside(session: Session, answer_id: str, user: User) -> tuple[list[WrittenNote], list[str]]:
    """The notes at an answer, and who else has it open. One query."""
    notes = select(AnswerNote.words, User.name, AnswerNote.written_at, AnswerNote.id).join(
        User, User.id == AnswerNote.written_by
    )
    present = (
        select(null(), User.name, Presence.until, User.id)
        .join(Presence, Presence.user_id == User.id)
        .where(Presence.answer_id == answer_id, Presence.user_id != user.id, Presence.until > now())
    )
    rows: Sequence[Any] = session.execute(
        union_all(notes.where(AnswerNote.answer_id == answer_id), present).order_by("written_at", "id")
    ).all()
    written = [WrittenNote(row[0], row[1], row[2]) for row in rows if row[0] is not None]
    return written, sorted(row[1] for row in rows if row[0] is None)


def saved_views(session: Session, user: User, consultation: Consultation) -> Sequence[SavedView]:
    """This person's own views, by name."""
    return session.scalars(
        select(SavedView)
        .where(SavedView.user_id == user.id, SavedView.consultation_id == consultation.id)
        .order_by(SavedView.name, SavedView.id)
    ).all()
