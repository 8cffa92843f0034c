"""Reading hints and duplicates for the queue: scoped to meetings, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, cast, exists, func, null, select, tuple_
from sqlalchemy.orm import Session, aliased, raiseload

from consult.consultations.models import Consultation, GroundRules, Question, Wording
from consult.meetings.models import Meeting
from consult.moderation.enums import HintKind
from consult.moderation.hints.rules.finding import Found
from consult.moderation.hints.rules.grouping import Compared
from consult.moderation.hints.rules.people import Person, Roster, topics_in
from consult.moderation.models import Decision, Duplicate, Examination, Hint
from consult.participants.models import Participant
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision

MOST_MEMBERS = 200


@dataclass(frozen=True)
class Group:
    """Answers with the same or nearly the same words, counted over the meetings that were asked for."""

    key: str
    responses: int
    texts: int
    """Distinct texts, after folding: 1 where all are the same."""
    likeness: int
    """Percent, of this answer to the group's commonest text."""
    identical: int
    """Answers with the very words of this one, itself among them."""


@dataclass(frozen=True)
class Member:
    """One answer of a group."""

    answer_id: str
    revision_id: str
    meeting_id: str
    state: AnswerState
    text: str
    hash: str
    text_number: int
    likeness: int
    shuffle_key: int

    @property
    def position(self) -> tuple[int, int, str]:
        """Where it stands in its group."""
        return self.text_number, self.shuffle_key, self.answer_id


def has_hint(kinds: Collection[HintKind] = ()) -> ColumnElement[bool]:
    """A condition on Revision, for a queue's filter: hinted at all, or with one of those kinds."""
    found = exists().where(Hint.revision_id == Revision.id)
    return found.where(Hint.kind.in_(kinds)) if kinds else found


def hinted(kinds: Collection[HintKind] = ()) -> Select[str]:
    """The revisions with a hint, of one of those kinds if there are any; once for each."""
    found = select(Hint.revision_id)
    return found.where(Hint.kind.in_(kinds)) if kinds else found


def repeated(consultation: Consultation) -> Select[str]:
    """The answers of a consultation that are in a group, perhaps of meetings that one does not see."""
    return select(Duplicate.answer_id.label("answer_id")).where(Duplicate.consultation_id == consultation.id)


def has_duplicates(meeting_ids: Collection[str]) -> ColumnElement[bool]:
    """A condition on Answer, for a queue's filter: others at these meetings gave these words, or nearly."""
    own, other, given = aliased(Duplicate), aliased(Duplicate), aliased(Answer)
    return exists().where(
        own.answer_id == Answer.id,
        other.group_key == own.group_key,
        other.answer_id != own.answer_id,
        given.id == other.answer_id,
        *_in_view(meeting_ids, given),
    )


def is_like(answer_id: str, meeting_ids: Collection[str]) -> ColumnElement[bool]:
    """A condition on Answer, for a queue's filter: of the group of that answer, if it was given at these meetings."""
    own, given = aliased(Duplicate), aliased(Answer)
    group = (
        select(own.group_key)
        .join(given, given.id == own.answer_id)
        .where(own.answer_id == answer_id, *_in_view(meeting_ids, given))
    )
    return Answer.id.in_(select(Duplicate.answer_id).where(Duplicate.group_key.in_(group)))


def remarks(
    revision_ids: Collection[str], answer_ids: Collection[str], meeting_ids: Collection[str]
) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """The hints of revisions, and the groups of answers that have others in them, as statements to put together.

    Both have the columns key, word, and four numbers; the last is missing for a hint.
    """
    own = select(Duplicate).where(Duplicate.answer_id.in_(answer_ids)).cte("own")
    by_text = (
        select(Duplicate.group_key, Duplicate.text_number, func.count().label("number"))
        .join(Answer, Answer.id == Duplicate.answer_id)
        .where(Duplicate.group_key.in_(select(own.c.group_key)), *_in_view(meeting_ids))
        .group_by(Duplicate.group_key, Duplicate.text_number)
        .cte("by_text")
    )
    by_group = (
        select(by_text.c.group_key, func.sum(by_text.c.number).label("all"), func.count().label("texts"))
        .group_by(by_text.c.group_key)
        .having(func.sum(by_text.c.number) > 1)
        .cte("by_group")
    )
    same = (by_text.c.group_key == own.c.group_key) & (by_text.c.text_number == own.c.text_number)
    nothing = cast(null(), Integer)
    hints = select(Hint.revision_id, cast(Hint.kind, String), Hint.starts, Hint.ends, nothing, nothing)
    groups = (
        select(
            own.c.answer_id,
            own.c.group_key,
            cast(by_group.c.all, Integer),
            cast(by_group.c.texts, Integer),
            own.c.likeness,
            cast(func.coalesce(by_text.c.number, 0), Integer),
        )
        .join(by_group, by_group.c.group_key == own.c.group_key)
        .outerjoin(by_text, same)
    )
    return hints.where(Hint.revision_id.in_(revision_ids)), groups


def remarks_in(rows: Iterable[Sequence[Any]]) -> tuple[dict[str, list[Found]], dict[str, Group]]:
    """Revision → its hints in order, and answer → its group, from the rows of `remarks`."""
    hints: dict[str, list[Found]] = {}
    groups: dict[str, Group] = {}
    for key, word, first, second, likeness, identical in rows:
        if identical is None:
            hints.setdefault(key, []).append(Found(first, second, HintKind(word)))
        else:
            groups[key] = Group(word, first, second, likeness, identical)
    return {key: sorted(found) for key, found in hints.items()}, groups


