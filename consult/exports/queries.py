"""Fetching what the data exports render."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile, release_participation, release_rows, release_themes
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.errors import NotFound
from consult.exports.data import Released, Row, chosen_columns
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
        ground_rules=ground_rules_entry(rules),
        codebook=themes["codebook"],
        themes=[table for table in themes["tables"] if meeting is None or table["meeting"] == meeting],
        rows=_rows(session, consultation, profile, meeting_ids, progress),
        convenor=consultation.convenor,
        participation=[
            row.to_document() for row in facts.meetings if meeting is None or row.meeting == meeting
        ],
        questions=question_entries(session, consultation, meetings),
        columns=chosen,
    )


def _rows(
    session: Session,
    consultation: Consultation,
    profile: Profile,
    meeting_ids: list[str] | None,
    progress: Progress | None,
) -> Iterator[Row]:
    slug = consultation.slug
    for number, row in enumerate(
        release_rows(session, consultation, profile, meeting_ids=meeting_ids), start=1
    ):
        yield Row(slug, row.meeting, row.question, row.text, row.attribution_line, row.language, row.themes)
        if progress is not None and number % TOLD_EVERY == 0:
            progress(number)
