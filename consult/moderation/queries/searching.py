"""Searching the words of answers, with one meaning on both databases.

Every word that is sought must begin a word of the answer; both are folded, so accents, ł and case do not matter and a
Chinese run is found by its pairs of characters. A single letter must be a whole word.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from consult.core.text import fold
from consult.responses.models import Answer, Revision

LONGEST_SEARCH = 200
MOST_WORDS = 12
HITS_COUNTED = 15_000
"""So many hits of the index are looked at to count them by state."""
FEW = 5_000
"""Up to so many hits a page is put together from them; with more of them, reading along the queue is sooner done."""
FEW_AT_ONCE = 15_000
"""The same on PostgreSQL, which fetches them together."""
SAMPLE, COMMON = 200, 0.2
"""A word in a fifth of so many answers is too common for the index to be of use."""


@dataclass(frozen=True)
class Search:
    """The words sought, folded."""

    words: tuple[str, ...]


def searched(text: str) -> Search | None:
    """What somebody typed, as words to find; None where no letter or digit is left of it."""
    words = dict.fromkeys(fold(text[:LONGEST_SEARCH]).replace("_", " ").split())
    return Search(tuple(words)[:MOST_WORDS]) if words else None


def says(search: Search) -> ColumnElement[bool]:
    """The condition on Revision, said without an index."""
    return and_(*(_begins(word) for word in search.words))


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


def hits(session: Session, search: Search) -> Subquery:
    """What the index finds, of whatever consultation, cut off behind HITS_COUNTED. Its column is `search_key`."""
    return keys(session, search).limit(HITS_COUNTED + 1).subquery("hits")


def keys(session: Session, search: Search) -> Select[int]:
    """What the index finds, as search keys of revisions."""
    if session.get_bind().dialect.name == "sqlite":
        words = " AND ".join(f'"{word}"{"*" if _opens(word) else ""}' for word in search.words)
        found = table("revision_words", column("rowid"))
        return select(found.c.rowid.label("search_key")).where(
            literal_column("revision_words").op("MATCH")(words)
        )
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
