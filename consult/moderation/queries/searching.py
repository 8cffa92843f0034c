"""Searching the words of answers, with one meaning on both databases.

Every word that is sought must begin a word of the answer; both are folded, so accents, ł and case do not matter and a
Chinese run is found by its pairs of characters. A single letter must be a whole word.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, column, func, literal, literal_column, select, table
from sqlalchemy.orm import Session

from consult.core.text import fold
from consult.responses.models import Revision

LONGEST_SEARCH = 200
MOST_WORDS = 12
FEW = 20_000
"""Up to here the index lists every hit; beyond, hits are so many that reading along the queue's order finds them first."""


@dataclass(frozen=True)
class Search:
    """The words sought, folded."""

    words: tuple[str, ...]


def searched(text: str) -> Search | None:
    """What somebody typed, as words to find; None where no letter or digit is left of it."""
    words = dict.fromkeys(fold(text[:LONGEST_SEARCH]).replace("_", " ").split())
    return Search(tuple(words)[:MOST_WORDS]) if words else None


def says(session: Session, search: Search) -> ColumnElement[bool]:
    """A condition on Revision. One query, on the index, to see which way is quicker."""
    told = and_(*(_begins(word) for word in search.words))
    keys = _keys(session, search)
    counted = select(func.count()).select_from(keys.limit(FEW + 1).subquery())
    if (session.scalar(counted) or 0) > FEW:
        return told
    return Revision.search_key.in_(keys) & told


def _keys(session: Session, search: Search) -> Select[int]:
    if session.get_bind().dialect.name == "sqlite":
        words = " AND ".join(f'"{word}"{"*" if _opens(word) else ""}' for word in search.words)
        found = table("revision_words", column("rowid"))
        return select(found.c.rowid).where(literal_column("revision_words").op("MATCH")(words))
    words = " & ".join(f"'{word}'{':*' if _opens(word) else ''}" for word in search.words)
    simple: ColumnElement[str] = literal_column("'simple'")
    vector = func.to_tsvector(simple, Revision.folded)
    return select(Revision.search_key).where(vector.op("@@")(func.to_tsquery(simple, words)))


def _begins(word: str) -> ColumnElement[bool]:
    """The same said without an index: the folded text is words with a space between them."""
    text = literal(" ") + func.replace(Revision.folded, "_", " ") + literal(" ")
    return text.like(f"% {word}%" if _opens(word) else f"% {word} %")


def _opens(word: str) -> bool:
    """Whether the word may be the beginning of a longer one: not a single letter of an alphabet."""
    return len(word) > 1 or word >= "\u2e80"
