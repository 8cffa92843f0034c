"""Searching the words of answers, with one meaning on both databases.

Every word that is sought must begin a word of the answer; both are folded, so accents, ł and case do not matter and a
Chinese run is found by its pairs of characters. A single letter must be a whole word.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.core.text import fold
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision

Folded = ColumnElement[str] | InstrumentedAttribute[str]
LONGEST_SEARCH = 200
MOST_WORDS = 12
LOOKED_AT = 2000
"""So many hits of the index, and so many answers of a state, are looked at to count them."""
SAMPLE, COMMON = 200, 0.2
"""A word in a fifth of so many answers is too common for the index to be of use."""
RARE, MANY = 1000, 10_000
"""So few that looking at each is cheaper than asking the index for each state; so many that whole words may suffice."""
BUCKETS_AT_ONCE = (64, 512)
"""So many of PostgreSQL's buckets are asked for a page: first few, then more, then everything."""
ALONG_AT_ONCE = (400, 4000)
"""Among so many revisions PostgreSQL is asked for a page of a common word: it would sort them all otherwise."""
_BUCKETS, _BUCKET_BITS = 4096, 51
_VECTOR: ColumnElement[str] = literal_column(
    "(to_tsvector('simple', revision.folded) || beginnings_of_words(revision.folded) || array_to_tsvector("
    "ARRAY['#' || (revision.search_key >> 51)::text, '@' || coalesce(revision.standing, '')]))"
)
"""As migration 0023 indexes it. No folded word begins with the sign of a bucket, of a beginning or of a standing."""
_BEGINNINGS = (8, 5, 3)
"""So many letters of a word are indexed as its beginning. Looked for whole, not one entry has to be collected."""


@dataclass(frozen=True)
class Search:
    """The words sought, folded."""

    words: tuple[str, ...]


def searched(text: str) -> Search | None:
    """What somebody typed, as words to find; None where no letter or digit is left of it."""
    words = dict.fromkeys(fold(text[:LONGEST_SEARCH]).replace("_", " ").split())
    return Search(tuple(words)[:MOST_WORDS]) if words else None


def says(search: Search, folded: Folded = Revision.folded) -> ColumnElement[bool]:
    """The condition on Revision, said without an index."""
    return and_(*(_begins(word, folded) for word in search.words))


def is_common(session: Session, search: Search, consultation_id: str) -> bool:
    """Whether a large part of the answers says it, told by a few of them. One short query."""
    few = (
        select(says(search).label("said"))
        .select_from(Answer)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(Answer.consultation_id == consultation_id)
        .limit(SAMPLE)
        .subquery()
    )
    read, found = session.execute(select(func.count(), func.count(case((few.c.said, 1))))).one()
    return bool(read == SAMPLE and found >= COMMON * SAMPLE)


def standing_as(state: AnswerState, meeting_ids: Collection[str]) -> list[str]:
    """What the index has of answers in that state at these meetings."""
    return [f"{state.value}{meeting_id}" for meeting_id in sorted(meeting_ids)]


def how_many(session: Session, search: Search) -> int | None:
    """How many the index finds, up to one more than MANY; None where it tells that only by collecting them all."""
    if not _on_sqlite(session):
        return None
    found = _keys(session, search).limit(MANY + 1).subquery()
    return session.execute(select(func.count()).select_from(found)).scalar_one()


def where_they_stand(session: Session, search: Search) -> Select[str | None, int]:
    """Standing → how many of up to RARE hits have it. One look each, into an index that has nothing else."""
    found = _keys(session, search).limit(RARE + 1).subquery()
    return (
        select(Revision.standing, func.count())
        .join(found, found.c.search_key == Revision.search_key)
        .group_by(Revision.standing)
    )


def streams(session: Session) -> bool:
    """Whether whole words are read from the index one after another, so that one can stop at a thousand."""
    return _on_sqlite(session)


