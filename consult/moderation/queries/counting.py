"""How many answers a pile has in each state, without counting a million."""

from collections.abc import Collection

from sqlalchemy import CTE, FromClause, ScalarSelect, Select, func, literal, select
from sqlalchemy.orm import Session

from consult.meetings.models import Meeting
from consult.moderation.queries import narrowing
from consult.moderation.queries.pile import Pile, hidden_from_indexes, joined
from consult.moderation.queries.searching import SHOWN, Search, index_of, says, standing_as, thresholds
from consult.moderation.queries.seconding import waiting_for
from consult.moderation.queries.ways import Way, few_of, hits_are_many, reads_along, some_of, way_of
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision

COUNTED_UP_TO = 1000


class StateCounts(dict[AnswerState, int]):
    """State → how many answers the filters leave, exactly up to COUNTED_UP_TO and one above it for more."""


def state_counts(session: Session, pile: Pile) -> StateCounts:
    """See StateCounts. Three queries at most, besides those of `way_of`, `few_of` and `some_of`."""
    if pile.second_by is None:
        return StateCounts(_state_counts(session, pile))
    counts = dict.fromkeys(SHOWN, 0)
    if not pile.to_second(None).is_plain:
        return StateCounts(counts | _state_counts(session, pile))
    found = waiting_for(pile.second_by, pile.meeting_ids).with_only_columns(
        literal(1).label("one"), maintain_column_froms=True
    )
    return StateCounts(counts | {AnswerState.WAITING: session.execute(select(_number(found))).scalar_one()})


def _state_counts(session: Session, pile: Pile) -> dict[AnswerState, int]:
    """Of the states in which anything can pass."""
    if pile.ordered_by is not None:
        bounded = [narrowing.counted_in_order(pile, state, pile.ordered_by, COUNTED_UP_TO) for state in SHOWN]
        return dict(zip(SHOWN, session.execute(select(*bounded)).one(), strict=True))
    few = few_of(session, pile)
    if few is not None:
        return _each_counted(session, pile, few, SHOWN)
    way = way_of(session, pile)
    if not pile.is_indexed:
        return _counted_through_filters(session, pile, way)
    if way is None:
        return _counted(session, pile, SHOWN)
    if way.hits is not None:
        numbers = {state: way.hits.number(standing_as(state, pile.meeting_ids)) for state in SHOWN}
        return {state: min(number, COUNTED_UP_TO + 1) for state, number in numbers.items()}
    return _counted_by_index(session, pile, way)


def _counted_through_filters(session: Session, pile: Pile, way: Way | None) -> dict[AnswerState, int]:
    """Some way along what is queued or found; what that does not tell by the narrowest filter's own index."""
    if (known := pile.few.get(narrowing.SOME)) is not None:  # for the page, reading along did not suffice
        return _each_counted(session, pile, known, SHOWN)
    counts = _counted_some_way(session, pile, way) if reads_along(session, way) else {}
    unknown = [state for state in pile.states if state not in counts]
    if not unknown:
        return counts
    some = some_of(session, pile) if hits_are_many(way) else None
    if some is not None:
        return counts | _each_counted(session, pile, some, unknown)
    if way is not None and not way.common:
        return counts | _counted_among_hits(session, pile, way.search, unknown)
    return counts | _counted(session, pile, unknown)


def _counted_some_way(session: Session, pile: Pile, way: Way | None) -> dict[AnswerState, int]:
    """The states of which that is enough to tell."""
    both = [told for state in pile.states for told in _along(session, pile.in_state(state), way)]
    told = session.execute(select(*both)).one()
    return {
        state: passed
        for state, read, passed in zip(pile.states, told[::2], told[1::2], strict=True)
        if read < narrowing.ALONG or passed > COUNTED_UP_TO
    }


