"""Which answers somebody works through: filtered, in shuffled order, counted without counting a million."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.moderation.enums import HintKind
from consult.moderation.hints.queries import has_duplicates, has_hint
from consult.moderation.queries import searching
from consult.moderation.queries.searching import Search, hits, is_common, keys, says
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision

COUNTED_UP_TO = 1000
SHOWN = (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED)
"""States that a queue shows. What was withdrawn is read by nobody any more."""

_EXCERPT = 240
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Pile:
    """Which answers somebody works through: those of some meetings, in one state, with what the filters ask."""

    consultation: Consultation
    meeting_ids: Collection[str]
    state: AnswerState
    question_id: str | None = None
    language: str | None = None
    attribution: Attribution | None = None
    source: Source | None = None
    hinted: bool = False
    """Only what has a hint, of `hint_kinds` where there are any."""
    hint_kinds: tuple[HintKind, ...] = ()
    repeated: bool = False
    """Only what others gave as well, or nearly."""
    search: Search | None = None
    also: tuple[ColumnElement[bool], ...] = ()
    """Further conditions on Revision, from nouns above this one."""
    _way: list["_Way"] = field(default_factory=list, compare=False, repr=False)

    def conditions(self, session: Session) -> list[ColumnElement[bool]]:
        """On Answer, and behind the first on what `joined` brings along."""
        way = self.way(session)
        few = way is not None and way.by_hits
        # SQLite would begin with the queue all the same: it is given values that no index knows.
        hidden = few and session.get_bind().dialect.name == "sqlite"
        conditions: list[ColumnElement[bool]] = [
            _as_value(Answer.state, hidden=hidden) == self.state,
            _as_value(Answer.consultation_id, hidden=hidden) == self.consultation.id,
            *self._narrowed(hidden=hidden),
        ]
        if self.search is not None:
            conditions.append(says(self.search))
            conditions += [Revision.search_key.in_(keys(session, self.search))] if few else []
        return conditions

    def way(self, session: Session) -> "_Way | None":
        """How the search is carried out, if there is one: asked once a page, however many lists of it are made."""
        if self.search is not None and not self._way:
            self._way.append(_way(session, self, self.search))
        return self._way[0] if self._way else None

    def _narrowed(self, *, hidden: bool = False) -> list[ColumnElement[bool]]:
        """All but consultation, state and search."""
        conditions: list[ColumnElement[bool]] = [
            _as_value(Answer.meeting_id, hidden=hidden).in_(self.meeting_ids),
            Answer.released.is_(True),
        ]
        if self.question_id is not None:
            conditions.append(Answer.question_id == self.question_id)
        if self.language is not None:
            conditions.append(Revision.language == self.language)
        if self.attribution is not None:
            conditions.append(Revision.attribution == self.attribution)
        if self.source is not None:
            conditions.append(Response.source == self.source)
        if self.hinted:
            conditions.append(has_hint(self.hint_kinds))
        if self.repeated:
            conditions.append(has_duplicates())
        return conditions + list(self.also)

    @property
    def reads_words(self) -> bool:
        """Whether a filter looks at more than the answer's own row."""
        return bool(self.reads_response or self.hinted or self.search or self.also) or (
            self.language is not None or self.attribution is not None
        )

    @property
    def reads_response(self) -> bool:
        return self.source is not None

    def in_state(self, state: AnswerState) -> "Pile":
        """The same filters in another state."""
        return replace(self, state=state)


@dataclass(frozen=True)
class QueueLine:
    """One answer in a list: enough to recognise it."""

    answer_id: str
    shuffle_key: int
    meeting_id: str
    excerpt: str
    language: str
    attribution: Attribution
    revision_id: str

    @property
    def position(self) -> tuple[int, str]:
        """Where it stands in the shuffled order."""
        return self.shuffle_key, self.answer_id


def _as_value(column: InstrumentedAttribute[Kept], *, hidden: bool) -> ColumnElement[Kept]:
    return func.coalesce(column, "") if hidden else cast(ColumnElement[Kept], column)


@dataclass(frozen=True)
class _Way:
    """How a search is carried out. Counts are those among the hits looked at, `counted` whether these were all."""

    search: Search
    counts: dict[AnswerState, int]
    counted: bool
    by_hits: bool


