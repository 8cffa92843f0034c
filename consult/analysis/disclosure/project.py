"""A consultation as a project for programs of qualitative analysis: published words, themes and who gave them.

Only quotable texts. What is known of who said them is what the publication profile of row exports tells.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.codebook.queries import all_themes
from consult.analysis.codebook.rules import Entry, entries_of
from consult.analysis.disclosure.rows import Profile, ReleasedRow, sourced_rows
from consult.analysis.models import Coding
from consult.analysis.queries.codebook import STANDS
from consult.analysis.queries.piles import redactions_of
from consult.analysis.spans import kept_pieces, to_visible
from consult.consultations.models import Consultation, Question, Wording
from consult.responses.models import Revision


@dataclass(frozen=True)
class ReleasedCoding:
    """A theme given to code points [starts, ends) of an answer's published words; both None: to all of it."""

    theme: str
    coder: str
    """The coder's name; empty in the publication profile, where themes of a small meeting are left out as well."""
    starts: int | None
    ends: int | None


@dataclass(frozen=True)
class ReleasedAnswer:
    """A row as it is released, with its codings."""

    row: ReleasedRow
    codings: tuple[ReleasedCoding, ...]


def release_codebook(session: Session, consultation: Consultation) -> list[Entry]:
    """The codebook is the convenor's own words and may always be shown; retired themes are left out."""
    return [entry for entry in entries_of(all_themes(session, consultation)) if not entry.retired]


def release_questions(session: Session, consultation: Consultation) -> dict[str, str]:
    """Question's code → its newest wording in the consultation's language."""
    rows = session.execute(
        select(Question.code, Wording.source_text)
        .join(Wording, Wording.question_id == Question.id)
        .where(Question.consultation_id == consultation.id)
        .order_by(Question.position, Question.code, Wording.version)
    )
    return dict(rows.all())


def release_answers(
    session: Session, consultation: Consultation, profile: Profile, *, meeting_ids: list[str] | None = None
) -> Iterator[ReleasedAnswer]:
    """Published texts with their codings, in the order of row exports. Kept to the page, as rows are."""
    codes = {theme.id: theme.code for theme in all_themes(session, consultation)}
    page: list[tuple[str, ReleasedRow]] = []
    for sourced in sourced_rows(session, consultation, profile, meeting_ids=meeting_ids):
        page.append(sourced)
        if len(page) == 500:
            yield from _answers(session, codes, page, profile)
            page = []
    yield from _answers(session, codes, page, profile)


def _answers(
    session: Session, codes: dict[str, str], page: list[tuple[str, ReleasedRow]], profile: Profile
) -> Iterator[ReleasedAnswer]:
    ids = [revision_id for revision_id, _ in page]
    given: dict[str, list[tuple[Coding, str]]] = defaultdict(list)
    for coding, name in session.execute(
        select(Coding, User.name)
        .join(User, User.id == Coding.coder_id)
        .where(Coding.revision_id.in_(ids), STANDS)
        .order_by(Coding.theme_id, User.name, Coding.starts)
    ):
        given[coding.revision_id].append((coding, name))
    lengths = {
        each: len(text or "")
        for each, text in session.execute(select(Revision.id, Revision.text).where(Revision.id.in_(ids)))
    }
    cut = redactions_of(session, ids)
    for revision_id, row in page:
        kept = kept_pieces(lengths[revision_id], cut.get(revision_id, []))
        found = set()
        for coding, name in given[revision_id]:
            theme = codes.get(coding.theme_id, "")
            if theme not in row.themes:
                continue
            place = None if coding.starts is None else to_visible(kept, coding.starts, coding.ends or 0)
            if coding.starts is None or place is not None:
                starts, ends = place or (None, None)
                found.add((theme, name if profile is Profile.DESK else "", starts, ends))
        yield ReleasedAnswer(
            row,
            tuple(
                ReleasedCoding(*each)
                for each in sorted(found, key=lambda one: (one[0], one[1], one[2] or -1, one[3] or -1))
            ),
        )
