"""Quotable texts for the gate's row releases."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Row, distinct, func, select, tuple_
from sqlalchemy.orm import Session

from consult.analysis.models import Coding, Theme
from consult.analysis.queries.codebook import STANDS
from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.core.database import table_of
from consult.moderation.models import PublishedCase, PublishedText

PAGE = 500
PAGE_OF_CELLS = 1000


def pages_of_texts(
    session: Session, consultation: Consultation, question_id: str, meeting_ids: Collection[str] | None
) -> Iterator[Sequence[PublishedText]]:
    """One question's quotable texts in their shuffled order, a page at a time. No list of all is ever held."""
    first = (
        select(PublishedText)
        .where(PublishedText.consultation_id == consultation.id, PublishedText.question_id == question_id)
        .order_by(PublishedText.shuffle_key, PublishedText.revision_id)
        .limit(PAGE)
    )
    if meeting_ids is not None:
        first = first.where(PublishedText.meeting_id.in_(meeting_ids))
    page = session.scalars(first).all()
    while page:
        yield page
        if len(page) < PAGE:
            return
        reached = (page[-1].shuffle_key, page[-1].revision_id)
        page = session.scalars(
            first.where(tuple_(PublishedText.shuffle_key, PublishedText.revision_id) > reached)
        ).all()


def languages_of_texts(session: Session, consultation: Consultation) -> Sequence[tuple[str, str, str, int]]:
    """(meeting, attribution line, language, how many quotable texts) over the whole consultation."""
    columns = (PublishedText.meeting_id, PublishedText.attribution_line, PublishedText.language)
    return session.execute(
        select(*columns, func.count())
        .where(PublishedText.consultation_id == consultation.id)
        .group_by(*columns)
    ).all()


def pages_of_cells(
    session: Session, consultation: Consultation, question_id: str, meeting_ids: Collection[str] | None
) -> Iterator[Sequence[Row[str, str, str, str, str, str | None]]]:
    """The same without segments and past the object layer, for rows by the hundred thousand.

    Each is (revision, meeting, text, language, attribution line, identifiers of the themes that stand on it: separated
    by blanks, in no order, and as often as they were given). They stand in the order of their revisions' random
    identifiers: as well shuffled, and the order in which they and their themes lie on the disk.
    """
    text, coding = table_of(PublishedText).c, table_of(Coding).c
    themes = (
        select(func.aggregate_strings(coding.theme_id, " "))
        .where(coding.revision_id == text.revision_id, STANDS)
        .scalar_subquery()
    )
    first = (
        select(text.revision_id, text.meeting_id, text.text, text.language, text.attribution_line, themes)
        .where(text.consultation_id == consultation.id, text.question_id == question_id)
        .order_by(text.revision_id)
        .limit(PAGE_OF_CELLS)
    )
    if meeting_ids is not None:
        first = first.where(text.meeting_id.in_(meeting_ids))
    page = session.connection().execute(first).all()
    while page:
        yield page
        if len(page) < PAGE_OF_CELLS:
            return
        page = session.connection().execute(first.where(text.revision_id > page[-1][0])).all()


TELLING = tuple(step.code for step in Attribution if step >= Attribution.QUOTE_WITH_ROLE)
"""Levels whose attribution line carries an attribute of its writer."""


def themes_of_lines(session: Session, consultation: Consultation) -> Sequence[tuple[str, str, str, int]]:
    """(meeting, attribution line, theme code, how many quotable texts), of lines that carry an attribute."""
    columns = (PublishedText.meeting_id, PublishedText.attribution_line, Theme.code)
    return session.execute(
        select(*columns, func.count(distinct(PublishedText.revision_id)))
        .join(Coding, Coding.revision_id == PublishedText.revision_id)
        .join(Theme, Theme.id == Coding.theme_id)
        .where(
            PublishedText.consultation_id == consultation.id, PublishedText.attribution.in_(TELLING), STANDS
        )
        .group_by(*columns)
    ).all()


SHOWN = {
    "role_label": TELLING,
    "country_group": tuple(step.code for step in Attribution if step >= Attribution.QUOTE_WITH_COUNTRY_GROUP),
}
"""Attribute of a case → the levels whose line says it."""


def attributes_of_texts(
    session: Session, consultation: Consultation
) -> Iterator[tuple[str, str, str, str | None, int]]:
    """(meeting, attribute, its value, theme or None for all, how many texts of one question under one line)."""
    for name, levels in SHOWN.items():
        value = getattr(PublishedCase, name)
        place = (PublishedText.meeting_id, PublishedText.question_id, PublishedText.attribution_line, value)
        texts = (
            select(*place, func.count(distinct(PublishedText.revision_id)))
            .join(PublishedCase, PublishedCase.revision_id == PublishedText.revision_id)
            .where(
                PublishedText.consultation_id == consultation.id,
                PublishedText.attribution.in_(levels),
                PublishedCase.counts_as_participant.is_(True),
                value.is_not(None),
            )
            .group_by(*place)
        )
        for meeting_id, _question, _line, told, number in session.execute(texts):
            yield meeting_id, name, told, None, number
        themed = (
            texts.join(Coding, Coding.revision_id == PublishedText.revision_id)
            .where(STANDS)
            .add_columns(Coding.theme_id)
            .group_by(Coding.theme_id)
        )
        for meeting_id, _question, _line, told, number, theme_id in session.execute(themed):
            yield meeting_id, name, told, theme_id, number
