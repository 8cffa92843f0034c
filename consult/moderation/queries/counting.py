"""How many answers a pile has in each state, without counting a million, and how its search is best carried out."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, case, func, literal, select
from sqlalchemy.orm import Session

from consult.meetings.models import Meeting
from consult.moderation.queries import searching
from consult.moderation.queries.pile import Pile, as_value, hidden_from_indexes, joined
from consult.moderation.queries.searching import Search, says
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision

COUNTED_UP_TO = 1000
SHOWN = (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED)
"""States that a queue shows. What was withdrawn is read by nobody any more."""


@dataclass(frozen=True)
class Way:
    """How a search is carried out. `counts` are of what was met, `known` whether that was all.

    `few` says that the index has so few hits that they can be taken all at once.
    """

    search: Search
    counts: dict[AnswerState, int]
    common: bool
    few: bool
    known: bool


def way_of(session: Session, pile: Pile) -> Way | None:
    """How the pile's search is carried out, if there is one: asked once a page, however many lists of it are made."""
    if pile.search is not None and not pile.way:
        pile.way.append(_way(session, pile, pile.search))
    return pile.way[0] if pile.way else None


def _way(session: Session, pile: Pile, search: Search) -> Way:
    common = searching.is_common(session, search, pile.consultation.id)
    if pile.is_indexed:
        found = None if common else searching.how_many(session, search)
        if found is not None and found <= searching.RARE:
            counts = _each_looked_up(session, pile, search)
        else:
            counts = _counted_by_index(session, pile, search, common=common, found=found)
        few = max(counts.values()) <= min(COUNTED_UP_TO, searching.LOOKED_AT)
        return Way(search, counts, common=common, few=few, known=True)
    counts, few = _looked_at(session, pile, search, common=common)
    return Way(search, counts, common=common, few=few, known=few)


def _each_looked_up(session: Session, pile: Pile, search: Search) -> dict[AnswerState, int]:
    standing = dict(session.execute(searching.where_they_stand(session, search)).all())
    return {
        state: sum(standing.get(place, 0) for place in searching.standing_as(state, pile.meeting_ids))
        for state in SHOWN
    }


def _counted_by_index(
    session: Session, pile: Pile, search: Search, *, common: bool, found: int | None
) -> dict[AnswerState, int]:
    """Exact up to COUNTED_UP_TO. Where whole words alone exceed it, nobody looks for words that only begin so."""
    counts: dict[AnswerState, int] = {}
    if searching.streams(session) and (found is None or found > searching.MANY):
        counts = _by_index(session, pile, search, SHOWN, whole=True)
    unknown = [state for state in SHOWN if counts.get(state, 0) <= COUNTED_UP_TO]
    if unknown and common:
        counts |= _counted(session, pile, unknown)
    elif unknown:
        counts |= _by_index(session, pile, search, unknown)
    return counts


def _by_index(
    session: Session, pile: Pile, search: Search, states: Collection[AnswerState], *, whole: bool = False
) -> dict[AnswerState, int]:
    places = [searching.standing_as(state, pile.meeting_ids) for state in states]
    bounded = [searching.counted(session, search, each, COUNTED_UP_TO, whole=whole) for each in places]
    return dict(zip(states, session.execute(select(*bounded)).one(), strict=True))


def _looked_at(
    session: Session, pile: Pile, search: Search, *, common: bool
) -> tuple[dict[AnswerState, int], bool]:
    """What the first of the index's hits tell, or of a common word the first answers, and whether these are all."""
    hidden = hidden_from_indexes(session)
    here = as_value(Answer.consultation_id, hidden=hidden) == pile.consultation.id
    found = None if common else searching.hits(session, search)
    direct = found is not None and "current" in found.c and not pile.reads_revision
    current = found.c.current if found is not None and direct else Revision.current
    told = and_(here, *pile.narrowed(hidden=hidden), current.is_(True))
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
    return {state: number for state, _read, number in rows}, few


class StateCounts(dict[AnswerState, int]):
    """State → how many answers the filters leave, exactly up to COUNTED_UP_TO and one above it for more.

    Where what very many answers say is narrowed further, those in `at_least` are what the first thousands told.
    """

    at_least: frozenset[AnswerState] = frozenset()


def state_counts(session: Session, pile: Pile) -> StateCounts:
    """See StateCounts. Two queries at most, besides those of `way_of`."""
    way = way_of(session, pile)
    if way is None:
        return _counted(session, pile, SHOWN)
    counts = StateCounts({state: min(way.counts.get(state, 0), COUNTED_UP_TO + 1) for state in SHOWN})
    unknown = [state for state in SHOWN if not way.known and counts[state] <= COUNTED_UP_TO]
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
