"""Counting inside the gate: what these return only consult.analysis.disclosure can open.

A person is a response with an approved answer that may be counted, and counts once in every cell. Rapporteurs' notes
are none. Answers of one person to several questions are joined here and nowhere else. What was chosen takes no themes,
so a share of a theme is of those who wrote words: see WROTE.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, exists, func, null, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import InstrumentedAttribute

from consult.analysis.kept import CountedTheme, FiguresChange, KeptTally
from consult.analysis.models import Coding
from consult.analysis.queries.codebook import STANDS
from consult.analysis.rules import RawTally
from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, Question
from consult.meetings.models import Meeting
from consult.moderation.models import PublishedCase
from consult.responses.models import Answer, Revision

ATTRIBUTES: Mapping[str, InstrumentedAttribute[str | None]] = {
    "country": PublishedCase.country,
    "country_group": PublishedCase.country_group,
    "sector": PublishedCase.sector,
    "role_label": PublishedCase.role_label,
    "language": PublishedCase.language,
}
"""Attributes of persons that were copied, coarsened, at submission."""

MEETING, THEME, QUESTION = "meeting", "theme", "question:"
"""What else people are counted by; a question's identifier follows its prefix."""
WROTE, ANSWERED = "wrote", "answered:"
"""Last, these leave only people who wrote words, or who answered the question whose identifier follows."""
DID = "yes"
"""Their value in a key."""

READY: tuple[tuple[str, ...], ...] = (
    (THEME,),
    *((name,) for name in (MEETING, *ATTRIBUTES)),
    *((name, last) for name in (MEETING, *ATTRIBUTES) for last in (THEME, WROTE)),
)
"""What the worker keeps at hand."""


def tally(
    session: Session,
    consultation: Consultation,
    *by: str,
    meeting_id: str | None = None,
    within: Mapping[str, str | None] | None = None,
) -> RawTally:
    """People by these variables: MEETING, an attribute, THEME (last, if at all), QUESTION with an identifier.

    Keys are in that order. The value of a question is its choices as JSON, None for who did not answer it, so that n,
    base and missing follow. With themes a person is in the cell of each, and without any in none; the base of both are
    those who WROTE. `within`: only people with these attributes' values.
    """
    if meeting_id is None and not within and by in READY:
        kept = kept_tally(session, consultation, *by)
        if kept is not None:
            return kept
    return RawTally(counted(session, consultation, *by, meeting_id=meeting_id, within=within))


def counted(
    session: Session,
    consultation: Consultation,
    *by: str,
    meeting_id: str | None = None,
    within: Mapping[str, str | None] | None = None,
) -> dict[tuple[str | None, ...], int]:
    """The same, counted now. For `tally` and for the worker that keeps it; no page may ask."""
    scope: list[ColumnElement[bool]] = [
        PublishedCase.consultation_id == consultation.id,
        PublishedCase.counts_as_participant.is_(True),
    ]
    if meeting_id is not None:
        scope.append(PublishedCase.meeting_id == meeting_id)
    scope += [ATTRIBUTES[name].is_not_distinct_from(value) for name, value in (within or {}).items()]
    kinds = session.scalars(_questions(consultation)).all()
    in_words = [kind for kind in kinds if not KINDS[kind].closed]
    if len(kinds) == 1 and not in_words and (THEME in by or WROTE in by):
        return {}
    asked = any(name.startswith((QUESTION, ANSWERED)) for name in by)
    if THEME in by and len(in_words) == 1 and not asked:
        return _themes_of_one(session, consultation, by, meeting_id, within or {})
    if len(kinds) == 1 or (WROTE in by and len(in_words) == 1 and not asked):
        wrote = [PublishedCase.choices.is_(null())] if WROTE in by else []
        rows = session.execute(_of_one(by, [*scope, *wrote]))
    elif session.get_bind().dialect.name == "sqlite":
        rows = session.execute(_of_several(by, [_unindexed(consultation), *scope[1:]]))
    else:
        rows = session.execute(_of_several(by, scope))
    did = (DID,) if _narrows(by[-1]) else ()
    return {(*row[:-1], *did): row[-1] for row in rows}


def _unindexed(consultation: Consultation) -> ColumnElement[bool]:
    """The cases of a consultation, in words that let SQLite expect many: else it holds everybody against everybody."""
    return func.coalesce(PublishedCase.consultation_id, "") == consultation.id


def _themes_of_one(
    session: Session,
    consultation: Consultation,
    by: Sequence[str],
    meeting_id: str | None,
    within: Mapping[str, str | None],
) -> dict[tuple[str | None, ...], int]:
    """Themes of the one question in words, a meeting at a time in the order in which they are kept: nothing is sorted.

    Everybody with the same attributes is counted at once, and summed by those that are asked for.
    """
    meetings = [meeting_id] if meeting_id else session.scalars(_meetings(consultation)).all()
    attributes = list(ATTRIBUTES)
    counted: dict[tuple[str | None, ...], int] = defaultdict(int)
    for meeting in meetings:
        known: dict[str, tuple[str | None, ...] | None] = {}
        for people, theme_id, number in session.execute(_COUNTED, {"meeting": meeting}):
            if people not in known:
                who = dict(zip(attributes, json.loads(people), strict=True))
                found = all(who[name] == value for name, value in within.items())
                told = {**who, MEETING: meeting}
                known[people] = tuple(told[name] for name in by if name != THEME) if found else None
            key = known[people]
            if key is not None:
                counted[*key, theme_id] += number
    return dict(counted)


_COUNTED = (
    select(CountedTheme.people, CountedTheme.theme_id, func.count())
    .where(CountedTheme.meeting_id == bindparam("meeting"))
    .group_by(CountedTheme.people, CountedTheme.theme_id)
)


