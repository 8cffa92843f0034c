"""Fetching what the data exports render."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile, release_rows, release_themes
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.errors import NotFound
from consult.exports.data import Released, Row
from consult.meetings.queries import meeting_by_slug
from consult.reports.drafting import ground_rules_entry


def released(
    session: Session, consultation: Consultation, profile: Profile, meeting: str | None = None
) -> Released:
    """The published view for one profile, of one meeting or of all. Rows are read in pages while they are walked.

    Raises NotFound for a meeting that the consultation does not have.
    """
    meeting_ids = None
    if meeting is not None:
        found = meeting_by_slug(session, consultation, meeting)
        if found is None:
            raise NotFound("This consultation has no meeting “%(meeting)s”.", meeting=meeting)
        meeting_ids = [found.id]
    rules = ground_rules_in_force(session, consultation)
    themes = release_themes(session, consultation, rules).to_document()
    return Released(
        consultation=consultation.slug,
        title=consultation.title,
        demonstration=consultation.demonstration,
        profile=profile,
        meeting=meeting,
        ground_rules=ground_rules_entry(rules),
        theme_titles={theme["code"]: theme["title"] for theme in themes["codebook"]},
        themes=[table for table in themes["tables"] if meeting is None or table["meeting"] == meeting],
        rows=_rows(session, consultation, profile, meeting_ids),
    )


def _rows(
    session: Session, consultation: Consultation, profile: Profile, meeting_ids: list[str] | None
) -> Iterator[Row]:
    for row in release_rows(session, consultation, profile, meeting_ids=meeting_ids):
        yield Row(
            consultation.slug,
            row.meeting,
            row.question,
            row.text,
            row.attribution_line,
            row.language,
            row.themes,
        )
