"""Counting inside the gate: what these return only consult.analysis.disclosure can open.

A person is a response with an approved answer that may be counted, and counts once in every cell. Rapporteurs' notes
are none. Answers of one person to several questions are joined here and nowhere else. What was chosen takes no themes,
so a share of a theme is of those who wrote words: see WROTE.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    case,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import InstrumentedAttribute

from consult.analysis.kept import CountedAnswer, CountedTheme, FiguresChange, KeptTally
from consult.analysis.rules import RawTally
from consult.consultations.models import Consultation
from consult.meetings.models import Meeting
from consult.moderation.models import PublishedCase

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

_BETWEEN, _NEXT = "\x1f", "\n"
"""Between the choices of one person, and between persons: JSON has neither as it is written here."""

AT_ONCE = 100
"""Meetings that one statement counts: SQLite takes no more than five hundred selections together."""

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
    """The same, counted now. For `tally` and for the worker that keeps it; no page may ask.

    Each meeting in the order in which the narrow tables lie, several in one statement. Everybody with the same
    attributes is counted at once, and summed by those that are asked for.
    """
    parts = _by_theme if THEME in by else _by_person
    packed = [name for name in by if name.startswith(QUESTION)] if THEME in by else []
    plain = [name for name in by if name not in packed]
    meetings = [meeting_id] if meeting_id else list(session.scalars(_meetings(consultation)))
    found: dict[tuple[str | None, ...], int] = defaultdict(int)
    chosen: dict[tuple[str | None, ...], Counter[str]] = defaultdict(Counter)
    for start in range(0, len(meetings), AT_ONCE):
        statement = union_all(*(parts(by, meeting) for meeting in meetings[start : start + AT_ONCE]))
        known: dict[tuple[str, str], dict[str, str | None] | None] = {}
        for meeting, people, *values, number in session.execute(statement):
            if (meeting, people) not in known:
                who = dict(zip(ATTRIBUTES, json.loads(people), strict=True))
                inside = all(who[name] == value for name, value in (within or {}).items())
                known[meeting, people] = {**who, MEETING: meeting} if inside else None
            told = known[meeting, people]
            if told is None or not number:
                continue
            rest = iter(values)
            key = tuple(told[name] if name in told else next(rest) for name in plain)
            if packed:
                chosen[key].update(number.split(_NEXT))
            else:
                found[key] += number
    for key, choices in chosen.items():
        for told_as, number in choices.items():
            cell = dict(zip(packed, told_as.split(_BETWEEN), strict=True)) | dict(
                zip(plain, key, strict=True)
            )
            found[tuple(cell[name] or None for name in by)] += number
    return dict(found)


def _by_person(by: Sequence[str], meeting_id: str) -> Select[*tuple[Any, ...]]:
    """(meeting, people, choices of each question asked, DID for who did it, number), in the order of `by`."""
    asked = [name for name in by if name.startswith(QUESTION)]
    did = [_narrowed(name) for name in by if _narrows(name)]
    here = CountedAnswer.meeting_id == meeting_id
    if not asked:
        people = select(literal(meeting_id), CountedAnswer.people, *(literal(DID) for _one in did))
        return (
            people.add_columns(func.count(CountedAnswer.response_id.distinct()))
            .where(here, *did)
            .group_by(CountedAnswer.people)
        )
    chosen = [
        func.max(case((CountedAnswer.question_id == name.removeprefix(QUESTION), CountedAnswer.choices)))
        for name in asked
    ]
    each = (
        select(CountedAnswer.people, *(told.label(f"told{n}") for n, told in enumerate(chosen)))
        .where(here)
        .group_by(CountedAnswer.people, CountedAnswer.response_id)
        .having(*(func.max(case((one, 1))) == 1 for one in did))
        .subquery("person")
    )
    return select(literal(meeting_id), *each.c, *(literal(DID) for _one in did), func.count()).group_by(
        *each.c
    )


def _by_theme(by: Sequence[str], meeting_id: str) -> Select[*tuple[Any, ...]]:
    """The same with the theme at its place: one row of a person for each theme. Whoever named one wrote words.

    Choices stand together in place of a number: so nobody's are sorted, and each theme's people
    are looked up in the order in which both tables lie.
    """
    here = CountedTheme.meeting_id == meeting_id
    if not any(name.startswith((QUESTION, ANSWERED)) for name in by):
        named = [CountedTheme.people, CountedTheme.theme_id]
        did = [literal(DID) for name in by if name == WROTE]
        return (
            select(literal(meeting_id), *named, *did, func.count(CountedTheme.response_id.distinct()))
            .where(here)
            .group_by(*named)
        )
    pairs = select(CountedTheme.people, CountedTheme.theme_id).where(here).distinct().subquery("pairs")
    given = here & (CountedTheme.people == pairs.c.people) & (CountedTheme.theme_id == pairs.c.theme_id)
    who = select(CountedTheme.response_id).where(given).distinct().correlate(pairs).subquery("who")
    joined: FromClause = who
    chosen: list[ColumnElement[str]] = []
    for name in by:
        if name.startswith((QUESTION, ANSWERED)):
            answer = aliased(CountedAnswer)
            same = (
                (answer.meeting_id == meeting_id)
                & (answer.people == pairs.c.people)
                & (answer.response_id == who.c.response_id)
                & (answer.question_id == name.removeprefix(QUESTION).removeprefix(ANSWERED))
            )
            joined = joined.join(answer, same, isouter=name.startswith(QUESTION))
            chosen += [func.coalesce(answer.choices, "")] if name.startswith(QUESTION) else []
    told = reduce(lambda one, other: one + _BETWEEN + other, chosen) if chosen else None
    number = func.count() if told is None else func.aggregate_strings(told, _NEXT)
    plain = [
        pairs.c.theme_id if name == THEME else literal(DID) for name in by if name == THEME or _narrows(name)
    ]
    return select(
        literal(meeting_id),
        pairs.c.people,
        *plain,
        select(number).select_from(joined).correlate(pairs).scalar_subquery(),
    )


def _narrowed(name: str) -> ColumnElement[bool]:
    """Answers in words, or to one question."""
    if name == WROTE:
        return CountedAnswer.choices.is_(null())
    return CountedAnswer.question_id == name.removeprefix(ANSWERED)


def _narrows(name: str) -> bool:
    return name == WROTE or name.startswith(ANSWERED)


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


def _meetings(consultation: Consultation) -> Select[str]:
    return select(Meeting.id).where(Meeting.consultation_id == consultation.id)
