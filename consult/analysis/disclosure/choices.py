"""Choices as rows, in two profiles: one row for each answer, never joined to another of the same person."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure.rows import Profile
from consult.analysis.disclosure.told.answering import told_answers
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.queries.choices import Chosen, pages_of_choices
from consult.consultations.kinds import KINDS, Column
from consult.consultations.models import Consultation, Question
from consult.consultations.queries import ground_rules_in_force, questions_of
from consult.meetings.queries import meetings_of


@dataclass(frozen=True)
class ReleasedChoice:
    """What one participant chose at one question.

    In the publication profile a question's answers at a meeting are released where ten gave one at least, and a value
    that could tell who gave it where k gave the same; what is left out there is k at least, or none.
    """

    meeting: str
    """Slug."""
    question: str
    """Code."""
    text: str
    """The choices in words, in the consultation's own language."""
    cells: tuple[str, ...]
    """One for each of `choice_columns`, empty where it is another question's."""


def choice_columns(session: Session, consultation: Consultation) -> tuple[Column, ...]:
    """The columns of every question with choices, in form order."""
    return tuple(
        column for question in closed_questions(session, consultation) for column in _columns(question)
    )


def release_choices(
    session: Session,
    consultation: Consultation,
    profile: Profile | str,
    *,
    meeting_ids: Collection[str] | None = None,
) -> Iterator[ReleasedChoice]:
    """Countable choices in the questions' order, read in pages and shuffled within; for publication in order.

    These are made from what may be told of each question, so that the rows of two publications tell of nobody who came
    or left in between.
    """
    meetings = {meeting.id: meeting.slug for meeting in meetings_of(session, consultation)}
    asked = None if meeting_ids is None else {meetings[meeting_id] for meeting_id in meeting_ids}
    telling = None
    if Profile(profile) is Profile.PUBLICATION:
        telling = Publishing(session, consultation, ground_rules_in_force(session, consultation))
    questions = closed_questions(session, consultation)
    before = 0
    width = sum(len(_columns(question)) for question in questions)
    for question in questions:
        kind, own = KINDS[question.kind], len(_columns(question))
        rows: Iterable[tuple[str, Chosen]] = (
            _all_of(session, consultation, question, meeting_ids, meetings)
            if telling is None
            else _told(telling, question, asked)
        )
        for meeting, choices in rows:
            yield ReleasedChoice(
                meeting=meeting,
                question=question.code,
                text="; ".join(kind.words(question, choices, consultation.language)),
                cells=("",) * before + tuple(kind.cells(question, choices)) + ("",) * (width - before - own),
            )
        before += own


def _all_of(
    session: Session,
    consultation: Consultation,
    question: Question,
    meeting_ids: Collection[str] | None,
    meetings: Mapping[str, str],
) -> Iterator[tuple[str, Chosen]]:
    for page in pages_of_choices(session, consultation, question.id, meeting_ids):
        yield from ((meetings[meeting_id], choices) for meeting_id, choices in page)


def _told(
    publishing: Publishing, question: Question, asked: Collection[str] | None
) -> Iterator[tuple[str, Chosen]]:
    for slug, figures in told_answers(publishing, question).at.items():
        if slug is not None and (asked is None or slug in asked):
            for chosen, number in sorted(figures.rows.items()):
                yield from ((slug, chosen) for _ in range(number))


def closed_questions(session: Session, consultation: Consultation) -> list[Question]:
    """Those with choices, in form order."""
    return [question for question in questions_of(session, consultation) if _columns(question)]


def _columns(question: Question) -> list[Column]:
    return KINDS[question.kind].columns(question)