def _in_view(meeting_ids: Collection[str], given: type[Answer] = Answer) -> tuple[ColumnElement[bool], ...]:
    """Answers that a queue of these meetings may show: neither withdrawn nor held back for a batch.

    The meeting is a value that no index knows: SQLite would begin with every answer instead of with the group.
    """
    return (
        func.coalesce(given.meeting_id, "").in_(meeting_ids),
        given.released.is_(True),
        given.state != AnswerState.WITHDRAWN,
    )


def members(
    session: Session,
    consultation: Consultation,
    meeting_ids: Collection[str],
    group_key: str,
    *,
    like: str | None = None,
    after: tuple[int, int, str] | None = None,
    limit: int = MOST_MEMBERS,
) -> Sequence[Member]:
    """A group's answers at these meetings, the commonest text first. `like` an answer: only those with its very words.

    `after` is the position of the last one seen.
    """
    place = (Duplicate.text_number, Answer.shuffle_key, Answer.id)
    found = (
        select(Answer, Revision, Duplicate.text_number, Duplicate.likeness)
        .join(Duplicate, Duplicate.answer_id == Answer.id)
        .join(Revision, Revision.id == Duplicate.revision_id)
        .where(
            Duplicate.group_key == group_key,
            Duplicate.consultation_id == consultation.id,
            *_in_view(meeting_ids),
        )
        .order_by(*place)
        .limit(limit)
        .options(raiseload("*"))
    )
    if like is not None:
        number = select(Duplicate.text_number).where(Duplicate.answer_id == like).scalar_subquery()
        found = found.where(Duplicate.text_number == number)
    if after is not None:
        found = found.where(tuple_(*place) > after)
    return [
        Member(
            answer_id=answer.id,
            revision_id=revision.id,
            meeting_id=answer.meeting_id,
            state=answer.state,
            text=revision.text or "",
            hash=revision.hash,
            text_number=number,
            likeness=likeness,
            shuffle_key=answer.shuffle_key,
        )
        for answer, revision, number, likeness in session.execute(found)
    ]


def waiting_with_the_same(
    session: Session,
    consultation: Consultation,
    meeting_ids: Collection[str],
    answer_id: str,
    *,
    read: str,
    read_number: int,
    limit: int = MOST_MEMBERS,
) -> list[str]:
    """The others that wait with the very words, choices, permission and wording hashed in `read`, as often decided on.

    Whoever reads that answer has therefore read them. Of its group of duplicates alone, at these meetings.
    """
    own, decided = aliased(Duplicate), func.count(Decision.id)
    group = select(own.group_key).where(own.answer_id == answer_id)
    number = select(own.text_number).where(own.answer_id == answer_id)
    seen = select(decided).where(Decision.answer_id == Answer.id).correlate(Answer).scalar_subquery()
    return list(
        session.scalars(
            select(Duplicate.answer_id)
            .join(Answer, Answer.id == Duplicate.answer_id)
            .join(Revision, (Revision.id == Duplicate.revision_id) & Revision.current.is_(True))
            .where(
                Duplicate.group_key == group.scalar_subquery(),
                Duplicate.text_number == number.scalar_subquery(),
                Duplicate.consultation_id == consultation.id,
                Duplicate.answer_id != answer_id,
                Answer.state == AnswerState.WAITING,
                Revision.hash == read,
                seen == read_number,
                *_in_view(meeting_ids),
            )
            .order_by(Duplicate.answer_id)
            .limit(limit)
        )
    )


def roster_of(session: Session, consultation: Consultation) -> Roster:
    """The words of everybody on the roster, ready for matching. Three queries."""
    people = session.execute(
        select(
            Participant.name,
            Participant.email,
            Participant.country,
            Participant.organisation,
            Participant.role,
            Participant.role_label,
            Participant.sector,
        )
        .where(Participant.consultation_id == consultation.id)
        .order_by(Participant.id)
    )
    smallest = session.scalar(
        select(GroundRules.smallest_group)
        .where(GroundRules.consultation_id == consultation.id)
        .order_by(GroundRules.version.desc())
        .limit(1)
    )
    return Roster(
        people=tuple(Person(*row) for row in people),
        topics=topics_in(_said_by_the_consultation(session, consultation)),
        smallest_group=smallest or Roster.smallest_group,
    )


def _said_by_the_consultation(session: Session, consultation: Consultation) -> Iterator[str]:
    yield from (consultation.title, consultation.event)
    yield from session.scalars(select(Meeting.title).where(Meeting.consultation_id == consultation.id))
    for prompt in session.scalars(
        select(Wording.prompt).join(Question).where(Question.consultation_id == consultation.id)
    ):
        yield from prompt.values()


def uncompared(session: Session) -> Sequence[tuple[str, int]]:
    """(consultation id, value of `changes`) where answers have come in since duplicates were last sought."""
    return session.execute(
        select(Examination.consultation_id, Examination.changes)
        .where(Examination.changes != Examination.compared)
        .order_by(Examination.consultation_id)
    ).all()


def answers_to_compare(session: Session, consultation_id: str) -> Iterator[Compared]:
    """Every answer's folded words, but for those withdrawn."""
    rows = session.execute(
        select(Answer.question_id, Answer.id, Revision.id, Revision.folded)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(
            Answer.consultation_id == consultation_id,
            Answer.state != AnswerState.WITHDRAWN,
            Revision.text.is_not(None),
        )
        .execution_options(yield_per=2000)
    )
    return (Compared(*row) for row in rows)


def how_many_to_compare(session: Session, consultation_id: str, *, up_to: int) -> int:
    """How many answers there are, exactly up to a bound and one above it for more."""
    bounded = select(Answer.id).where(Answer.consultation_id == consultation_id).limit(up_to + 1).subquery()
    return session.scalar(select(func.count()).select_from(bounded)) or 0