def _along(session: Session, pile: Pile, way: Way | None) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """How many were read, up to ALONG, and how many of them pass, up to one more than COUNTED_UP_TO."""
    one = select(literal(1).label("one"))
    if way is None or way.common:
        queued = select(Answer.id.label("answer_id")).where(*pile.queued())
        if pile.second_by is not None:
            queued = waiting_for(pile.second_by, pile.meeting_ids)
        first = queued.limit(narrowing.ALONG).cte(f"first_{pile.state}").prefix_with("MATERIALIZED")
        passes = joined(one.select_from(Answer), pile).where(Answer.id == first.c.answer_id)
        if pile.search is not None:
            passes = passes.where(says(pile.search))
    else:
        places = standing_as(pile.state, pile.meeting_ids)
        found = index_of(session).first_of(way.search, places, narrowing.ALONG)
        first = found.cte(f"first_{pile.state}").prefix_with("MATERIALIZED")
        passes = joined(one.select_from(Answer), pile).where(Revision.search_key == first.c.search_key)
    filters = pile.filtered(hidden=hidden_from_indexes(session))
    # Each by itself, so that SQLite does not begin with all that pass the filters.
    passing = one.select_from(first).where(passes.where(*filters).correlate(first).exists())
    return select(func.count()).select_from(first).scalar_subquery(), _number(passing)


def _each_counted(
    session: Session, pile: Pile, few: CTE, states: Collection[AnswerState]
) -> dict[AnswerState, int]:
    hidden = hidden_from_indexes(session)
    statement = (
        select(Answer.state, func.count())
        .select_from(few)
        .join(Answer, Answer.id == few.c.answer_id)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(*pile.held(hidden=hidden), *pile.filtered(hidden=hidden))
        .group_by(Answer.state)
    )
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    if pile.search is not None:
        statement = statement.where(says(pile.search))
    told = dict(session.execute(statement).all())
    return {state: min(told.get(state, 0), COUNTED_UP_TO + 1) for state in states}


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


def _counted_among_hits(
    session: Session, pile: Pile, search: Search, states: Collection[AnswerState]
) -> dict[AnswerState, int]:
    """By looking at what the index finds in each state until a thousand pass the filters."""
    hidden = hidden_from_indexes(session)
    bounded = []
    for state in states:
        found = index_of(session).found(search, standing_as(state, pile.meeting_ids))
        statement = _through_words(select(literal(1).label("one")), found, pile)
        bounded.append(_number(statement.where(*pile.in_state(state).conditions(hidden=hidden))))
    return dict(zip(states, session.execute(select(*bounded)).one(), strict=True))


def _through_words(statement: Select[int], found: FromClause, pile: Pile) -> Select[int]:
    """The statement on what was found by its search key, with what the filters need joined to it."""
    statement = (
        statement.select_from(found)
        .join(Revision, Revision.search_key == found.c.search_key)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(Revision.current.is_(True))
    )
    return statement.join(Response, Response.id == Answer.response_id) if pile.reads_response else statement


def _counted(session: Session, pile: Pile, states: Collection[AnswerState]) -> dict[AnswerState, int]:
    """By reading along the queue, or where nothing else is asked along the index that has these counts in order."""
    bound = _bounded_in_order if pile.is_plain else _bounded
    bounded = [bound(pile.in_state(state)) for state in states]
    return dict(zip(states, session.execute(select(*bounded)).one(), strict=True))


def _bounded(pile: Pile) -> ScalarSelect[int]:
    statement = joined(select(literal(1).label("one")).select_from(Answer), pile).where(*pile.conditions())
    return _number(statement if pile.search is None else statement.where(says(pile.search)))


def _bounded_in_order(pile: Pile) -> ScalarSelect[int]:
    """A thousand answers in the queue's order lie a thousand places apart; those of one index lie side by side."""
    its_own = select(Meeting.id).where(
        Meeting.consultation_id == pile.consultation.id, Meeting.id.in_(pile.meeting_ids)
    )
    statement = select(literal(1).label("one")).where(
        Answer.meeting_id.in_(its_own), Answer.state == pile.state, Answer.released
    )
    return _number(statement)


def _number(statement: Select[int]) -> ScalarSelect[int]:
    return select(func.count()).select_from(statement.limit(COUNTED_UP_TO + 1).subquery()).scalar_subquery()
