"""What filters leave, found by the filters' own indexes: along the queue one would read nearly all of it for a few."""

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from consult.moderation.hints.queries import hinted, is_like, repeated
from consult.moderation.queries.pile import Pile
from consult.moderation.queries.searching import SHOWN, standing_as
from consult.moderation.queries.seconding import waiting_for
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision

FEW, SOME = 5000, 50_000
"""So many answers are sorted for a page and counted one by one at once; so many if that was not enough:"""
ALONG, AHEAD = 3000, 300
"""So far one first reads along the queue, or what a search finds, to count what passes a filter, and so far for a page:
often that suffices."""


def counted_in_order(
    pile: Pile, state: AnswerState, asked: ColumnElement[bool], most: int
) -> ScalarSelect[int]:
    """How many of that state pass the one filter, up to one more than `most`, from its index alone."""
    standing = standing_as(state, pile.meeting_ids)
    first = select(literal(1).label("one")).where(asked, Revision.standing.in_(standing)).limit(most + 1)
    return select(func.count()).select_from(first.subquery()).scalar_subquery()


def keys_in_order(
    session: Session,
    pile: Pile,
    asked: ColumnElement[bool],
    limit: int,
    beyond: ColumnElement[bool] | None,
    *,
    backwards: bool,
) -> list[int]:
    """The search keys of the next answers that pass the one filter, in order: so many of each meeting."""
    key = Revision.search_key
    of_each = [
        select(key)
        .where(asked, Revision.standing == standing, *([] if beyond is None else [beyond]))
        .order_by(key.desc() if backwards else key)
        .limit(limit)
        .subquery()
        for standing in standing_as(pile.state, pile.meeting_ids)
    ]
    return sorted(session.scalars(union_all(*(select(each.c.search_key) for each in of_each))))


def fewest(session: Session, pile: Pile, up_to: int) -> CTE | None:
    """The answers that pass the filter which fewest pass, if no more do, of whatever meeting. Column `answer_id`.

    One query, for what is narrowed by more than state and meeting.
    """
    # The bound tells both databases that this is where to begin.
    bounded = [each.limit(up_to + 1) for each in _sets(pile, up_to)]
    if not bounded:
        return None
    counts = [
        select(func.count())
        .select_from(each.with_only_columns(literal(1).label("one"), maintain_column_froms=True).subquery())
        .scalar_subquery()
        for each in bounded
    ]
    numbers = list(session.execute(select(*counts)).one())
    if min(numbers) > up_to:
        return None
    found = bounded[numbers.index(min(numbers))].subquery()
    return select(found.c.answer_id).distinct().cte("few").prefix_with("MATERIALIZED", dialect="postgresql")


def _sets(pile: Pile, up_to: int) -> list[Select[str]]:
    """For each filter with an index of its own: the answers that it finds, some perhaps more than once."""
    answer_id = Revision.answer_id.label("answer_id")
    shown = Revision.standing.in_([at for state in SHOWN for at in standing_as(state, pile.meeting_ids)])
    sets: list[Select[str]] = []
    if pile.question_id is not None:
        here = Answer.meeting_id.in_(pile.meeting_ids) & Answer.state.in_(SHOWN)
        sets.append(select(Answer.id.label("answer_id")).where(here, Answer.question_id == pile.question_id))
    if pile.language is not None:
        sets.append(select(answer_id).where(shown, Revision.language == pile.language))
    if pile.attribution is not None:
        sets.append(select(answer_id).where(shown, Revision.attribution == pile.attribution))
    if pile.source is not None:
        came = (Response.consultation_id == pile.consultation.id) & (Response.source == pile.source)
        sets.append(
            select(Answer.id.label("answer_id")).join(Response, Response.id == Answer.response_id).where(came)
        )
    if pile.hinted:
        first = hinted(pile.hint_kinds).limit(up_to + 1).subquery()
        sets.append(select(answer_id).join(first, first.c.revision_id == Revision.id))
    if pile.repeated:
        sets.append(repeated(pile.consultation))
    if pile.like is not None:
        like = is_like(pile.like, pile.meeting_ids)
        sets.append(select(Answer.id.label("answer_id")).where(like))
    if pile.second_by is not None:
        sets.append(waiting_for(pile.second_by, pile.meeting_ids))
    if pile.also:
        sets.append(select(answer_id).where(*pile.also))
    return sets
