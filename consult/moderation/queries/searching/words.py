"""The words sought, what it is to say them, and how a state at a meeting is called in the index."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.core.text import fold
from consult.moderation.queries.searching import thresholds
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision

SHOWN = (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED)
"""States that a queue shows. What was withdrawn is read by nobody any more."""
Folded = ColumnElement[str] | InstrumentedAttribute[str]
LONGEST_SEARCH = 200
MOST_WORDS = 12


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
    return and_(*(begins(word, folded) for word in search.words))


def begins(word: str, folded: Folded) -> ColumnElement[bool]:
    """That the folded text, which is words with a space between them, has one that begins so."""
    text = literal(" ") + func.replace(folded, "_", " ") + literal(" ")
    return text.like(f"% {word}%" if opens(word) else f"% {word} %")


def opens(word: str) -> bool:
    """Whether the word may be the beginning of a longer one: not a single letter of an alphabet."""
    return len(word) > 1 or word >= "\u2e80"


def share_of(session: Session, search: Search, consultation_id: str) -> float:
    """Which part of the answers says it, told by a few of them; 0 where there are not even so many. A short query."""
    few = (
        select(says(search).label("said"))
        .select_from(Answer)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(Answer.consultation_id == consultation_id)
        .limit(thresholds.SAMPLE)
        .subquery()
    )
    read, found = session.execute(select(func.count(), func.count(case((few.c.said, 1))))).one()
    return found / thresholds.SAMPLE if read == thresholds.SAMPLE else 0.0


def standing_as(state: AnswerState, meeting_ids: Collection[str]) -> list[str]:
    """What the index has of answers in that state at these meetings; without any, what it has of none."""
    return [f"{state.value}{meeting_id}" for meeting_id in sorted(meeting_ids)] or [state.value]
