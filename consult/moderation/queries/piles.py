"""Which answers somebody works through: filtered, in shuffled order, counted without counting a million."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.meetings.models import Meeting
from consult.moderation.enums import HintKind
from consult.moderation.hints.queries import has_duplicates, has_hint, is_like
from consult.moderation.queries import searching
from consult.moderation.queries.reading import Reading
from consult.moderation.queries.searching import Search, says
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision

COUNTED_UP_TO = 1000
SHOWN = (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED)
"""States that a queue shows. What was withdrawn is read by nobody any more."""

_EXCERPT = 240
Kept = TypeVar("Kept")
Columns = TypeVarTuple("Columns")
Place = tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]


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
    like: str | None = None
    """Only what is like that answer, itself among it."""
    search: Search | None = None
    also: tuple[ColumnElement[bool], ...] = ()
    """Further conditions on Revision, from nouns above this one."""
    _way: list["_Way"] = field(default_factory=list, compare=False, repr=False)

    def conditions(self, *, hidden: bool = False) -> list[ColumnElement[bool]]:
        """On Answer, and behind the first on what `joined` brings along.

        With `hidden` on values that no index knows, where SQLite would begin with the queue instead of the words.
        """
        return [
            _as_value(Answer.state, hidden=hidden) == self.state,
            _as_value(Answer.consultation_id, hidden=hidden) == self.consultation.id,
            *self._narrowed(hidden=hidden),
        ]

    def way(self, session: Session) -> "_Way | None":
        """How the search is carried out, if there is one: asked once a page, however many lists of it are made."""
        if self.search is not None and not self._way:
            self._way.append(_way(session, self, self.search))
        return self._way[0] if self._way else None

    def place_of(self, found: Reading) -> tuple[int, str]:
        """Where an answer stands in the list: both keys are random. A search goes by the key of the words."""
        return (found.revision.search_key if self.search else found.answer.shuffle_key), found.answer.id

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
            conditions.append(has_duplicates(self.meeting_ids))
        if self.like is not None:
            conditions.append(is_like(self.like, self.meeting_ids))
        return conditions + list(self.also)

    @property
    def reads_words(self) -> bool:
        """Whether a filter looks at more than the answer's own row."""
        return bool(self.reads_response or self.search) or self.reads_revision

    @property
    def reads_revision(self) -> bool:
        """Whether a filter other than the search looks at the words or what goes with them."""
        return bool(self.hinted or self.also) or self.language is not None or self.attribution is not None

    @property
    def is_plain(self) -> bool:
        """Whether state and meeting are all that is asked."""
        return not (self.reads_words or self.repeated) and self.question_id is None and self.like is None

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
    place: int
    meeting_id: str
    excerpt: str
    language: str
    attribution: Attribution
    revision_id: str

    @property
    def position(self) -> tuple[int, str]:
        """Where it stands in the list."""
        return self.place, self.answer_id


def _as_value(column: InstrumentedAttribute[Kept], *, hidden: bool) -> ColumnElement[Kept]:
    return func.coalesce(column, "") if hidden else cast(ColumnElement[Kept], column)


@dataclass(frozen=True)
class _Way:
    """How a search is carried out. Counts are those among what was looked at, `few` whether this was all."""

    search: Search
    counts: dict[AnswerState, int]
    common: bool
    few: bool


