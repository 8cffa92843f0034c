"""What somebody works through: which answers a pile has, said as conditions."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.moderation.enums import HintKind
from consult.moderation.hints.queries import has_duplicates, has_hint, is_like
from consult.moderation.queries.reading import Reading
from consult.moderation.queries.searching import SHOWN, Search
from consult.moderation.queries.seconding import waits_for
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision

Kept = TypeVar("Kept")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Pile:
    """Which answers somebody works through: those of some meetings, in one state, with what the filters ask."""

    consultation: Consultation
    meeting_ids: Collection[str]
    state: AnswerState
    question_id: str | None = None
    language: str | None = None
    attribution: Attribution | None = None
    source: Source | None = None
    hinted: bool = False
    """Only what has a hint, of `hint_kinds` where there are any."""
    hint_kinds: tuple[HintKind, ...] = ()
    repeated: bool = False
    """Only what others gave as well, or nearly."""
    like: str | None = None
    """Only what is like that answer, itself among it."""
    second_by: str | None = None
    """Only what somebody else approved, so that this person can give the second approval."""
    search: Search | None = None
    also: tuple[ColumnElement[bool], ...] = ()
    """Further conditions on Revision, from nouns above this one."""
    way: list[Any] = field(default_factory=list, compare=False, repr=False)
    """How the search is carried out, once that is known: see `counting.way_of`."""
    few: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)
    """The few answers that a filter leaves, once that is known: see `counting.few_of`."""

    def conditions(self, *, hidden: bool = False) -> list[ColumnElement[bool]]:
        """On Answer, and behind the first on what `joined` brings along.

        With `hidden` on values that no index knows, where SQLite would begin with the queue instead of the words.
        """
        return [*self.queued(hidden=hidden), *self.filtered(hidden=hidden)]

    def queued(self, *, hidden: bool = False) -> list[ColumnElement[bool]]:
        """What an answer's own row tells of consultation, state and meeting. On Answer."""
        return [as_value(Answer.state, hidden=hidden) == self.state, *self.held(hidden=hidden)]

    def held(self, *, hidden: bool = False) -> list[ColumnElement[bool]]:
        """The same in any state."""
        return [
            as_value(Answer.consultation_id, hidden=hidden) == self.consultation.id,
            as_value(Answer.meeting_id, hidden=hidden).in_(self.meeting_ids),
            Answer.released.is_(True),
        ]

    def place_of(self, found: Reading) -> tuple[int, str]:
        """Where an answer stands in the list; a search and `ordered_by` go by the key of the words. All are random."""
        by_words = self.search is not None or self.ordered_by is not None
        return (found.revision.search_key if by_words else found.answer.shuffle_key), found.answer.id

    def filtered(self, *, hidden: bool = False) -> list[ColumnElement[bool]]:
        """All but consultation, state, meetings and search."""
        conditions: list[ColumnElement[bool]] = []
        if self.question_id is not None:
            conditions.append(as_value(Answer.question_id, hidden=hidden) == self.question_id)
        if self.language is not None:
            conditions.append(Revision.language == self.language)
        if self.attribution is not None:
            conditions.append(Revision.attribution == self.attribution)
        if self.source is not None:
            conditions.append(as_value(Response.source, hidden=hidden) == self.source)
        if self.hinted:
            conditions.append(has_hint(self.hint_kinds))
        if self.repeated:
            conditions.append(has_duplicates(self.meeting_ids))
        if self.like is not None:
            conditions.append(is_like(self.like, self.meeting_ids))
        if self.second_by is not None:
            conditions.append(waits_for(self.second_by))
        return conditions + list(self.also)

    @property
    def ordered_by(self) -> ColumnElement[bool] | None:
        """The one filter beside state and meeting, if its index has the answers in order: those of search keys."""
        asked = (self.question_id, self.language, self.attribution, self.source, self.like, self.search)
        more = self.hinted or self.repeated or self.also or self.second_by is not None
        if more or sum(each is not None for each in asked) != 1:
            return None
        if self.language is not None:
            return Revision.language == self.language
        return Revision.attribution == self.attribution if self.attribution is not None else None

    @property
    def reads_words(self) -> bool:
        """Whether a filter looks at more than the answer's own row."""
        return bool(self.reads_response or self.search) or self.reads_revision

    @property
    def reads_revision(self) -> bool:
        """Whether a filter other than the search looks at the words or what goes with them."""
        return bool(self.hinted or self.also) or self.language is not None or self.attribution is not None

    @property
    def is_indexed(self) -> bool:
        """Whether the index of words knows all that is asked beside the words: state and meetings."""
        narrowed = self.reads_response or self.reads_revision or self.repeated or self.second_by is not None
        return not narrowed and self.question_id is None and self.like is None

    @property
    def is_plain(self) -> bool:
        """Whether state and meeting are all that is asked."""
        return self.is_indexed and self.search is None

    @property
    def reads_response(self) -> bool:
        return self.source is not None

    @property
    def states(self) -> tuple[AnswerState, ...]:
        """Those in which anything can pass."""
        return SHOWN if self.second_by is None else (AnswerState.WAITING,)

    def to_second(self, user_id: str | None) -> "Pile":
        """The same filters, of what waits for that person's second approval, or not minding it."""
        return replace(self, second_by=user_id, few={})

    def in_state(self, state: AnswerState) -> "Pile":
        """The same filters in another state."""
        return replace(self, state=state)


def joined(statement: Select[*Columns], pile: Pile) -> Select[*Columns]:
    """The statement on Answer with what the filters and the search need joined to it."""
    if pile.reads_words:
        statement = statement.join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
    if pile.reads_response:
        statement = statement.join(Response, Response.id == Answer.response_id)
    return statement


def as_value(column: InstrumentedAttribute[Kept], *, hidden: bool) -> ColumnElement[Kept]:
    return func.coalesce(column, "") if hidden else cast(ColumnElement[Kept], column)


def hidden_from_indexes(session: Session) -> bool:
    """Whether columns are to be hidden from their indexes: SQLite, without statistics, begins with the queue."""
    return session.get_bind().dialect.name == "sqlite"
