"""Searching the words of answers, with one meaning on both databases.

Every word that is sought must begin a word of the answer; both are folded, so accents, ł and case do not matter and a
Chinese run is found by its pairs of characters. A single letter must be a whole word.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.core.text import fold
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision

Folded = ColumnElement[str] | InstrumentedAttribute[str]
LONGEST_SEARCH = 200
MOST_WORDS = 12
SAMPLE, COMMON, OFTEN, SELDOM = 200, 0.2, 0.01, 0.005
"""So many answers are asked; a word in a fifth of them is too common for the index to be of use to a page. What every
hundredth says is counted by whole words first. Where fewer than the last share say it, its hits are looked at one by
one as long as there are no more than RARE."""
RARE, AT_HAND, MANY = 1000, 4000, 10_000
"""So few hits are kept in the hand; so few of them where SQLite need not collect them first; so many that whole words
may suffice to count."""
SLICES_AT_ONCE = (2, 16)
"""So many of PostgreSQL's slices are asked for a page: first few, then more, then everything."""
READ_TO_COUNT = 8000
"""Among so many of a state PostgreSQL looks for a thousand that say a common word, before it asks its index."""
ALONG_AT_ONCE = (400, 4000)
"""Among so many revisions PostgreSQL is asked for a page of a common word: it would sort them all otherwise."""
_SLICES, _SLICE_BITS = 256, 55
_VECTOR: ColumnElement[str] = literal_column(
    "(to_tsvector('simple', revision.folded) || placed_words(revision.folded, coalesce(revision.standing, '')) || "
    "array_to_tsvector(ARRAY['#' || (revision.search_key >> 55)::text, '@' || coalesce(revision.standing, '')]))"
)
"""As migration 0026 indexes it. No folded word begins with the sign of a slice, of a beginning or of a standing."""
_WHOLE = "whole"
SPELT_OUT = 12
"""A beginning of no more than so many words is sought as these on SQLite, which would collect all that begins so."""
_VOCABULARY = table("revision_words_vocabulary", column("term", Text))
_BEHIND_A_WORD, _BEHIND_ITS_LETTERS = "\x01", "\U0010ffff"
_BEGINNINGS = (8, 5, 3)
"""So many letters of a word are indexed as its beginning, each with a standing: one list has all that a count needs."""


@dataclass(frozen=True)
class Search:
    """The words sought, folded."""

    words: tuple[str, ...]
    spelt_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """Word → all words of the index that begin so. A word that begins too many is missing."""

    @property
    def is_spelt_out(self) -> bool:
        """Whether SQLite need not collect anything before it reads what is found, one after another."""
        return all(word in self.spelt_out for word in self.words)


def searched(text: str) -> Search | None:
    """What somebody typed, as words to find; None where no letter or digit is left of it."""
    words = dict.fromkeys(fold(text[:LONGEST_SEARCH]).replace("_", " ").split())
    return Search(tuple(words)[:MOST_WORDS]) if words else None


def says(search: Search, folded: Folded = Revision.folded) -> ColumnElement[bool]:
    """The condition on Revision, said without an index."""
    return and_(*(_begins(word, folded) for word in search.words))


def spelt_out(session: Session, search: Search) -> Search:
    """The same with the words of the index that each of its words begins. One query on SQLite, none on PostgreSQL.

    It goes from one word of the index to the next, and reads nothing of who says them.
    """
    if not _on_sqlite(session):
        return search
    sought = union_all(*(select(literal(word).label("word")) for word in search.words)).subquery()
    begun = select(
        sought.c.word, _next_word(sought.c.word, sought.c.word).label("term"), literal(1).label("number")
    ).cte("begun", recursive=True)
    further = _next_word(begun.c.term.concat(_BEHIND_A_WORD), begun.c.word)
    begun = begun.union_all(
        select(begun.c.word, further, begun.c.number + 1).where(
            begun.c.term.is_not(None), begun.c.number <= SPELT_OUT
        )
    )
    found: dict[str, list[str]] = {word: [] for word in search.words}
    for word, term in session.execute(select(begun.c.word, begun.c.term).where(begun.c.term.is_not(None))):
        found[word].append(term)
    few = {word: tuple(terms) for word, terms in found.items() if len(terms) <= SPELT_OUT}
    return replace(search, spelt_out=few | {word: (word,) for word in search.words if not _opens(word)})


