"""What staff wrote down: notes on a discussion, and cards that wait for a second person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.meetings.models import Meeting, MeetingSession
from consult.responses.enums import AnswerState, Voiced
from consult.responses.models import (
    Answer,
    PaperCard,
    Response,
    Revision,
    SessionNote,
)
from consult.responses.queries.whole import found_by, in_full


def part_of_note(session: Session, answer_id: str) -> str:
    """The title of the session that a rapporteur's note is about; empty for a whole meeting."""
    return (
        session.scalar(
            select(MeetingSession.title)
            .join(SessionNote, SessionNote.session_id == MeetingSession.id)
            .where(SessionNote.answer_id == answer_id)
        )
        or ""
    )


@dataclass(frozen=True)
class NoteRow:
    """A note as the desk lists it. `text` is None once it was taken back."""

    answer_id: str
    state: AnswerState
    part: str
    text: str | None
    language: str
    written_by: str
    voiced: Voiced = Voiced.SAID
    position: int = 0


def notes_at(session: Session, meeting: Meeting) -> list[NoteRow]:
    """A meeting's notes by session, in the place that their rapporteur gave them; else in no order of time."""
    rows = session.execute(
        select(
            Answer.id,
            Answer.state,
            MeetingSession.title,
            Revision.text,
            Revision.language,
            User.name,
            SessionNote.voiced,
            SessionNote.position,
        )
        .select_from(SessionNote)
        .join(Answer, Answer.id == SessionNote.answer_id)
        .join(User, User.id == SessionNote.written_by)
        .outerjoin(Revision, (Revision.answer_id == Answer.id) & Revision.current)
        .outerjoin(MeetingSession, MeetingSession.id == SessionNote.session_id)
        .where(SessionNote.meeting_id == meeting.id, Answer.state != AnswerState.WITHDRAWN)
        .order_by(MeetingSession.position, SessionNote.position, Answer.shuffle_key, Answer.id)
    )
    return [
        NoteRow(id_, state, part or "", text, language or "", name, voiced, position)
        for id_, state, part, text, language, name, voiced, position in rows
    ]


def note_at(session: Session, meeting_ids: Collection[str], answer_id: str) -> Response | None:
    """The response of a note at one of these meetings, with its answer."""
    return found_by(
        session,
        in_full()
        .join(Answer, Answer.response_id == Response.id)
        .join(SessionNote, SessionNote.answer_id == Answer.id)
        .where(SessionNote.answer_id == answer_id, SessionNote.meeting_id.in_(meeting_ids)),
    )


def cards_at(session: Session, meeting_ids: Collection[str]) -> Sequence[PaperCard]:
    """The cards that were typed at these meetings and wait for a second person, in no order of time."""
    return session.scalars(
        select(PaperCard)
        .where(PaperCard.meeting_id.in_(meeting_ids), PaperCard.checked_by.is_(None))
        .order_by(PaperCard.id)
    ).all()


def card_at(session: Session, meeting_ids: Collection[str], card_id: str) -> PaperCard | None:
    """That card, at one of these meetings."""
    return session.scalars(
        select(PaperCard).where(PaperCard.id == card_id, PaperCard.meeting_id.in_(meeting_ids))
    ).first()


def cards_checked(session: Session, meeting_ids: Collection[str]) -> int:
    """How many cards of these meetings two people have gone through."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PaperCard)
            .where(PaperCard.meeting_id.in_(meeting_ids), PaperCard.checked_by.is_not(None))
        )
        or 0
    )
