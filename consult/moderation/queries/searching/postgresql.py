"""PostgreSQL's index of words, GIN: it has no order, and hands out nothing before it has collected everything.

So it is asked for little at a time: for beginnings of words with a standing, and for slices of the search keys.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import CTE, ColumnElement, Select, case, cast, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from consult.moderation.queries.searching import thresholds
from consult.moderation.queries.searching.index import Hits, Index, by_standing, number_of
from consult.moderation.queries.searching.words import Search, begins, opens, says
from consult.responses.models import Revision

_SLICES, _SLICE_BITS = 256, 55
_VECTOR: ColumnElement[str] = literal_column(
    "(to_tsvector('simple', revision.folded) || placed_words(revision.folded, coalesce(revision.standing, '')) || "
    "array_to_tsvector(ARRAY['#' || (revision.search_key >> 55)::text, '@' || coalesce(revision.standing, '')]))"
)
"""As migration 0026 indexes it. No folded word begins with the sign of a slice, of a beginning or of a standing."""
_BEGINNINGS = (8, 5, 3)
"""So many letters of a word are indexed as its beginning, each with a standing: one list has all that a count needs."""


class PostgresqlIndex(Index):
    """See above."""

    streams = False

    def spelt_out(self, search: Search) -> Search:
        """Nothing is asked: beginnings are indexed."""
        return search

    def how_many(self, search: Search) -> int | None:
        return None

    def looked_up(self, search: Search, standing: Collection[str]) -> tuple[Hits | None, int]:
        kept = thresholds.RARE
        looked = _keys(search, standing).add_columns(Revision.standing).limit(kept + 1).subquery()
        rows = self.session.execute(by_standing(looked)).all()
        number = sum(listed.count(",") + 1 for _place, listed in rows)
        return Hits(dict(rows)) if number <= kept else None, number

    def counted(
        self,
        search: Search,
        standing: Collection[str],
        most: int,
        *,
        whole: bool = False,
        common: bool = False,
    ) -> ColumnElement[int]:
        """Of a `common` word it looks for so many among the first answers of that standing before it collects all."""
        number = number_of(_keys(search, standing), most)
        if not common:
            return number
        at, key = Revision.standing, Revision.search_key
        of_the_standing = select(key, Revision.folded).where(at.in_(standing)).order_by(at, key)
        first = of_the_standing.limit(thresholds.READ_TO_COUNT).subquery()
        part = number_of(select(first.c.search_key).where(says(search, first.c.folded)), most)
        return case((part > most, most + 1), else_=number)

    def in_order(
        self, search: Search, *, standing: Collection[str], few: bool, after: int | None, backwards: bool
    ) -> Iterator[CTE]:
        """Of many hits, those in the slices next to the place are asked for first."""
        if (
            few
        ):  # the bound tells PostgreSQL that going from one to the next is cheaper than reading every answer
            yield _at_once(_keys(search, standing).limit(thresholds.RARE + 1))
            return
        reached = after >> _SLICE_BITS if after is not None else _SLICES - 1 if backwards else 0
        for many in thresholds.SLICES_AT_ONCE:
            slices = range(reached, reached - many, -1) if backwards else range(reached, reached + many)
            within = [each for each in slices if 0 <= each < _SLICES]
            yield _at_once(_keys(search, standing, within))
            if len(within) < many:
                return
        yield _at_once(_keys(search, standing))

    def along_the_keys(self, search: Search, *, after: int | None, backwards: bool) -> Iterator[CTE]:
        """PostgreSQL takes it that hardly any say it, and without a bound round them would begin with all that do."""
        key = Revision.search_key
        for many in thresholds.ALONG_AT_ONCE:
            next_ones = select(key, Revision.folded).order_by(key.desc() if backwards else key).limit(many)
            if after is not None:
                next_ones = next_ones.where(key <= after if backwards else key >= after)
            each = next_ones.subquery()
            yield _at_once(select(each.c.search_key).where(says(search, each.c.folded)))

    def keys(self, search: Search, standing: Collection[str]) -> Select[int]:
        return _keys(search, standing)


def _at_once(keys: Select[int]) -> CTE:
    return keys.cte("found").prefix_with("MATERIALIZED")


def _keys(search: Search, standing: Collection[str], slices: Collection[int] = ()) -> Select[int]:
    """What the index finds with one of these standings, as search keys of revisions."""
    asked = " & ".join(_lexeme(word, standing) for word in search.words)
    if all(len(word) < min(_BEGINNINGS) for word in search.words):
        asked += f" & {_any('@', standing)}"
    if slices:
        asked += f" & {_any('#', slices)}"
    begun = [begins(word, Revision.folded) for word in search.words if len(word) not in (1, 2, *_BEGINNINGS)]
    return select(Revision.search_key).where(_VECTOR.op("@@")(cast(asked, TSQUERY)), *begun)


def _lexeme(word: str, standing: Collection[str]) -> str:
    """A word as it is asked for: by the longest beginning that is indexed, which may find too many."""
    indexed = next((word[:long] for long in _BEGINNINGS if len(word) >= long), None)
    if indexed:
        return _any(f"^{indexed}@", standing)
    return f"'{word}':*" if opens(word) else f"'{word}'"


def _any(sign: str, places: Collection[object]) -> str:
    lexemes = [f"'{sign}{place}'" for place in places]
    return f"({' | '.join(lexemes)})"
