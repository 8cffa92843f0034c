"""Finding what is to be coded a second time, what two coders gave, and where they differ."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.agreement.rules import Agreement, Twice, agreement_of
from consult.analysis.codebook.queries import all_themes
from consult.analysis.codebook.rules import gone_to
from consult.analysis.models import Adjudication, Coding, DoubleCoding, SecondReading, Theme
from consult.analysis.queries.codebook import STANDS, themes_of
from consult.analysis.queries.piles import Codable, codable_answer
from consult.consultations.models import Consultation
from consult.moderation.models import PublishedCase
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision


def percent_coded_twice(session: Session, consultation: Consultation) -> int:
    """How many in a hundred answers are coded twice; 0 where none are."""
    return (
        session.scalar(select(DoubleCoding.percent).where(DoubleCoding.consultation_id == consultation.id))
        or 0
    )


def _awaiting(
    consultation: Consultation, percent: int, meeting_ids: Collection[str], user: User
) -> list[ColumnElement[bool]]:
    """Sampled answers with a theme that this person has not given any to, and nobody has read a second time."""
    return [
        Answer.consultation_id == consultation.id,
        Answer.meeting_id.in_(meeting_ids),
        Answer.state == AnswerState.APPROVED,
        Answer.shuffle_key % 100 < percent,
        exists().where(PublishedCase.revision_id == Revision.id),
        exists().where(Coding.revision_id == Revision.id, STANDS),
        ~exists().where(Coding.revision_id == Revision.id, Coding.coder_id == user.id),
        ~exists().where(SecondReading.revision_id == Revision.id),
    ]


def _sampled(
    consultation: Consultation, percent: int, meeting_ids: Collection[str], user: User
) -> Select[str]:
    return (
        select(Answer.id)
        .join(Revision, and_(Revision.answer_id == Answer.id, Revision.current.is_(True)))
        .where(*_awaiting(consultation, percent, meeting_ids, user))
        .order_by(Answer.shuffle_key, Answer.id)
    )


def next_to_read_again(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], user: User
) -> tuple[Codable | None, int]:
    """The next answer that this person may code blindly, and how many there are."""
    percent = percent_coded_twice(session, consultation)
    if not percent:
        return None, 0
    ids = session.scalars(_sampled(consultation, percent, meeting_ids, user)).all()
    return (codable_answer(session, consultation, meeting_ids, ids[0]) if ids else None), len(ids)


def awaits_blind_reading(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], user: User, answer_id: str
) -> bool:
    """Whether this person may code that answer only without seeing what stands on it."""
    percent = percent_coded_twice(session, consultation)
    if not percent:
        return False
    statement = _sampled(consultation, percent, meeting_ids, user).where(Answer.id == answer_id)
    return session.scalar(statement) is not None


def _readings(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> list[tuple[SecondReading, str]]:
    rows = session.execute(
        select(SecondReading, Answer.id)
        .join(Revision, Revision.id == SecondReading.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .join(PublishedCase, PublishedCase.revision_id == Revision.id)
        .where(
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
            Revision.current.is_(True),
        )
        .order_by(Answer.shuffle_key, Answer.id)
    )
    return [(reading, answer_id) for reading, answer_id in rows]


def _now(ids: Collection[str], gone: Mapping[str, str]) -> frozenset[str]:
    return frozenset(gone.get(theme_id, theme_id) for theme_id in ids)


def agreement(session: Session, consultation: Consultation, meeting_ids: Collection[str]) -> Agreement:
    """How far coders agree at these meetings, on what each had given before anything was settled."""
    gone = gone_to(all_themes(session, consultation))
    twice: list[Twice] = [
        (_now(reading.first_themes, gone), _now(reading.themes, gone), _now(reading.offered, gone))
        for reading, _ in _readings(session, consultation, meeting_ids)
    ]
    return agreement_of(twice, [theme.id for theme in themes_of(session, consultation)])


@dataclass(frozen=True)
class Disagreement:
    """A theme that one of two coders gave to an answer."""

    answer_id: str
    revision_id: str
    theme: Theme
    by_first: bool


def disagreements(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> list[Disagreement]:
    """Those not settled yet, answer by answer in shuffled order."""
    themes = all_themes(session, consultation)
    gone, by_id = gone_to(themes), {theme.id: theme for theme in themes}
    readings = _readings(session, consultation, meeting_ids)
    settled = {
        (revision_id, gone.get(theme_id, theme_id))
        for revision_id, theme_id in session.execute(
            select(Adjudication.revision_id, Adjudication.theme_id).where(
                Adjudication.revision_id.in_([reading.revision_id for reading, _ in readings])
            )
        )
    }
    found = []
    for reading, answer_id in readings:
        first, second = _now(reading.first_themes, gone), _now(reading.themes, gone)
        found += [
            Disagreement(answer_id, reading.revision_id, by_id[theme_id], theme_id in first)
            for theme_id in sorted(first ^ second, key=lambda each: (by_id[each].position, each))
            if not by_id[theme_id].retired and (reading.revision_id, theme_id) not in settled
        ]
    return found
