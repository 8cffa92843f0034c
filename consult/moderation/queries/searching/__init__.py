"""Searching the words of answers, with one meaning on both databases.

Every word that is sought must begin a word of the answer; both are folded, so accents, ł and case do not matter and a
Chinese run is found by its pairs of characters. A single letter must be a whole word.
"""

from sqlalchemy.orm import Session

from consult.moderation.queries.searching.index import Hits, Index
from consult.moderation.queries.searching.postgresql import PostgresqlIndex
from consult.moderation.queries.searching.sqlite import SqliteIndex
from consult.moderation.queries.searching.words import (
    LONGEST_SEARCH,
    SHOWN,
    Search,
    says,
    searched,
    share_of,
    standing_as,
)

__all__ = [
    "LONGEST_SEARCH",
    "SHOWN",
    "Hits",
    "Index",
    "Search",
    "index_of",
    "says",
    "searched",
    "share_of",
    "standing_as",
]


def index_of(session: Session) -> Index:
    """The index of words of the session's database."""
    return (SqliteIndex if session.get_bind().dialect.name == "sqlite" else PostgresqlIndex)(session)
