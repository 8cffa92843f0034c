"""SQLite's index of words, FTS5: read in the order of the search keys, and only as far as somebody asks.

It collects a beginning, though, before it hands out the first answer whose word begins so. Beginnings are therefore
asked for as the few words that begin so, which its vocabulary tells.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    TableClause,
    Text,
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

from consult.meetings.models import Meeting
from consult.moderation.queries.searching import thresholds
from consult.moderation.queries.searching.index import Hits, Index, by_standing, number_of
from consult.moderation.queries.searching.words import SHOWN, Search, opens
from consult.responses.models import Revision

_INDEXES = {state: table(f"revision_words_{state}", column("rowid")) for state in SHOWN}
"""Of each state by itself: in one of all a thousand rejected lie far apart."""
_VOCABULARIES = [table(f"revision_words_{state}_vocabulary", column("term", Text)) for state in SHOWN]
_BEHIND_A_WORD, _BEHIND_ITS_LETTERS = "\x01", "\U0010ffff"
_WHOLE = "whole"


class SqliteIndex(Index):
    """See above."""

    streams = True

    def spelt_out(self, search: Search) -> Search:
        """It goes from one word of the index to the next, and reads nothing of who says them."""
        sought = union_all(*(select(literal(word).label("word")) for word in search.words)).subquery()
        begun = select(
            sought.c.word, _next_word(sought.c.word, sought.c.word).label("term"), literal(1).label("number")
        ).cte("begun", recursive=True)
        further = _next_word(begun.c.term.concat(_BEHIND_A_WORD), begun.c.word)
        begun = begun.union_all(
            select(begun.c.word, further, begun.c.number + 1).where(
                begun.c.term.is_not(None), begun.c.number <= thresholds.SPELT_OUT
            )
        )
        found: dict[str, list[str]] = {word: [] for word in search.words}
        listed = select(begun.c.word, begun.c.term).where(begun.c.term.is_not(None))
        for word, term in self.session.execute(listed):
            found[word].append(term)
        few = {word: tuple(terms) for word, terms in found.items() if len(terms) <= thresholds.SPELT_OUT}
        return replace(search, spelt_out=few | {word: (word,) for word in search.words if not opens(word)})

    def how_many(self, search: Search) -> int | None:
        return self.session.execute(select(number_of(_anywhere(search), thresholds.MANY))).scalar_one()

    def looked_up(self, search: Search, standing: Collection[str]) -> tuple[Hits | None, int]:
        kept = thresholds.RARE
        most = kept if search.is_spelt_out else max(kept, thresholds.MANY)
        # Asked for the meetings too, it would go through two long lists instead of one short one.
        found = _anywhere(search).limit(most + 1).cte("found").prefix_with("MATERIALIZED")
        key = found.c.search_key
        counted = select(func.count()).select_from(found).scalar_subquery()
        # Between a key and itself, so that SQLite takes the index that has the standing and not the unique one.
        at = select(key, Revision.standing).join(Revision, Revision.search_key.between(key, key))
        whole = select(literal(_WHOLE), cast(counted, Text))
        asked = by_standing(at.where(counted <= kept).subquery()).union_all(whole)
        *rows, (_place, number) = self.session.execute(asked).all()
        return Hits(dict(rows)) if int(number) <= kept else None, int(number)

    def counted(
        self,
        search: Search,
        standing: Collection[str],
        most: int,
        *,
        whole: bool = False,
        common: bool = False,
    ) -> ColumnElement[int]:
        return number_of(_keys(search, standing, whole=whole), most)

    def in_order(
        self, search: Search, *, standing: Collection[str], few: bool, after: int | None, backwards: bool
    ) -> Iterator[CTE]:
        yield _keys(search, standing).cte("found")

    def along_the_keys(self, search: Search, *, after: int | None, backwards: bool) -> Iterator[CTE]:
        yield from ()

    def keys(self, search: Search, standing: Collection[str]) -> Select[int]:
        return _keys(search, standing)


def _next_word(at: ColumnElement[str], beginning: ColumnElement[str]) -> ColumnElement[str]:
    behind = beginning.concat(_BEHIND_ITS_LETTERS)
    firsts = [
        select(each.c.term).where(each.c.term >= at, each.c.term < behind).limit(1).scalar_subquery()
        for each in _VOCABULARIES
    ]
    # The least of them; a comparison with nothing would be nothing.
    known = [func.coalesce(first, _BEHIND_ITS_LETTERS) for first in firsts]
    return func.nullif(func.min(*known), _BEHIND_ITS_LETTERS)


def _anywhere(search: Search) -> Select[int]:
    """What the indexes find in any state at any meeting, as search keys of revisions."""
    asked = _words(search)
    found = union_all(*(_matching(index, literal(asked)) for index in _INDEXES.values())).subquery()
    return select(found.c.search_key)


def _keys(search: Search, standing: Collection[str], *, whole: bool = False) -> Select[int]:
    """The same with one of these standings, which are of one state."""
    (state,) = {state for state in SHOWN for each in standing if each.startswith(state)}
    words = _words(search, whole=whole)
    at_these = f"{words} AND standing : ({' OR '.join(standing)})"
    ids = [each.removeprefix(state) for each in standing]
    others = select(Meeting.id).where(Meeting.id.not_in(ids)).correlate(None).exists()
    # Where there is no other meeting, nobody need look at which it is.
    return _matching(_INDEXES[state], case((others, at_these), else_=words))


def _matching(index: TableClause, asked: ColumnElement[str]) -> Select[int]:
    return select(index.c.rowid.label("search_key")).where(literal_column(index.name).op("MATCH")(asked))


def _words(search: Search, *, whole: bool = False) -> str:
    said = " AND ".join(_asked(search, word, whole=whole) for word in search.words)
    return f"folded : ({said})"


def _asked(search: Search, word: str, *, whole: bool) -> str:
    if whole or not opens(word):
        return f'"{word}"'
    begun = [f'"{each}"' for each in search.spelt_out.get(word, ())]
    return f"({' OR '.join(begun)})" if begun else f'"{word}"*'
