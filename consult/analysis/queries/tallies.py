"""Counting inside the gate: what these return only consult.analysis.disclosure can open."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from consult.analysis.models import Coding
from consult.analysis.queries.codebook import STANDS
from consult.analysis.rules import RawTally
from consult.consultations.models import Consultation, Question
from consult.moderation.models import PublishedCase
from consult.responses.models import Answer, Revision


def respondents(session: Session, consultation: Consultation) -> RawTally:
    """(meeting,) → respondents with an approved answer that may be counted. Rapporteurs' notes are none."""
    return _tally(session, consultation, PublishedCase.meeting_id)


def respondents_by_theme(session: Session, consultation: Consultation) -> RawTally:
    """(meeting, theme) → respondents whose answers carry the theme; however many gave it, once each."""
    return _tally(session, consultation, PublishedCase.meeting_id, themes=True)


ATTRIBUTES: Mapping[str, InstrumentedAttribute[str | None]] = {
    "country": PublishedCase.country,
    "country_group": PublishedCase.country_group,
    "sector": PublishedCase.sector,
    "role_label": PublishedCase.role_label,
    "language": PublishedCase.language,
}
"""Attributes of persons that were copied, coarsened, at submission."""


def respondents_by_attribute(session: Session, consultation: Consultation, attribute: str) -> RawTally:
    """(value or None,) → respondents over all meetings."""
    return _tally(session, consultation, ATTRIBUTES[attribute])


def themes_by_attribute(session: Session, consultation: Consultation, attribute: str) -> RawTally:
    """(value or None, theme) → respondents over all meetings."""
    return _tally(session, consultation, ATTRIBUTES[attribute], themes=True)


def _tally(
    session: Session,
    consultation: Consultation,
    by: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    *,
    themes: bool = False,
) -> RawTally:
    """Two queries. With one question a case is a respondent, which saves looking up a million responses."""
    several = (session.scalar(_questions(consultation)) or 0) > 1
    person = Answer.response_id if several else PublishedCase.revision_id
    columns = (by, Coding.theme_id) if themes else (by,)
    statement: Select[*tuple[Any, ...]] = (
        select(*columns, func.count(distinct(person)) if several or themes else func.count())
        .select_from(PublishedCase)
        .where(PublishedCase.consultation_id == consultation.id, PublishedCase.counts_as_participant)
        .group_by(*columns)
    )
    if themes:
        statement = statement.join(Coding, Coding.revision_id == PublishedCase.revision_id).where(STANDS)
    if several:
        statement = statement.join(Revision, Revision.id == PublishedCase.revision_id).join(
            Answer, Answer.id == Revision.answer_id
        )
    return RawTally({tuple(row[:-1]): row[-1] for row in session.execute(statement)})


def _questions(consultation: Consultation) -> Select[int]:
    return select(func.count()).where(Question.consultation_id == consultation.id)