def counted(
    session: Session, search: Search, standing: Collection[str], most: int, *, whole: bool = False
) -> ScalarSelect[int]:
    """How many the index has with that standing, up to one more than `most`: nothing but the index is read for it.

    With `whole` only those that say the very words, which SQLite reads one after another, so that it can stop.
    """
    found = _keys(session, search, standing=standing, whole=whole).limit(most + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def hits(session: Session, search: Search) -> Subquery:
    """What the index finds, of whatever consultation, cut off behind LOOKED_AT.

    Its columns are `search_key`, and on PostgreSQL, which has the row in its hands by then, `answer_id` and `current`.
    """
    found = _keys(session, search)
    if not _on_sqlite(session):
        found = found.add_columns(Revision.answer_id, Revision.current)
    return found.limit(LOOKED_AT + 1).subquery("hits")


def in_order(
    session: Session,
    search: Search,
    *,
    standing: Collection[str],
    few: bool,
    after: int | None,
    backwards: bool,
) -> Iterator[CTE]:
    """What the index finds from that search key on, each time more of it, until it is all. Column `search_key`.

    SQLite reads its index in the order of the search key and stops where the page is full. PostgreSQL's index has no
    order: of many hits, those in the buckets next to the place are asked for first.
    """
    if _on_sqlite(session):
        yield _found(_keys(session, search, standing=standing))
        return
    if few:  # the bound tells PostgreSQL that going from one to the next is cheaper than reading every answer
        yield _found(_keys(session, search, standing=standing).limit(LOOKED_AT + 1))
        return
    reached = after >> _BUCKET_BITS if after is not None else _BUCKETS - 1 if backwards else 0
    for many in BUCKETS_AT_ONCE:
        buckets = range(reached, reached - many, -1) if backwards else range(reached, reached + many)
        within = [bucket for bucket in buckets if 0 <= bucket < _BUCKETS]
        yield _found(_keys(session, search, within, standing))
        if len(within) < many:
            return
    yield _found(_keys(session, search, standing=standing))


def along_the_keys(session: Session, search: Search, *, after: int | None, backwards: bool) -> Iterator[CTE]:
    """Those of the next revisions that say it, first of few, then of more. There may be others behind them.

    PostgreSQL takes it that hardly any say it, and without a bound round them would begin with all that do.
    """
    if _on_sqlite(session):
        return
    key = Revision.search_key
    for many in ALONG_AT_ONCE:
        next_ones = select(key, Revision.folded).order_by(key.desc() if backwards else key).limit(many)
        if after is not None:
            next_ones = next_ones.where(key <= after if backwards else key >= after)
        each = next_ones.subquery()
        yield _found(select(each.c.search_key).where(says(search, each.c.folded)))


def _found(keys: Select[int]) -> CTE:
    return keys.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def _keys(
    session: Session,
    search: Search,
    buckets: Collection[int] = (),
    standing: Collection[str] = (),
    *,
    whole: bool = False,
) -> Select[int]:
    """What the index finds, as search keys of revisions; with `standing` only those that it has with one of these."""
    if _on_sqlite(session):
        words = " AND ".join(f'"{word}"{"*" if _opens(word) and not whole else ""}' for word in search.words)
        asked = f"folded : ({words})"
        if standing:
            asked += f" AND standing : ({' OR '.join(standing)})"
        found = table("revision_words", column("rowid"))
        return select(found.c.rowid.label("search_key")).where(
            literal_column("revision_words").op("MATCH")(asked)
        )
    asked = " & ".join(_lexeme(word) for word in search.words)
    for sign, places in (("#", buckets), ("@", standing)):
        if places:
            lexemes = [f"'{sign}{place}'" for place in places]
            asked += f" & ({' | '.join(lexemes)})"
    begun = [_begins(word, Revision.folded) for word in search.words if len(word) not in (1, 2, *_BEGINNINGS)]
    return select(Revision.search_key).where(_VECTOR.op("@@")(cast(asked, TSQUERY)), *begun)


def _lexeme(word: str) -> str:
    """A word as PostgreSQL is asked for it: by the longest beginning that is indexed, which may find too many."""
    indexed = next((word[:long] for long in _BEGINNINGS if len(word) >= long), None)
    return f"'^{indexed}'" if indexed else f"'{word}':*" if _opens(word) else f"'{word}'"


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _begins(word: str, folded: Folded) -> ColumnElement[bool]:
    """The same said without an index: the folded text is words with a space between them."""
    text = literal(" ") + func.replace(folded, "_", " ") + literal(" ")
    return text.like(f"% {word}%" if _opens(word) else f"% {word} %")


def _opens(word: str) -> bool:
    """Whether the word may be the beginning of a longer one: not a single letter of an alphabet."""
    return len(word) > 1 or word >= "\u2e80"
