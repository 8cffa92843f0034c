"""Themes on part of an answer, analysts' notes, and marks of what is worth quoting. The only writers of these."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import hold, record
from consult.analysis.enums import CodingState
from consult.analysis.models import AnalystNote, Coding, QuoteMark, Theme
from consult.analysis.queries.codebook import STANDS
from consult.analysis.queries.piles import redactions_of
from consult.analysis.rules import check_theme, checked_text
from consult.analysis.spans import kept_pieces, to_revision, to_visible
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.errors import Invalid, NotFound, Refused
from consult.moderation.models import PublishedCase, PublishedText
from consult.responses.models import Revision

LONGEST_NOTE = 2000


def assign_part(
    session: Session, revision: Revision, theme: Theme, starts: int, ends: int, *, by: User
) -> Coding:
    """Give a theme to part of an answer: code points of the words that can be read. Given twice it stays one coding."""
    answer = hold(session, revision)
    check_theme(theme, answer.consultation_id)
    kept = kept_pieces(len(revision.text or ""), redactions_of(session, [revision.id]).get(revision.id, []))
    place = to_revision(kept, starts, ends)
    if place is None:
        raise Invalid("These words are not in the answer. Select them again.", field="start")
    same = session.scalars(
        select(Coding).where(
            Coding.revision_id == revision.id,
            Coding.theme_id == theme.id,
            Coding.coder_id == by.id,
            Coding.starts == place[0],
            Coding.ends == place[1],
            Coding.state == CodingState.CONFIRMED,
        )
    ).first()
    if same is not None:
        return same
    coding = Coding(
        revision_id=revision.id,
        theme_id=theme.id,
        coder_id=by.id,
        starts=place[0],
        ends=place[1],
        coded_at=now(),
    )
    session.add(coding)
    session.flush()
    record(session, "assign_part", answer, theme, by)
    return coding


def unassign_part(session: Session, revision: Revision, coding_id: str, *, by: User) -> None:
    """Take a theme back from part of an answer; it stays on record as removed."""
    answer = hold(session, revision)
    coding = session.get(Coding, coding_id)
    if coding is None or coding.revision_id != revision.id or coding.starts is None:
        raise NotFound("There is no such part of this answer.")
    if coding.state is CodingState.CONFIRMED:
        coding.state = CodingState.REMOVED
        session.flush()
        record(session, "unassign_part", answer, session.get_one(Theme, coding.theme_id), by)


@dataclass(frozen=True)
class Part:
    """Words of an answer with a theme of their own."""

    coding_id: str
    theme_id: str
    words: str


def parts_of(session: Session, revision: Revision) -> list[Part]:
    """The coded parts of an answer, in order, as far as their words can be read."""
    text = revision.text or ""
    kept = kept_pieces(len(text), redactions_of(session, [revision.id]).get(revision.id, []))
    visible = "".join(text[starts:ends] for starts, ends in kept)
    found = []
    for coding in session.scalars(
        select(Coding)
        .where(Coding.revision_id == revision.id, Coding.starts.is_not(None), STANDS)
        .order_by(Coding.starts, Coding.ends, Coding.id)
    ):
        place = to_visible(kept, coding.starts or 0, coding.ends or 0)
        if place is not None:
            found.append(Part(coding.id, coding.theme_id, visible[place[0] : place[1]]))
    return found


def note(session: Session, revision: Revision, words: str, *, by: User) -> AnalystNote:
    """Keep an analyst's note at an answer. Raises Invalid without words."""
    hold(session, revision)
    kept = checked_text(words, "note", LONGEST_NOTE)
    if not kept:
        raise Invalid("Write the note first.", field="note")
    written = AnalystNote(revision_id=revision.id, words=kept, written_by=by.id, written_at=now())
    session.add(written)
    session.flush()
    return written


def notes_on(session: Session, revision_id: str) -> list[tuple[AnalystNote, str]]:
    """The notes at an answer, each with its writer's name, the oldest first."""
    rows = session.execute(
        select(AnalystNote, User.name)
        .join(User, User.id == AnalystNote.written_by)
        .where(AnalystNote.revision_id == revision_id)
        .order_by(AnalystNote.written_at, AnalystNote.id)
    )
    return [(written, by) for written, by in rows]


def mark_quotable(session: Session, revision: Revision, *, worth: bool, by: User) -> None:
    """Mark an answer as worth quoting, or take the mark away. Raises Refused where it may not be quoted at all."""
    hold(session, revision)
    if worth and session.get(PublishedText, revision.id) is None:
        raise Refused("Whoever wrote this lets it be counted and not quoted, so it cannot be marked.")
    kept = session.get(QuoteMark, revision.id)
    if worth and kept is None:
        session.add(QuoteMark(revision_id=revision.id, marked_by=by.id))
    elif not worth:
        session.execute(delete(QuoteMark).where(QuoteMark.revision_id == revision.id))
    session.flush()


def is_marked(session: Session, revision_id: str) -> bool:
    """Whether somebody found it worth quoting."""
    return session.get(QuoteMark, revision_id) is not None


def progress_by_coder(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> dict[tuple[str, str], int]:
    """(coder's name, meeting id) → on how many answers there themes of this coder stand."""
    rows = session.execute(
        select(User.name, PublishedCase.meeting_id, func.count(func.distinct(Coding.revision_id)))
        .join(Coding, Coding.coder_id == User.id)
        .join(PublishedCase, PublishedCase.revision_id == Coding.revision_id)
        .where(
            PublishedCase.consultation_id == consultation.id,
            PublishedCase.meeting_id.in_(meeting_ids),
            STANDS,
        )
        .group_by(User.id, User.name, PublishedCase.meeting_id)
        .order_by(User.name)
    )
    return {(name, meeting): count for name, meeting, count in rows}