def _way(session: Session, pile: Pile, search: Search) -> _Way:
    if is_common(session, search, pile.consultation.id):
        return _Way(search, {}, counted=False, by_hits=False)
    found = hits(session, search)
    if session.get_bind().dialect.name != "sqlite":  # it would read every revision to find the few again
        read = session.scalar(select(func.count()).select_from(found)) or 0
        return _Way(
            search, {}, counted=False, by_hits=read <= min(searching.FEW_AT_ONCE, searching.HITS_COUNTED)
        )
    told = and_(Answer.consultation_id == pile.consultation.id, *pile._narrowed(), says(search))
    statement = (
        select(Answer.state, func.count(), func.count(case((told, 1))))
        .select_from(found)
        .join(Revision, Revision.search_key == found.c.search_key)
        .join(Answer, Answer.id == Revision.answer_id)
        .group_by(Answer.state)
    )
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    rows = session.execute(statement).all()
    read = sum(row[1] for row in rows)
    counts = {state: number for state, _read, number in rows}
    return _Way(search, counts, counted=read <= searching.HITS_COUNTED, by_hits=read <= searching.FEW)


def state_counts(session: Session, pile: Pile) -> dict[AnswerState, int]:
    """State → how many answers the filters leave, exactly up to COUNTED_UP_TO and one above it for more."""
    way = pile.way(session)
    known = {
        state: min(way.counts.get(state, 0), COUNTED_UP_TO + 1)
        for state in SHOWN
        if way is not None and (way.counted or way.counts.get(state, 0) > COUNTED_UP_TO)
    }
    unknown = [state for state in SHOWN if state not in known]
    bounded = [
        select(func.count())
        .select_from(
            _found(select(literal(1).label("one")).select_from(Answer), session, pile.in_state(state))
            .limit(COUNTED_UP_TO + 1)
            .subquery()
        )
        .scalar_subquery()
        for state in unknown
    ]
    if bounded:
        known |= dict(zip(unknown, session.execute(select(*bounded)).one(), strict=True))
    return {state: known[state] for state in SHOWN}


def queue_page(
    session: Session, pile: Pile, *, after: tuple[int, str] | None, limit: int = 30, inclusive: bool = False
) -> list[QueueLine]:
    """Up to `limit` answers behind `after` (with `inclusive` from there), in shuffled order. One query."""
    position = tuple_(Answer.shuffle_key, Answer.id)
    statement = _lines(session, pile).order_by(Answer.shuffle_key, Answer.id).limit(limit)
    if after is not None:
        statement = statement.where(position >= after if inclusive else position > after)
    return [QueueLine(*row) for row in session.execute(statement)]


def line_before(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The answer before that place in the pile."""
    row = session.execute(
        _lines(session, pile)
        .where(tuple_(Answer.shuffle_key, Answer.id) < position)
        .order_by(Answer.shuffle_key.desc(), Answer.id.desc())
        .limit(1)
    ).first()
    return QueueLine(*row) if row else None


def line_after(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The answer behind that place in the pile."""
    found = queue_page(session, pile, after=position, limit=1)
    return found[0] if found else None


def next_line(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The next one to work on: behind that place, else the pile's first."""
    found = line_after(session, pile, position) or next(
        iter(queue_page(session, pile, after=None, limit=1)), None
    )
    return found if found and found.position != position else None


def oldest_waiting(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> datetime | None:
    """When the longest-waiting answer came in, as finely as the timing switch let it be stored, if at all."""
    oldest: datetime | None = session.execute(
        select(func.min(Response.submitted_at))
        .join(Answer, Answer.response_id == Response.id)
        .where(*Pile(consultation, meeting_ids, AnswerState.WAITING).conditions(session))
    ).scalar_one()
    return oldest


def _found(statement: Select[int], session: Session, pile: Pile) -> Select[int]:
    """The statement on Answer with what the filters need joined to it."""
    if pile.reads_words:
        statement = statement.join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    return statement.where(*pile.conditions(session))


def _lines(session: Session, pile: Pile) -> Select[str, int, str, str, str, Attribution, str]:
    statement = select(
        Answer.id,
        Answer.shuffle_key,
        Answer.meeting_id,
        func.substr(func.coalesce(Revision.text, ""), 1, _EXCERPT),
        Revision.language,
        Revision.attribution,
        Revision.id,
    ).join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    return statement.where(*pile.conditions(session))