def _way(session: Session, pile: Pile, search: Search) -> _Way:
    hidden = _hidden(session)
    here = _as_value(Answer.consultation_id, hidden=hidden) == pile.consultation.id
    common = searching.is_common(session, search, pile.consultation.id)
    found = None if common else searching.hits(session, search)
    direct = found is not None and "current" in found.c and not pile.reads_revision
    current = found.c.current if found is not None and direct else Revision.current
    told = and_(here, *pile._narrowed(hidden=hidden), current.is_(True))
    looked = select(Answer.state.label("state"), (told & says(search) if common else told).label("told"))
    if found is None:
        looked = looked.join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        looked = looked.where(here).order_by(Revision.search_key).limit(searching.LOOKED_AT + 1)
    elif direct:
        looked = looked.select_from(found).join(Answer, Answer.id == found.c.answer_id)
    else:
        looked = looked.select_from(found).join(Revision, Revision.search_key == found.c.search_key)
        looked = looked.join(Answer, Answer.id == Revision.answer_id)
    if pile.reads_response:
        looked = looked.join(Response, Response.id == Answer.response_id)
    each = looked.subquery()
    rows = session.execute(
        select(each.c.state, func.count(), func.count(case((each.c.told, 1)))).group_by(each.c.state)
    ).all()
    few = sum(row[1] for row in rows) <= searching.LOOKED_AT
    return _Way(search, {state: number for state, _read, number in rows}, common=common, few=few)


class StateCounts(dict[AnswerState, int]):
    """State → how many answers the filters leave, exactly up to COUNTED_UP_TO and one above it for more.

    Of words that very many answers say, those in `at_least` are what the first thousands of answers told.
    """

    at_least: frozenset[AnswerState] = frozenset()


def state_counts(session: Session, pile: Pile) -> StateCounts:
    """See StateCounts. Two queries at most, besides those of `Pile.way`."""
    way = pile.way(session)
    if way is None:
        return _counted(session, pile, SHOWN)
    counts = StateCounts({state: min(way.counts.get(state, 0), COUNTED_UP_TO + 1) for state in SHOWN})
    unknown = [state for state in SHOWN if not way.few and counts[state] <= COUNTED_UP_TO]
    if unknown:
        short = _short(session, pile, unknown)
        counts |= _counted(session, pile, short) if short else {}
        counts.at_least = frozenset(unknown) - set(short)
    return counts


def _counted(session: Session, pile: Pile, states: Collection[AnswerState]) -> StateCounts:
    """By reading along the queue, or where nothing else is asked along the index that has these counts in order."""
    bound = _bounded_in_order if pile.is_plain else _bounded
    bounded = [bound(pile.in_state(state), COUNTED_UP_TO) for state in states]
    return StateCounts(zip(states, session.execute(select(*bounded)).one(), strict=True))


def _bounded(pile: Pile, most: int) -> ScalarSelect[int]:
    statement = _joined(select(literal(1).label("one")).select_from(Answer), pile).where(*pile.conditions())
    if pile.search is not None:
        statement = statement.where(says(pile.search))
    return select(func.count()).select_from(statement.limit(most + 1).subquery()).scalar_subquery()


def _bounded_in_order(pile: Pile, most: int) -> ScalarSelect[int]:
    """A thousand answers in the queue's order lie a thousand places apart; those of one index lie side by side."""
    its_own = select(Meeting.id).where(
        Meeting.consultation_id == pile.consultation.id, Meeting.id.in_(pile.meeting_ids)
    )
    statement = select(literal(1).label("one")).where(
        Answer.meeting_id.in_(its_own), Answer.state == pile.state, Answer.released
    )
    return select(func.count()).select_from(statement.limit(most + 1).subquery()).scalar_subquery()


def _short(session: Session, pile: Pile, states: Collection[AnswerState]) -> list[AnswerState]:
    """Those of the states in which the consultation has so few answers that each can be looked at."""
    bounded = [
        select(func.count())
        .select_from(
            select(literal(1).label("one"))
            .where(Answer.consultation_id == pile.consultation.id, Answer.state == state)
            .limit(searching.LOOKED_AT + 1)
            .subquery()
        )
        .scalar_subquery()
        for state in states
    ]
    read = session.execute(select(*bounded)).one()
    return [state for state, number in zip(states, read, strict=True) if number <= searching.LOOKED_AT]


