"""Choices as rows, in two profiles: one row for each answer, never joined to another of the same person."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import SMALLEST_BASE, merged
from consult.analysis.disclosure.rows import Profile
from consult.analysis.queries.choices import Chosen, numbers_of_choices, pages_of_choices
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
    return tuple(column for question in _closed(session, consultation) for column in _columns(question))


def release_choices(
    session: Session,
    consultation: Consultation,
    profile: Profile | str,
    *,
    meeting_ids: Collection[str] | None = None,
) -> Iterator[ReleasedChoice]:
    """Countable choices in the questions' order and shuffled within, read in pages."""
    profile = Profile(profile)
    smallest = ground_rules_in_force(session, consultation).smallest_group
    meetings = {meeting.id: meeting.slug for meeting in meetings_of(session, consultation)}
    questions = _closed(session, consultation)
    before = 0
    width = sum(len(_columns(question)) for question in questions)
    for question in questions:
        kind, own = KINDS[question.kind], len(_columns(question))
        numbers = numbers_of_choices(session, consultation, question.id)
        told = None if profile is Profile.DESK else _told(numbers, smallest, identifying=kind.identifying)
        for page in pages_of_choices(session, consultation, question.id, meeting_ids):
            for meeting_id, choices in page:
                if told is not None and choices not in told[meeting_id]:
                    continue
                yield ReleasedChoice(
                    meeting=meetings[meeting_id],
                    question=question.code,
                    text="; ".join(kind.words(question, choices, consultation.language)),
                    cells=("",) * before
                    + tuple(kind.cells(question, choices))
                    + ("",) * (width - before - own),
                )
        before += own


def told_of_choices(
    session: Session, consultation: Consultation
) -> Iterator[tuple[Question, str, dict[Chosen, int]]]:
    """Question, meeting, and how many rows of the publication profile have each choice there."""
    smallest = ground_rules_in_force(session, consultation).smallest_group
    for question in _closed(session, consultation):
        numbers = numbers_of_choices(session, consultation, question.id)
        told = _told(numbers, smallest, identifying=KINDS[question.kind].identifying)
        for meeting_id, chosen in told.items():
            yield question, meeting_id, {one: numbers[meeting_id, one] for one in chosen}


def _told(
    numbers: Mapping[tuple[str, Chosen], int], smallest: int, *, identifying: bool
) -> dict[str, set[Chosen]]:
    """Meeting → what may be told there."""
    sizes: dict[str, dict[Chosen, int]] = defaultdict(dict)
    for (meeting_id, choices), number in numbers.items():
        sizes[meeting_id][choices] = number
    told: dict[str, set[Chosen]] = defaultdict(set)
    for meeting_id, given in sizes.items():
        if sum(given.values()) < SMALLEST_BASE:
            continue
        if not identifying:
            told[meeting_id] = set(given)
            continue
        for group in merged(given, smallest):
            told[meeting_id] |= {one for one in group if len(group) == 1 and given[one] >= smallest}
    return told


def _closed(session: Session, consultation: Consultation) -> list[Question]:
    return [question for question in questions_of(session, consultation) if _columns(question)]


def _columns(question: Question) -> list[Column]:
    return KINDS[question.kind].columns(question)