def _next_word(at: ColumnElement[str], beginning: ColumnElement[str]) -> ScalarSelect[str]:
    behind = beginning.concat(_BEHIND_ITS_LETTERS)
    listed = select(_VOCABULARY.c.term).where(_VOCABULARY.c.term >= at, _VOCABULARY.c.term < behind)
    return listed.limit(1).scalar_subquery()


def share_of(session: Session, search: Search, consultation_id: str) -> float:
    """Which part of the answers says it, told by a few of them; 0 where there are not even so many. A short query."""
    few = (
        select(says(search).label("said"))
        .select_from(Answer)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(Answer.consultation_id == consultation_id)
        .limit(SAMPLE)
        .subquery()
    )
    read, found = session.execute(select(func.count(), func.count(case((few.c.said, 1))))).one()
    return found / SAMPLE if read == SAMPLE else 0.0


def standing_as(state: AnswerState, meeting_ids: Collection[str]) -> list[str]:
    """What the index has of answers in that state at these meetings; without any, what it has of none."""
    return [f"{state.value}{meeting_id}" for meeting_id in sorted(meeting_ids)] or [state.value]


def how_many(session: Session, search: Search) -> int | None:
    """How many the index finds, up to one more than MANY; None where it tells that only by collecting them all."""
    if not _on_sqlite(session):
        return None
    found = _keys(session, search, ()).limit(MANY + 1).subquery()
    return session.execute(select(func.count()).select_from(found)).scalar_one()


def looked_up(
    session: Session, search: Search, standing: Collection[str]
) -> tuple[dict[str, list[int]] | None, int]:
    """Standing → the search keys of all that is found, in order; None where the index finds more than is kept.

    And how many it finds, up to one more than that, or on SQLite what is not spelt out up to one more than MANY.
    """
    kept = AT_HAND if search.is_spelt_out else RARE
    if not _on_sqlite(session):
        looked = _keys(session, search, standing).add_columns(Revision.standing).limit(kept + 1).subquery()
        rows = session.execute(_by_standing(looked)).all()
        number = sum(listed.count(",") + 1 for _place, listed in rows)
    else:
        # Asked for a standing too, it would go through two long lists instead of one short one.
        most = kept if search.is_spelt_out else max(kept, MANY)
        found = _keys(session, search, ()).limit(most + 1).cte("found").prefix_with("MATERIALIZED")
        key = found.c.search_key
        counted = select(func.count()).select_from(found).scalar_subquery()
        # Between a key and itself, so that SQLite takes the index that has the standing and not the unique one.
        at = select(key, Revision.standing).join(Revision, Revision.search_key.between(key, key))
        whole = select(literal(_WHOLE), cast(counted, Text))
        looked = at.where(counted <= kept).subquery()
        *rows, (_place, written) = session.execute(_by_standing(looked).union_all(whole)).all()
        number = int(written)
    if number > kept:
        return None, number
    keys = {place: sorted(map(int, listed.split(","))) for place, listed in rows}
    return {place: keys.get(place, []) for place in standing}, number


def _by_standing(looked: Subquery) -> Select[str, str]:
    """Each standing with its search keys in one text: a thousand rows take longer to hand over."""
    written = func.aggregate_strings(cast(looked.c.search_key, Text), ",")
    return select(looked.c.standing, written).group_by(looked.c.standing)


def streams(session: Session) -> bool:
    """Whether whole words are read from the index one after another, so that one can stop at a thousand."""
    return _on_sqlite(session)


def counted(
    session: Session,
    search: Search,
    standing: Collection[str],
    most: int,
    *,
    whole: bool = False,
    common: bool = False,
) -> ColumnElement[int]:
    """How many the index has with that standing, up to one more than `most`: nothing but the index is read for it.

    With `whole` only those that say the very words, which SQLite reads one after another, so that it can stop. Of a
    `common` word PostgreSQL looks for so many among the first answers of that standing before it collects them all.
    """
    number = _number(_keys(session, search, standing, whole=whole), most)
    if common and not _on_sqlite(session):
        at, key = Revision.standing, Revision.search_key
        first = (
            select(key, Revision.folded)
            .where(at.in_(standing))
            .order_by(at, key)
            .limit(READ_TO_COUNT)
            .subquery()
        )
        part = _number(select(first.c.search_key).where(says(search, first.c.folded)), most)
        return case((part > most, most + 1), else_=number)
    return number


