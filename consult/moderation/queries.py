"""Finding answers to moderate: scoped to meetings, in shuffled order, in a fixed number of queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, raiseload, selectinload

from consult.accounts.models import User
from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation, Wording
from consult.moderation.enums import Verdict
from consult.moderation.models import Decision
from consult.moderation.rules import Span
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision

COUNTED_UP_TO = 1000
SHOWN = (AnswerState.WAITING, AnswerState.APPROVED, AnswerState.REJECTED)
"""States that a queue shows. What was withdrawn is read by nobody any more."""

_EXCERPT = 240


@dataclass(frozen=True)
class Pile:
    """Which answers somebody works through: those of some meetings, in one state."""

    consultation: Consultation
    meeting_ids: Collection[str]
    state: AnswerState


@dataclass(frozen=True)
class QueueLine:
    """One answer in a list: enough to recognise it."""

    answer_id: str
    shuffle_key: int
    meeting_id: str
    excerpt: str
    language: str
    attribution: Attribution

    @property
    def position(self) -> tuple[int, str]:
        """Where it stands in the shuffled order."""
        return self.shuffle_key, self.answer_id


@dataclass(frozen=True)
class LoggedDecision:
    """A decision with the name of whoever took it."""

    decision: Decision
    name: str

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(Span(row.starts, row.ends, row.kind) for row in self.decision.redactions)


@dataclass(frozen=True)
class Reading:
    """One answer as a moderator reads it: its words now, the question, and every decision on it, newest last."""

    answer: Answer
    revision: Revision
    response: Response
    prompt: str
    log: tuple[LoggedDecision, ...]

    @property
    def number(self) -> int:
        """How many decisions were seen."""
        return len(self.log)

    @property
    def position(self) -> tuple[int, str]:
        return self.answer.shuffle_key, self.answer.id

    @property
    def spans(self) -> tuple[Span, ...]:
        """The redactions of the latest approval of these very words, in force or reversed."""
        approvals = [
            entry
            for entry in self.log
            if entry.decision.verdict is Verdict.APPROVE and entry.decision.read_hash == self.revision.hash
        ]
        return approvals[-1].spans if approvals else ()


def state_counts(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> dict[AnswerState, int]:
    """State → how many answers, exactly up to COUNTED_UP_TO and one above it for more. One query, never a long one."""
    bounded = [
        select(func.count())
        .select_from(
            select(literal(1).label("one"))
            .where(*_in(Pile(consultation, meeting_ids, state)))
            .limit(COUNTED_UP_TO + 1)
            .subquery()
        )
        .scalar_subquery()
        for state in SHOWN
    ]
    return dict(zip(SHOWN, session.execute(select(*bounded)).one(), strict=True))


def queue_page(
    session: Session, pile: Pile, *, after: tuple[int, str] | None, limit: int = 30, inclusive: bool = False
) -> list[QueueLine]:
    """Up to `limit` answers behind `after` (with `inclusive` from there), in shuffled order. One query."""
    position = tuple_(Answer.shuffle_key, Answer.id)
    statement = _ordered(pile).limit(limit)
    if after is not None:
        statement = statement.where(position >= after if inclusive else position > after)
    return [QueueLine(*row) for row in session.execute(statement)]


def line_before(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The answer before that place in the pile."""
    row = session.execute(
        _lines(pile)
        .where(tuple_(Answer.shuffle_key, Answer.id) < position)
        .order_by(Answer.shuffle_key.desc(), Answer.id.desc())
        .limit(1)
    ).first()
    return QueueLine(*row) if row else None


def line_after(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The answer behind that place in the pile."""
    found = queue_page(session, pile, after=position, limit=1)
    return found[0] if found else None


def next_line(session: Session, pile: Pile, position: tuple[int, str]) -> QueueLine | None:
    """The next one to work on: behind that place, else the pile's first."""
    found = line_after(session, pile, position) or next(
        iter(queue_page(session, pile, after=None, limit=1)), None
    )
    return found if found and found.position != position else None


def reading(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], answer_id: str
) -> Reading | None:
    """That answer, if it was given at one of these meetings. Three queries however often it was decided on."""
    found = session.execute(
        select(Answer, Revision, Response, Wording.source_text)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .join(Response, Response.id == Answer.response_id)
        .join(Wording, Wording.id == Revision.wording_id)
        .where(
            Answer.id == answer_id,
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
        )
        .options(raiseload("*"))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    answer, revision, response, prompt = found
    return Reading(answer, revision, response, prompt, tuple(decisions_on(session, answer.id)))


def decisions_on(session: Session, answer_id: str) -> Sequence[LoggedDecision]:
    """Every decision on an answer, in order, with its redactions and who took it. Reversed ones stay."""
    rows = session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.decided_by)
        .where(Decision.answer_id == answer_id)
        .order_by(Decision.number)
        .options(selectinload(Decision.redactions))
    )
    return [LoggedDecision(decision, name) for decision, name in rows]


def words_read(session: Session, answer: Answer, read: str) -> str | None:
    """The words of this answer that had the hash `read`, or None where they have been erased."""
    return session.scalars(
        select(Revision.text)
        .where(Revision.answer_id == answer.id, Revision.hash == read)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()


def oldest_waiting(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> datetime | None:
    """When the longest-waiting answer came in, as finely as the timing switch let it be stored, if at all."""
    oldest: datetime | None = session.execute(
        select(func.min(Response.submitted_at))
        .join(Answer, Answer.response_id == Response.id)
        .where(*_in(Pile(consultation, meeting_ids, AnswerState.WAITING)))
    ).scalar_one()
    return oldest


def _in(pile: Pile) -> list[ColumnElement[bool]]:
    return [
        Answer.consultation_id == pile.consultation.id,
        Answer.meeting_id.in_(pile.meeting_ids),
        Answer.state == pile.state,
    ]


def _lines(pile: Pile) -> Select[str, int, str, str, str, Attribution]:
    return (
        select(
            Answer.id,
            Answer.shuffle_key,
            Answer.meeting_id,
            func.substr(func.coalesce(Revision.text, ""), 1, _EXCERPT),
            Revision.language,
            Revision.attribution,
        )
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .where(*_in(pile))
    )


def _ordered(pile: Pile) -> Select[str, int, str, str, str, Attribution]:
    return _lines(pile).order_by(Answer.shuffle_key, Answer.id)
