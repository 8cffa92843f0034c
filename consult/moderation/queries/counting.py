"""How many answers a pile has in each state, without counting a million, and how its search is best carried out."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CTE, ScalarSelect, func, literal, select
from sqlalchemy.orm import Session

from consult.meetings.models import Meeting
from consult.moderation.queries import narrowing
from consult.moderation.queries.pile import SHOWN, Pile, as_value, hidden_from_indexes, joined
from consult.moderation.queries.searching import Search, index_of, says, share_of, standing_as, thresholds
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision

COUNTED_UP_TO = 1000


class StateCounts(dict[AnswerState, int]):
    """State → how many answers the filters leave, exactly up to COUNTED_UP_TO and one above it for more."""


@dataclass(frozen=True)
class Way:
    """How a search is carried out."""

    search: Search
    common: bool
    """Whether so many say it that a page is found soonest by reading along the queue."""
    often: bool
    """Whether so many say it that counting them all, beginnings of words included, is best avoided."""
    hits: dict[str, list[int]] | None
    """All that the index finds, by standing and in order, where it is little."""
    found: int | None
    """How many it finds, as far as that is known."""

    def keys(self, pile: Pile) -> list[int]:
        """What was found in the pile's state, in order, where all of it is known."""
        places, hits = standing_as(pile.state, pile.meeting_ids), self.hits or {}
        return sorted(key for place in places for key in hits[place])


def way_of(session: Session, pile: Pile) -> Way | None:
    """How the pile's search is carried out, if there is one: asked once a page, however many lists of it are made."""
    if pile.search is not None and not pile.way:
        pile.way.append(_way(session, pile, pile.search))
    return pile.way[0] if pile.way else None


def few_of(session: Session, pile: Pile) -> CTE | None:
    """The few answers among which all that the filters leave is, if one of them leaves few: asked once a page."""
    if pile.is_indexed or pile.ordered_by is not None:
        return None
    if not pile.few:
        pile.few.append(narrowing.fewest(session, pile))
    found: CTE | None = pile.few[0]
    return found


def _way(session: Session, pile: Pile, search: Search) -> Way:
    places = [place for state in SHOWN for place in standing_as(state, pile.meeting_ids)]
    index = index_of(session)
    search = index.spelt_out(search)
    if search.is_spelt_out:  # then the index is soonest, however many say it
        hits, _found = index.looked_up(search, places)
        return Way(search, common=False, often=False, hits=hits, found=None)
    share = share_of(session, search, pile.consultation.id)
    seldom = share < thresholds.SELDOM
    hits, found = index.looked_up(search, places) if seldom else (None, None)
    return Way(
        search,
        common=share >= thresholds.COMMON,
        often=share >= thresholds.OFTEN,
        hits=hits,
        found=found,
    )


def state_counts(session: Session, pile: Pile) -> StateCounts:
    """See StateCounts. Two queries at most, besides those of `way_of` and `few_of`."""
    if pile.ordered_by is not None:
        bounded = [narrowing.counted_in_order(pile, state, pile.ordered_by, COUNTED_UP_TO) for state in SHOWN]
        return StateCounts(zip(SHOWN, session.execute(select(*bounded)).one(), strict=True))
    few = few_of(session, pile)
    if few is not None:
        return _each_counted(session, pile, few)
    way = way_of(session, pile)
    if way is None:
        return _counted(session, pile, SHOWN)
    if not pile.is_indexed:
        return (
            _counted(session, pile, SHOWN) if way.common else _counted_among_hits(session, pile, way.search)
        )
    if way.hits is not None:
        return StateCounts(
            {state: min(len(way.keys(pile.in_state(state))), COUNTED_UP_TO + 1) for state in SHOWN}
        )
    return StateCounts(_counted_by_index(session, pile, way))


def _each_counted(session: Session, pile: Pile, few: CTE) -> StateCounts:
    hidden = hidden_from_indexes(session)
    here = as_value(Answer.consultation_id, hidden=hidden) == pile.consultation.id
    statement = (
        select(Answer.state, func.count())
        .select_from(few)
        .join(Answer, Answer.id == few.c.answer_id)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(here, *pile.narrowed(hidden=hidden))
        .group_by(Answer.state)
    )
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    if pile.search is not None:
        statement = statement.where(says(pile.search))
    told = dict(session.execute(statement).all())
    return StateCounts({state: min(told.get(state, 0), COUNTED_UP_TO + 1) for state in SHOWN})


def _counted_by_index(session: Session, pile: Pile, way: Way) -> dict[AnswerState, int]:
    """Exact up to COUNTED_UP_TO. Where whole words alone exceed it, nobody looks for words that only begin so."""
    index = index_of(session)
    if way.search.is_spelt_out or not index.streams:
        return _by_index(session, pile, way, SHOWN)
    counts: dict[AnswerState, int] = {}
    found = way.found
    if found is None and not way.often:
        found = index.how_many(way.search)
    if found is None or found > thresholds.MANY:
        counts = _by_index(session, pile, way, SHOWN, whole=True)
    unknown = [state for state in SHOWN if counts.get(state, 0) <= COUNTED_UP_TO]
    if unknown:
        counts |= _counted(session, pile, unknown) if way.common else _by_index(session, pile, way, unknown)
    return counts


def _by_index(
    session: Session, pile: Pile, way: Way, states: Collection[AnswerState], *, whole: bool = False
) -> dict[AnswerState, int]:
    index = index_of(session)
    bounded = [
        index.counted(
            way.search,
            standing_as(state, pile.meeting_ids),
            COUNTED_UP_TO,
            whole=whole,
            common=way.common,
        )
        for state in states
    ]
    return dict(zip(states, session.execute(select(*bounded)).one(), strict=True))


def _counted_among_hits(session: Session, pile: Pile, search: Search) -> StateCounts:
    """By looking at what the index finds in each state until a thousand pass the filters."""
    hidden = hidden_from_indexes(session)
    bounded = []
    for state in SHOWN:
        found = index_of(session).found(search, standing_as(state, pile.meeting_ids))
        statement = (
            select(literal(1).label("one"))
            .select_from(found)
            .join(Revision, Revision.search_key == found.c.search_key)
            .join(Answer, Answer.id == Revision.answer_id)
        )
        if pile.reads_response:
            statement = statement.join(Response, Response.id == Answer.response_id)
        statement = statement.where(
            Revision.current.is_(True), *pile.in_state(state).conditions(hidden=hidden)
        )
        few = statement.limit(COUNTED_UP_TO + 1).subquery()
        bounded.append(select(func.count()).select_from(few).scalar_subquery())
    return StateCounts(zip(SHOWN, session.execute(select(*bounded)).one(), strict=True))


def _counted(session: Session, pile: Pile, states: Collection[AnswerState]) -> StateCounts:
    """By reading along the queue, or where nothing else is asked along the index that has these counts in order."""
    bound = _bounded_in_order if pile.is_plain else _bounded
    bounded = [bound(pile.in_state(state), COUNTED_UP_TO) for state in states]
    return StateCounts(zip(states, session.execute(select(*bounded)).one(), strict=True))


def _bounded(pile: Pile, most: int) -> ScalarSelect[int]:
    statement = joined(select(literal(1).label("one")).select_from(Answer), pile).where(*pile.conditions())
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
