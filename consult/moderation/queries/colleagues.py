"""What moderators leave for each other and for themselves: notes, who is on an answer, saved views."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, Select, Text, cast, null, select, union_all
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.moderation.hints.queries import Group, remarks, remarks_in
from consult.moderation.hints.rules.finding import Found
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


@dataclass(frozen=True)
class Around:
    """What a page of the queue says beside an answer, and of the answers listed with it."""

    notes: list[WrittenNote]
    others: list[str]
    """The names of those who have the answer open too."""
    elsewhere: frozenset[str]
    """Those of the answers asked about that others have open, beside that one."""
    hints: dict[str, list[Found]]
    """By revision."""
    groups: dict[str, Group]
    """By answer."""


def beside(session: Session, answer_id: str, user: User) -> tuple[list[WrittenNote], list[str]]:
    """The notes at an answer, and who else has it open. One query."""
    found = around(session, answer_id, user)
    return found.notes, found.others


def around(
    session: Session,
    answer_id: str,
    user: User,
    *,
    revision_ids: Collection[str] = (),
    answer_ids: Collection[str] = (),
    meeting_ids: Collection[str] = (),
) -> Around:
    """Notes and company of one answer; company, hints and groups of several, counted over these meetings. One query."""
    no_words, no_time, no_number = cast(null(), Text), cast(null(), DateTime), cast(null(), Integer)
    numbers = [no_number] * 4
    written = (
        select(AnswerNote.written_at, User.name, AnswerNote.words, *numbers, AnswerNote.id)
        .join(User, User.id == AnswerNote.written_by)
        .where(AnswerNote.answer_id == answer_id)
    )
    present = (
        select(Presence.until, User.name, no_words, *numbers, Presence.answer_id)
        .join(Presence, Presence.user_id == User.id)
        .where(
            Presence.answer_id.in_({answer_id, *answer_ids}),
            Presence.user_id != user.id,
            Presence.until > now(),
        )
    )
    statements: list[Select[*tuple[Any, ...]]] = [written, present]
    if revision_ids or answer_ids:
        statements += [
            of.with_only_columns(no_time, *of.selected_columns, no_words, maintain_column_froms=True)
            for of in remarks(revision_ids, answer_ids, meeting_ids)
        ]
    rows: Sequence[Any] = session.execute(union_all(*statements)).all()
    people = sorted((row for row in rows if row[0] is not None), key=lambda row: (row[0], row[-1]))
    hints, groups = remarks_in(row[1:-1] for row in rows if row[0] is None)
    return Around(
        notes=[WrittenNote(row[2], row[1], row[0]) for row in people if row[2] is not None],
        others=sorted(row[1] for row in people if row[2] is None and row[-1] == answer_id),
        elsewhere=frozenset(row[-1] for row in people if row[2] is None) - {answer_id},
        hints=hints,
        groups=groups,
    )


def saved_views(session: Session, user: User, consultation: Consultation) -> Sequence[SavedView]:
    """This person's own views, by name."""
    return session.scalars(
        select(SavedView)
        .where(SavedView.user_id == user.id, SavedView.consultation_id == consultation.id)
        .order_by(SavedView.name, SavedView.id)
    ).all()
