"""Fetching what the data exports render."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from sqlalchemy.orm import Session

from consult.analysis.disclosure import (
    Profile,
    choice_columns,
    release_choices,
    release_participation,
    release_themes,
)
from consult.analysis.disclosure.rows import release_cells
from consult.consultations.kinds import Column
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.errors import NotFound
from consult.exports.data.released import COLUMNS, Released, Row, chosen_columns
from consult.meetings.queries import meeting_by_slug, meetings_in_full
from consult.moderation.published import number_of_rows
from consult.reports.drafting import ground_rules_entry, question_entries

Progress = Callable[[int], None]
"""Told how many rows have been written, after each page of them."""
PAGE = 1000
_row = tuple.__new__
"""What `Row._make` calls, without a call of Python's for each of a million rows."""


def released(
    session: Session,
    consultation: Consultation,
    profile: Profile,
    meeting: str | None = None,
    *,
    columns: Sequence[str] = (),
    progress: Progress | None = None,
) -> Released:
    """The published view for one profile, of one meeting or of all. Rows are read in pages while they are walked.

    Raises NotFound for a meeting that the consultation does not have, Invalid for a column that there is not.
    """
    chosen = chosen_columns(columns)
    choices = choice_columns(session, consultation) if chosen == COLUMNS else ()
    meeting_ids = None
    if meeting is not None:
        found = meeting_by_slug(session, consultation, meeting)
        if found is None:
            raise NotFound("This consultation has no meeting “%(meeting)s”.", meeting=meeting)
        meeting_ids = [found.id]
    rules = ground_rules_in_force(session, consultation)
    themes = release_themes(session, consultation, rules).to_document()
    facts = release_participation(session, consultation, rules)
    meetings = [each for each in meetings_in_full(session, consultation) if meeting in {None, each.slug}]
    return Released(
        consultation=consultation.slug,
        title=consultation.title,
        demonstration=consultation.demonstration,
        profile=profile,
        meeting=meeting,
        ground_rules=ground_rules_entry(rules, themes["quantifiers"]),
        codebook=themes["codebook"],
        themes=[table for table in themes["tables"] if meeting is None or table["meeting"] == meeting],
        pages=_pages(session, consultation, profile, meeting_ids, progress, choices=choices),
        convenor=consultation.convenor,
        licensed=consultation.licence,
        language=consultation.language,
        participation=[
            row.to_document() for row in facts.meetings if meeting is None or row.meeting == meeting
        ],
        questions=question_entries(session, consultation, meetings),
        columns=chosen,
        choices=choices,
    )


def rows_expected(
    session: Session,
    consultation: Consultation,
    meeting: str | None,
    columns: Sequence[str],
    *,
    most: int | None = None,
) -> int:
    """About how many rows such an export has, counted to one past `most`: publication may leave choices out."""
    found = meeting_by_slug(session, consultation, meeting) if meeting is not None else None
    everything = chosen_columns(columns) == COLUMNS and bool(choice_columns(session, consultation))
    return number_of_rows(session, consultation, found, choices=everything, most=most)


def unpublished(session: Session, consultation: Consultation, meeting: str | None = None) -> Released:
    """What directors may export, for their own programs: not for release."""
    return released(session, consultation, Profile.DESK, meeting)


def _pages(
    session: Session,
    consultation: Consultation,
    profile: Profile,
    meeting_ids: list[str] | None,
    progress: Progress | None,
    *,
    choices: tuple[Column, ...],
) -> Iterator[Sequence[Row]]:
    slug, nothing = consultation.slug, ("",) * len(choices)
    pages: Iterator[Sequence[Row]] = (
        [_row(Row, (slug, *cells, nothing)) for cells in page]
        for page in release_cells(session, consultation, profile, meeting_ids=meeting_ids)
    )
    if choices:
        pages = chain(pages, _chosen(session, consultation, profile, meeting_ids))
    return pages if progress is None else _told(pages, progress)


def _chosen(
    session: Session, consultation: Consultation, profile: Profile, meeting_ids: list[str] | None
) -> Iterator[Sequence[Row]]:
    rows = (
        Row(consultation.slug, each.meeting, each.question, each.text, "", "", (), each.cells)
        for each in release_choices(session, consultation, profile, meeting_ids=meeting_ids)
    )
    while page := list(islice(rows, PAGE)):
        yield page


def _told(pages: Iterator[Sequence[Row]], progress: Progress) -> Iterator[Sequence[Row]]:
    number = 0
    for page in pages:
        yield page
        number += len(page)
        progress(number)
