"""One answer as a moderator reads it, with everything that was decided on it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from consult.accounts.models import User
from consult.consultations.models import Consultation, Wording
from consult.moderation.enums import Verdict
from consult.moderation.models import Decision
from consult.moderation.rules import Span, is_first_approval
from consult.responses.models import Answer, Response, Revision


@dataclass(frozen=True)
class LoggedDecision:
    """A decision with the name of whoever took it."""

    decision: Decision
    name: str

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(Span(row.starts, row.ends, row.kind) for row in self.decision.redactions)

    @property
    def first_of_two(self) -> bool:
        """Whether it was an approval that waits for another person's."""
        return is_first_approval(self.decision.verdict, self.decision.state_after)


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
    def spans(self) -> tuple[Span, ...]:
        """The redactions of the latest approval of these very words, in force or reversed."""
        approvals = [
            entry
            for entry in self.log
            if entry.decision.verdict is Verdict.APPROVE and entry.decision.read_hash == self.revision.mark
        ]
        return approvals[-1].spans if approvals else ()

    @property
    def first_approval(self) -> LoggedDecision | None:
        """The approval of these very words that waits for another person's."""
        last = self.log[-1] if self.log else None
        stands = last is not None and last.first_of_two and last.decision.read_hash == self.revision.mark
        return last if stands else None


def reading(
    session: Session,
    consultation: Consultation,
    meeting_ids: Collection[str],
    answer_id: str,
    *,
    held: bool = False,
) -> Reading | None:
    """That answer, if it was given at one of these meetings. One query however often it was decided on.

    `held` first locks it until the transaction ends, so that what is read stays so.
    """
    if held:
        hold(session, [answer_id])
    return readings(session, consultation, meeting_ids, [answer_id]).get(answer_id)


def hold(session: Session, answer_ids: Collection[str]) -> None:
    """Lock answers until the transaction ends, in the queue's order, so that no two wait for each other in a ring.

    SQLite has one writer at a time, who needs no lock.
    """
    if session.get_bind().dialect.name != "sqlite":
        standing = select(Answer.id).where(Answer.id.in_(answer_ids))
        session.execute(standing.order_by(Answer.shuffle_key, Answer.id).with_for_update())


def readings(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], answer_ids: Collection[str]
) -> dict[str, Reading]:
    """Identifier → answer, for those given at one of these meetings that the desk sees. One query for any number."""
    rows = session.execute(
        select(Answer, Revision, Response, Wording.source_text, Decision, User.name)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current.is_(True))
        .join(Response, Response.id == Answer.response_id)
        .join(Wording, Wording.id == Revision.wording_id)
        .outerjoin(Decision, Decision.answer_id == Answer.id)
        .outerjoin(User, User.id == Decision.decided_by)
        .where(
            Answer.id.in_(answer_ids),
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
            Answer.released.is_(True),
        )
        .order_by(Answer.id, Decision.number)
        .options(joinedload(Decision.redactions), raiseload("*"))
        .execution_options(populate_existing=True)
    ).unique()
    found: dict[str, tuple[Answer, Revision, Response, str]] = {}
    logs: dict[str, list[LoggedDecision]] = {}
    for answer, revision, response, prompt, decision, name in rows:
        found[answer.id] = answer, revision, response, prompt
        log = logs.setdefault(answer.id, [])
        if decision is not None:
            log.append(LoggedDecision(decision, name))
    return {answer_id: Reading(*row, tuple(logs[answer_id])) for answer_id, row in found.items()}


def words_read(session: Session, answer: Answer, read: str) -> str | None:
    """The words of this answer that had the hash `read`, or None where they have been erased."""
    return session.scalars(
        select(Revision.text)
        .where(Revision.answer_id == answer.id, Revision.hash == read)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()


def words_before(session: Session, revision: Revision) -> str | None:
    """What its author had written before these words, where they were changed and the mode keeps the earlier ones."""
    if revision.number == 1:
        return None
    return session.scalars(
        select(Revision.text)
        .where(Revision.answer_id == revision.answer_id, Revision.number < revision.number)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()
