"""How a search and the filters beside it are best carried out: found out once a page."""

from dataclasses import dataclass

from sqlalchemy import CTE
from sqlalchemy.orm import Session

from consult.moderation.queries import narrowing
from consult.moderation.queries.pile import Pile
from consult.moderation.queries.searching import (
    SHOWN,
    Hits,
    Search,
    index_of,
    share_of,
    standing_as,
    thresholds,
)


@dataclass(frozen=True)
class Way:
    """How a search is carried out."""

    search: Search
    common: bool
    """Whether so many say it that a page is found soonest by reading along the queue."""
    often: bool
    """Whether so many say it that counting them all, beginnings of words included, is best avoided."""
    hits: Hits | None
    """All that the index finds, where it is little."""
    found: int | None
    """How many it finds, as far as that is known."""


def way_of(session: Session, pile: Pile) -> Way | None:
    """How the pile's search is carried out, if there is one: asked once a page, however many lists of it are made."""
    if pile.search is not None and not pile.way:
        pile.way.append(_way(session, pile, pile.search))
    return pile.way[0] if pile.way else None


def few_of(session: Session, pile: Pile) -> CTE | None:
    """The answers among which all that the filters leave is, if one of them leaves few. Column `answer_id`."""
    if pile.is_indexed or pile.ordered_by is not None:
        return None
    return _fewest(session, pile, narrowing.FEW)


def some_of(session: Session, pile: Pile) -> CTE | None:
    """The same if one of them leaves not too many, for where reading along did not suffice."""
    return _fewest(session, pile, narrowing.SOME)


def reads_along(session: Session, way: Way | None) -> bool:
    """Whether the next answers can be read before all are: not where PostgreSQL first collects what a search finds."""
    return way is None or way.common or index_of(session).streams


def hits_are_many(way: Way | None) -> bool:
    """Whether no search is known to leave few, so that a filter which leaves not too many is the better way."""
    return way is None or way.hits is None


def _fewest(session: Session, pile: Pile, up_to: int) -> CTE | None:
    if up_to not in pile.few:
        pile.few[up_to] = narrowing.fewest(session, pile, up_to)
    found: CTE | None = pile.few[up_to]
    return found


def _way(session: Session, pile: Pile, search: Search) -> Way:
    places = [place for state in SHOWN for place in standing_as(state, pile.meeting_ids)]
    index = index_of(session)
    search = index.spelt_out(search)
    if search.is_spelt_out:  # then the index is soonest, however many say it
        hits = index.looked_up(search, places)[0] if pile.is_indexed else None
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
