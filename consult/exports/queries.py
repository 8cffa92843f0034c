"""Fetching what the data exports render."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

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
from consult.exports.data import COLUMNS, Released, Row, chosen_columns
from consult.meetings.queries import meeting_by_slug, meetings_in_full
from consult.reports.drafting import ground_rules_entry, question_entries

Progress = Callable[[int], None]
"""Told how many rows have been read, every thousand of them."""
TOLD_EVERY = 1000


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
        rows=_rows(session, consultation, profile, meeting_ids, progress, choices=choices),
        convenor=consultation.convenor,
        participation=[
            row.to_document() for row in facts.meetings if meeting is None or row.meeting == meeting
        ],
        questions=question_entries(session, consultation, meetings),
        columns=chosen,
        choices=choices,
    )


def _rows(
    session: Session,
    consultation: Consultation,
    profile: Profile,
    meeting_ids: list[str] | None,
    progress: Progress | None,
    *,
    choices: tuple[Column, ...],
) -> Iterator[Row]:
    slug, nothing = consultation.slug, ("",) * len(choices)
    cells = release_cells(session, consultation, profile, meeting_ids=meeting_ids)
    rows: Iterator[Row] = (Row._make((slug, *each, nothing)) for each in cells)
    if choices:
        rows = chain(rows, _chosen(session, consultation, profile, meeting_ids))
    return rows if progress is None else _told(rows, progress)


def _chosen(
    session: Session, consultation: Consultation, profile: Profile, meeting_ids: list[str] | None
) -> Iterator[Row]:
    for each in release_choices(session, consultation, profile, meeting_ids=meeting_ids):
        yield Row(consultation.slug, each.meeting, each.question, each.text, "", "", (), each.cells)


def _told(rows: Iterator[Row], progress: Progress) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % TOLD_EVERY == 0:
            progress(number)
