"""The answers of a pile, in shuffled order, a page at a time."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CTE, ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.moderation.queries import narrowing
from consult.moderation.queries.pile import Pile, hidden_from_indexes
from consult.moderation.queries.searching import index_of, says, standing_as
from consult.moderation.queries.seconding import next_for
from consult.moderation.queries.ways import Way, few_of, hits_are_many, reads_along, some_of, way_of
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision

_EXCERPT = 240
Place = tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]


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

    One query, and with a search or another filter up to two more.
    """
    if pile.ordered_by is not None:
        beyond = (
            _beyond((Revision.search_key,), after, inclusive=inclusive, backwards=backwards)
            if after
            else None
        )
        keys = narrowing.keys_in_order(session, pile, pile.ordered_by, limit, beyond, backwards=backwards)
        return _of_keys(session, pile, keys, after=None, limit=limit, inclusive=False, backwards=backwards)
    way = way_of(session, pile) if pile.is_indexed else None
    if way is not None and way.hits is not None:
        keys = way.hits.keys(standing_as(pile.state, pile.meeting_ids))
        return _of_keys(
            session, pile, keys, after=after, limit=limit, inclusive=inclusive, backwards=backwards
        )
    lines: list[QueueLine] = []
    for found, place in _lines(session, pile, after=after[0] if after else None, backwards=backwards):
        statement = found.order_by(*(column.desc() if backwards else column for column in place)).limit(limit)
        if after is not None:
            statement = statement.where(_beyond(place, after, inclusive=inclusive, backwards=backwards))
        lines = [QueueLine(*row) for row in session.execute(statement)]
        if len(lines) == limit:
            break
    return lines


def _of_keys(
    session: Session,
    pile: Pile,
    keys: list[int],
    *,
    after: tuple[int, str] | None,
    limit: int,
    inclusive: bool,
    backwards: bool,
) -> list[QueueLine]:
    """The same of answers that are known by their keys: only those of the page are read."""
    if after is not None:
        here = keys.count(after[0]) if inclusive else 0
        at = bisect_left(keys, after[0])
        keys = keys[: at + here] if backwards else keys[bisect_right(keys, after[0]) - here :]
    wanted = keys[-limit:] if backwards else keys[:limit]
    if not wanted:
        return []
    statement = (
        _line(Revision.search_key)
        .join(Revision, Revision.answer_id == Answer.id)
        .where(
            Revision.current.is_(True),
            Revision.search_key.in_(wanted),
            *pile.conditions(hidden=hidden_from_indexes(session)),
        )
    )
    lines = sorted((QueueLine(*row) for row in session.execute(statement)), key=lambda line: line.place)
    return lines[::-1] if backwards else lines


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


def _lines(
    session: Session, pile: Pile, *, after: int | None, backwards: bool
) -> Iterator[tuple[Select[*tuple[Any, ...]], Place]]:
    """The pile's lines and what orders them; each time more of what there is, until it is all."""
    few = few_of(session, pile)
    if few is not None:
        yield _among(session, pile, few)
        return
    way, index = way_of(session, pile), index_of(session)
    common = way is not None and way.common
    if way is not None and common:
        for hits in index.along_the_keys(way.search, after=after, backwards=backwards):
            yield _found_lines(session, pile, hits)
    if not pile.is_indexed:
        if reads_along(session, way) and not common:
            yield _some_way(session, pile, way, after, backwards=backwards)
        if hits_are_many(way) and (some := some_of(session, pile)) is not None:
            yield _among(session, pile, some)
            return
    if way is None or common:
        yield _along(session, pile)
        return
    places = standing_as(pile.state, pile.meeting_ids)
    few_hits = way.hits is not None
    found = index.in_order(way.search, standing=places, few=few_hits, after=after, backwards=backwards)
    for hits in found:
        yield _found_lines(session, pile, hits)


def _along(session: Session, pile: Pile) -> tuple[Select[*tuple[Any, ...]], Place]:
    """Those that pass of the whole queue, or with a search of all words in the order of their keys."""
    place: Place = (Revision.search_key,) if pile.search else (Answer.shuffle_key, Answer.id)
    statement = _line(place[0]).join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
    if pile.search is None:
        return _narrowed_lines(statement, pile), place
    statement = statement.where(says(pile.search))
    return _narrowed_lines(statement, pile, hidden=hidden_from_indexes(session)), place


def _among(session: Session, pile: Pile, few: CTE) -> tuple[Select[*tuple[Any, ...]], Place]:
    """Those of these answers that pass: all of them are looked at, and sorted."""
    hidden = hidden_from_indexes(session)
    keys = (Revision.search_key,) if pile.search else (Answer.shuffle_key, Answer.id)
    order: Place = keys if hidden else (keys[0] + 0, *keys[1:])  # a sum, so that it sorts these few
    statement = _line(order[0]).select_from(few).join(Answer, Answer.id == few.c.answer_id)
    statement = statement.join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
    if pile.search:
        statement = statement.where(says(pile.search))
    return _narrowed_lines(statement, pile, hidden=hidden), order


def _some_way(
    session: Session, pile: Pile, way: Way | None, after: int | None, *, backwards: bool
) -> tuple[Select[*tuple[Any, ...]], Place]:
    """Those that pass of the next ones that are queued or found, so many as one first reads along."""
    if way is not None:
        places = standing_as(pile.state, pile.meeting_ids)
        hits = index_of(session).first_of(
            way.search, places, narrowing.AHEAD, after=after, backwards=backwards
        )
        return _found_lines(session, pile, hits.cte("next").prefix_with("MATERIALIZED"))
    if pile.second_by is not None:
        waiting = next_for(pile.second_by, pile.meeting_ids, after, backwards=backwards)
        return _among(session, pile, waiting.limit(narrowing.AHEAD).cte("next").prefix_with("MATERIALIZED"))
    key, id_ = Answer.shuffle_key, Answer.id
    queued = select(id_.label("answer_id")).where(*pile.queued())
    if after is not None:
        queued = queued.where(key <= after if backwards else key >= after)
    queued = queued.order_by(*((key.desc(), id_.desc()) if backwards else (key, id_)))
    return _among(session, pile, queued.limit(narrowing.AHEAD).cte("next").prefix_with("MATERIALIZED"))


def _found_lines(session: Session, pile: Pile, hits: CTE) -> tuple[Select[*tuple[Any, ...]], Place]:
    """Those that pass of what the index found."""
    hidden = hidden_from_indexes(session)
    # A sum, so that PostgreSQL sorts what was found instead of reading every answer in the order of the keys.
    place = hits.c.search_key if hidden else hits.c.search_key + 0
    statement = (
        _line(place)
        .select_from(hits)
        .join(Revision, Revision.search_key == hits.c.search_key)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(Revision.current.is_(True))
    )
    return _narrowed_lines(statement, pile, hidden=hidden), (place,)


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
