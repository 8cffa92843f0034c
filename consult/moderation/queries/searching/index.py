"""What a search asks of an index of words, whichever database keeps it."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, Subquery, Text, cast, func, select
from sqlalchemy.orm import Session

from consult.moderation.queries.searching.words import Search


@dataclass(frozen=True)
class Hits:
    """All that was found. Keys are read only where they are asked for: a thousand of them take a while."""

    listed: Mapping[str, str]
    """Standing → search keys with commas between them. A standing with which nothing was found is missing."""

    def number(self, standing: Collection[str]) -> int:
        """How many with one of these."""
        return sum(self.listed[place].count(",") + 1 for place in standing if place in self.listed)

    def keys(self, standing: Collection[str]) -> list[int]:
        """The search keys with one of these, in order."""
        found = (self.listed[place].split(",") for place in standing if place in self.listed)
        return sorted(int(key) for keys in found for key in keys)


class Index(ABC):
    """The index of the words of answers. It knows their search keys and standings as well."""

    streams: bool
    """Whether whole words are read from it one after another, so that one can stop at a thousand."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @abstractmethod
    def spelt_out(self, search: Search) -> Search:
        """The same with the words of the index that each of its words begins, where that is of use. One query."""

    @abstractmethod
    def how_many(self, search: Search) -> int | None:
        """How many it finds, up to one more than MANY; None where it tells that only by collecting them all."""

    @abstractmethod
    def looked_up(self, search: Search, standing: Collection[str]) -> tuple[Hits | None, int]:
        """All that is found; None where that is more than is kept. And how many, at least up to one more than that.

        What has none of the standings need not be among it.
        """

    @abstractmethod
    def counted(
        self,
        search: Search,
        standing: Collection[str],
        most: int,
        *,
        whole: bool = False,
        common: bool = False,
    ) -> ColumnElement[int]:
        """How many it has with one of these standings, up to one more than `most`: nothing else is read for it.

        With `whole` only those that say the very words. `common` tells that very many are expected.
        """

    @abstractmethod
    def in_order(
        self, search: Search, *, standing: Collection[str], few: bool, after: int | None, backwards: bool
    ) -> Iterator[CTE]:
        """What it finds from that search key on, each time more of it, until it is all. Column `search_key`."""

    @abstractmethod
    def along_the_keys(self, search: Search, *, after: int | None, backwards: bool) -> Iterator[CTE]:
        """Those of the next revisions that say it, first of few, then of more. There may be others behind them."""

    @abstractmethod
    def keys(self, search: Search, standing: Collection[str]) -> Select[int]:
        """All that it finds with one of these standings, which are of one state. Column `search_key`."""

    def found(self, search: Search, standing: Collection[str]) -> Subquery:
        """The same, to be joined to."""
        return self.keys(search, standing).subquery("hits")

    def first_of(
        self,
        search: Search,
        standing: Collection[str],
        most: int,
        *,
        after: int | None = None,
        backwards: bool = False,
    ) -> Select[int]:
        """The first so many of them from that search key on."""
        keys = self.keys(search, standing)
        key = keys.selected_columns.search_key
        if after is not None:
            keys = keys.where(key <= after if backwards else key >= after)
        return keys.order_by(key.desc() if backwards else key).limit(most)


def number_of(keys: Select[int], most: int) -> ScalarSelect[int]:
    """How many there are, up to one more than `most`."""
    return select(func.count()).select_from(keys.limit(most + 1).subquery()).scalar_subquery()


def by_standing(looked: Subquery) -> Select[str, str]:
    """Each standing with its search keys in one text: a thousand rows take longer to hand over."""
    written = func.aggregate_strings(cast(looked.c.search_key, Text), ",")
    return select(looked.c.standing, written).group_by(looked.c.standing)