def queue_page(
    session: Session,
    pile: Pile,
    *,
    after: tuple[int, str] | None,
    limit: int = 30,
    inclusive: bool = False,
    backwards: bool = False,
) -> list[QueueLine]:
    """Up to `limit` answers behind `after` (with `inclusive` from there), in shuffled order; before it `backwards`.

    One query, and with a search up to two more.
    """
    lines: list[QueueLine] = []
    for found, place in _lines(session, pile, after=after[0] if after else None, backwards=backwards):
        statement = found.order_by(*(column.desc() if backwards else column for column in place)).limit(limit)
        if after is not None:
            statement = statement.where(_beyond(place, after, inclusive=inclusive, backwards=backwards))
        lines = [QueueLine(*row) for row in session.execute(statement)]
        if len(lines) == limit:
            break
    return lines


def _beyond(
    place: Place, reached: tuple[int, str], *, inclusive: bool, backwards: bool
) -> ColumnElement[bool]:
    """Where there is one key it is unique, and a comparison with it alone is what an index can follow."""
    to: Any = tuple_(*place) if len(place) > 1 else place[0]
    at: Any = reached if len(place) > 1 else reached[0]
    if inclusive:
        return cast(ColumnElement[bool], to <= at if backwards else to >= at)
    return cast(ColumnElement[bool], to < at if backwards else to > at)


def line_before(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The answer before that place in the pile."""
    found = queue_page(session, pile, after=position, limit=1, backwards=True)
    return found[0] if found else None


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
        .where(*Pile(consultation, meeting_ids, AnswerState.WAITING).conditions())
    ).scalar_one()
    return oldest


def _joined(statement: Select[*Columns], pile: Pile) -> Select[*Columns]:
    """The statement on Answer with what the filters and the search need joined to it."""
    if pile.reads_words:
        statement = statement.join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    return statement


def _lines(
    session: Session, pile: Pile, *, after: int | None, backwards: bool
) -> Iterator[tuple[Select[*tuple[Any, ...]], Place]]:
    """The pile's lines and what orders them; with a search each time of more of what was found, until it is all."""
    way = pile.way(session)
    if way is None:
        statement = _line(Answer.shuffle_key).join(
            Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True)
        )
        yield _narrowed_lines(statement, pile), (Answer.shuffle_key, Answer.id)
        return
    search = way.search
    found = (
        searching.along_the_keys(session, search, after=after, backwards=backwards)
        if way.common
        else searching.in_order(session, search, few=way.few, after=after, backwards=backwards)
    )
    for hits in found:
        # A sum, so that PostgreSQL sorts what was found instead of reading every answer in the order of the keys.
        place = hits.c.search_key + 0 if not _hidden(session) else hits.c.search_key
        statement = (
            _line(place)
            .select_from(hits)
            .join(Revision, Revision.search_key == hits.c.search_key)
            .join(Answer, Answer.id == Revision.answer_id)
            .where(Revision.current.is_(True))
        )
        yield _narrowed_lines(statement, pile, hidden=_hidden(session)), (place,)
    if way.common:
        statement = _line(Revision.search_key).join(
            Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True)
        )
        statement = statement.where(says(search))
        yield _narrowed_lines(statement, pile, hidden=_hidden(session)), (Revision.search_key,)


def _line(place: ColumnElement[int] | InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    return select(
        Answer.id,
        place,
        Answer.meeting_id,
        func.substr(func.coalesce(Revision.text, ""), 1, _EXCERPT),
        Revision.language,
        Revision.attribution,
        Revision.id,
    )


def _narrowed_lines(
    statement: Select[*tuple[Any, ...]], pile: Pile, *, hidden: bool = False
) -> Select[*tuple[Any, ...]]:
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    return statement.where(*pile.conditions(hidden=hidden))


def _hidden(session: Session) -> bool:
    """Whether columns are to be hidden from their indexes: SQLite, without statistics, begins with the queue."""
    return session.get_bind().dialect.name == "sqlite"