def _number(keys: Select[int], most: int) -> ColumnElement[int]:
    return select(func.count()).select_from(keys.limit(most + 1).subquery()).scalar_subquery()


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
    order: of many hits, those in the slices next to the place are asked for first.
    """
    if _on_sqlite(session):
        yield _found(_keys(session, search, standing))
        return
    if few:  # the bound tells PostgreSQL that going from one to the next is cheaper than reading every answer
        yield _found(_keys(session, search, standing).limit(RARE + 1))
        return
    reached = after >> _SLICE_BITS if after is not None else _SLICES - 1 if backwards else 0
    for many in SLICES_AT_ONCE:
        slices = range(reached, reached - many, -1) if backwards else range(reached, reached + many)
        within = [each for each in slices if 0 <= each < _SLICES]
        yield _found(_keys(session, search, standing, within))
        if len(within) < many:
            return
    yield _found(_keys(session, search, standing))


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


def found(session: Session, search: Search, standing: Collection[str]) -> Subquery:
    """All that the index finds with one of these standings. Column `search_key`."""
    return _keys(session, search, standing).subquery("hits")


def _found(keys: Select[int]) -> CTE:
    return keys.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def _keys(
    session: Session,
    search: Search,
    standing: Collection[str],
    slices: Collection[int] = (),
    *,
    whole: bool = False,
) -> Select[int]:
    """What the index finds with one of these standings, as search keys of revisions; SQLite with any, given none."""
    if _on_sqlite(session):
        words = " AND ".join(_matched(search, word, whole=whole) for word in search.words)
        asked = f"folded : ({words})"
        if standing:
            asked += f" AND standing : ({' OR '.join(standing)})"
        found = table("revision_words", column("rowid"))
        return select(found.c.rowid.label("search_key")).where(
            literal_column("revision_words").op("MATCH")(asked)
        )
    asked = " & ".join(_lexeme(word, standing) for word in search.words)
    if all(len(word) < min(_BEGINNINGS) for word in search.words):
        asked += f" & {_any('@', standing)}"
    if slices:
        asked += f" & {_any('#', slices)}"
    begun = [_begins(word, Revision.folded) for word in search.words if len(word) not in (1, 2, *_BEGINNINGS)]
    return select(Revision.search_key).where(_VECTOR.op("@@")(cast(asked, TSQUERY)), *begun)


def _matched(search: Search, word: str, *, whole: bool) -> str:
    """A word as SQLite is asked for it."""
    if whole or not _opens(word):
        return f'"{word}"'
    begun = search.spelt_out.get(word, ())
    return _one_of(begun) if begun else f'"{word}"*'


def _one_of(words: Collection[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f"({' OR '.join(quoted)})"


def _lexeme(word: str, standing: Collection[str]) -> str:
    """A word as PostgreSQL is asked for it: by the longest beginning that is indexed, which may find too many."""
    indexed = next((word[:long] for long in _BEGINNINGS if len(word) >= long), None)
    if indexed:
        return _any(f"^{indexed}@", standing)
    return f"'{word}':*" if _opens(word) else f"'{word}'"


def _any(sign: str, places: Collection[object]) -> str:
    lexemes = [f"'{sign}{place}'" for place in places]
    return f"({' | '.join(lexemes)})"


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _begins(word: str, folded: Folded) -> ColumnElement[bool]:
    """The same said without an index: the folded text is words with a space between them."""
    text = literal(" ") + func.replace(folded, "_", " ") + literal(" ")
    return text.like(f"% {word}%" if _opens(word) else f"% {word} %")


def _opens(word: str) -> bool:
    """Whether the word may be the beginning of a longer one: not a single letter of an alphabet."""
    return len(word) > 1 or word >= "\u2e80"
