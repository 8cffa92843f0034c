"""Counting inside the gate: what these return only consult.analysis.disclosure can open."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from consult.analysis.models import Coding
from consult.analysis.queries.codebook import STANDS
from consult.analysis.rules import RawTally
from consult.consultations.models import Consultation
from consult.moderation.models import PublishedCase
from consult.responses.models import Answer, Revision


def respondents(session: Session, consultation: Consultation) -> RawTally:
    """(meeting,) → respondents with an approved answer that may be counted. Rapporteurs' notes are none."""
    return _tally(session, _respondents(consultation, PublishedCase.meeting_id))


def respondents_by_theme(session: Session, consultation: Consultation) -> RawTally:
    """(meeting, theme) → respondents whose answers carry the theme; however many gave it, once each."""
    return _tally(
        session, _with_themes(_respondents(consultation, PublishedCase.meeting_id, Coding.theme_id))
    )


_Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]

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
    return _tally(session, _respondents(consultation, ATTRIBUTES[attribute]))


def themes_by_attribute(session: Session, consultation: Consultation, attribute: str) -> RawTally:
    """(value or None, theme) → respondents over all meetings."""
    return _tally(session, _with_themes(_respondents(consultation, ATTRIBUTES[attribute], Coding.theme_id)))


def _respondents(consultation: Consultation, *by: _Column) -> Select[*tuple[Any, ...]]:
    return (
        select(*by, func.count(distinct(Answer.response_id)))
        .select_from(PublishedCase)
        .join(Revision, Revision.id == PublishedCase.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(PublishedCase.consultation_id == consultation.id, PublishedCase.counts_as_participant)
        .group_by(*by)
    )


def _with_themes(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.join(Coding, Coding.revision_id == PublishedCase.revision_id).where(STANDS)


def _tally(session: Session, statement: Select[*tuple[Any, ...]]) -> RawTally:
    return RawTally({tuple(row[:-1]): row[-1] for row in session.execute(statement)})