def kept_tally(session: Session, consultation: Consultation, *by: str) -> RawTally | None:
    """The tally that the worker has at hand, unless something has changed since."""
    changed = exists().where(FiguresChange.consultation_id == consultation.id)
    cells = session.scalar(
        select(KeptTally.cells).where(
            KeptTally.consultation_id == consultation.id, KeptTally.name == name_of(by), ~changed
        )
    )
    return None if cells is None else RawTally({tuple(row[:-1]): row[-1] for row in cells})


def name_of(by: Sequence[str]) -> str:
    """Under which name a tally is kept."""
    return " × ".join(by)


def words_counted(session: Session, consultation: Consultation) -> dict[str, str]:
    """Meeting → a fingerprint of the revisions that are counted there: random identifiers, and none of a person."""
    fingerprints: dict[str, Any] = {}
    for meeting_id, revision_id in session.execute(
        select(PublishedCase.meeting_id, PublishedCase.revision_id)
        .where(
            PublishedCase.consultation_id == consultation.id,
            PublishedCase.counts_as_participant.is_(True),
        )
        .order_by(PublishedCase.meeting_id, PublishedCase.revision_id)
        .execution_options(yield_per=10_000)
    ):
        fingerprints.setdefault(meeting_id, hashlib.sha256()).update(revision_id.encode("ascii"))
    return {meeting_id: told.hexdigest() for meeting_id, told in fingerprints.items()}


def respondents(session: Session, consultation: Consultation) -> RawTally:
    """(meeting,) → respondents."""
    return tally(session, consultation, MEETING)


def respondents_in_words(session: Session, consultation: Consultation) -> RawTally:
    """(meeting, DID) → respondents who wrote words: the base of themes."""
    return tally(session, consultation, MEETING, WROTE)


def respondents_by_theme(session: Session, consultation: Consultation) -> RawTally:
    """(meeting, theme) → respondents whose answers carry the theme; however many gave it, once each."""
    return tally(session, consultation, MEETING, THEME)


def respondents_by_attribute(session: Session, consultation: Consultation, attribute: str) -> RawTally:
    """(value or None,) → respondents over all meetings."""
    return tally(session, consultation, attribute)


def _of_one(by: Sequence[str], scope: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """With one question, or one in words, a case is a person, which saves looking up a million responses."""
    columns = [_column(name) for name in by if not _narrows(name)]
    return select(*columns, func.count()).select_from(PublishedCase).where(*scope).group_by(*columns)


def _of_several(by: Sequence[str], scope: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """With several questions a person's answers are found by their response."""
    plain = [name for name in by if name != THEME and not name.startswith(QUESTION) and not _narrows(name)]
    people = (
        select(Answer.response_id.label("person"), *(_column(name).label(name) for name in plain))
        .select_from(PublishedCase)
        .join(Revision, Revision.id == PublishedCase.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(*scope)
        .distinct()
        .subquery("people")
    )
    joined = people
    columns: list[ColumnElement[Any]] = []
    statement: Any = people
    for number, name in enumerate(by):
        if name == THEME:
            theme = _themes().subquery(f"given{number}")
            statement = statement.join(theme, theme.c.person == joined.c.person)
            columns.append(theme.c.theme_id)
        elif _narrows(name):
            did = _people_who(name).subquery(f"did{number}")
            statement = statement.join(did, did.c.person == joined.c.person)
        elif name.startswith(QUESTION):
            told = _choices(name.removeprefix(QUESTION)).subquery(f"told{number}")
            statement = statement.outerjoin(told, told.c.person == joined.c.person)
            columns.append(told.c.choices)
        else:
            columns.append(people.c[name])
    return select(*columns, func.count()).select_from(statement).group_by(*columns)


def _themes() -> Select[*tuple[Any, ...]]:
    case, revision, answer = aliased(PublishedCase), aliased(Revision), aliased(Answer)
    return (
        select(answer.response_id.label("person"), Coding.theme_id)
        .join(revision, revision.id == Coding.revision_id)
        .join(answer, answer.id == revision.answer_id)
        .join(case, case.revision_id == revision.id)
        .where(STANDS, case.choices.is_(null()))
        .distinct()
    )


def _people_who(did: str) -> Select[*tuple[Any, ...]]:
    """Those who wrote words, or answered one question."""
    case, revision, answer = aliased(PublishedCase), aliased(Revision), aliased(Answer)
    which = case.choices.is_(null()) if did == WROTE else case.question_id == did.removeprefix(ANSWERED)
    return (
        select(answer.response_id.label("person"))
        .select_from(case)
        .join(revision, revision.id == case.revision_id)
        .join(answer, answer.id == revision.answer_id)
        .where(which)
        .distinct()
    )


def _choices(question_id: str) -> Select[*tuple[Any, ...]]:
    case, revision, answer = aliased(PublishedCase), aliased(Revision), aliased(Answer)
    return (
        select(answer.response_id.label("person"), cast(case.choices, String).label("choices"))
        .join(revision, revision.id == case.revision_id)
        .join(answer, answer.id == revision.answer_id)
        .where(case.question_id == question_id)
    )


def _narrows(name: str) -> bool:
    return name == WROTE or name.startswith(ANSWERED)


def _column(name: str) -> ColumnElement[Any]:
    if name == MEETING:
        return PublishedCase.meeting_id.expression
    if name.startswith(QUESTION):
        return cast(PublishedCase.choices, String)
    return ATTRIBUTES[name].expression


def _meetings(consultation: Consultation) -> Select[str]:
    return select(Meeting.id).where(Meeting.consultation_id == consultation.id)


def _questions(consultation: Consultation) -> Select[str]:
    """The kinds of the questions that take answers."""
    return select(Question.kind).where(
        Question.consultation_id == consultation.id, Question.kind != "statement"
    )
