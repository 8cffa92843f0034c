"""The log of moderation: every act with who, when, why and what became of it. Never the words, never the notes.

Each act stands twice: as a decision, and with the same facts in the audit chain, which `differing` compares.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session, selectinload

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry, written
from consult.core.database import UtcDateTime
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import Decision
from consult.responses.enums import AnswerState
from consult.responses.models import Answer

ACT = "decide"
"""The audit chain's name for a decision."""
PAGE = 50
AT_ONCE = 500

Position = tuple[datetime, str]


@dataclass(frozen=True)
class LogLine:
    """One act. `kinds` are those of its redactions in the order of the text."""

    decision_id: str
    answer_id: str
    number: int
    meeting_id: str
    verdict: Verdict
    reason: RejectReason | None
    state_before: AnswerState
    state_after: AnswerState
    user_id: str
    name: str
    at: datetime
    kinds: tuple[RedactionKind, ...]
    withdrawn: bool
    """Whether the answer has been withdrawn since, so that nobody at the desk reads it any more."""

    @property
    def position(self) -> Position:
        return self.at, self.decision_id


@dataclass(frozen=True)
class LogScope:
    """Which acts: those on answers of some meetings, perhaps of one person or one verdict."""

    consultation: Consultation
    meeting_ids: Collection[str]
    user_id: str | None = None
    verdict: Verdict | None = None


def log_page(
    session: Session, scope: LogScope, *, before: Position | None = None, limit: int = PAGE
) -> list[LogLine]:
    """Up to `limit` acts before that place, the latest first. Two queries."""
    at_a_meeting = (  # a value and not a join, so that the order of the log is what gets read, from its end
        select(Answer.meeting_id)
        .where(Answer.id == Decision.answer_id, Answer.consultation_id == scope.consultation.id)
        .correlate(Decision)
        .scalar_subquery()
    )
    statement = (
        select(Decision, Answer.meeting_id, Answer.state, User.name)
        .outerjoin(Answer, Answer.id == Decision.answer_id)
        .outerjoin(User, User.id == Decision.decided_by)
        .where(at_a_meeting.in_(list(scope.meeting_ids)))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(limit)
        .options(selectinload(Decision.redactions))
    )
    if scope.user_id is not None:
        statement = statement.where(Decision.decided_by == scope.user_id)
    if scope.verdict is not None:
        statement = statement.where(Decision.verdict == scope.verdict)
    if before is not None:
        at, decision_id = before
        place = tuple_(literal(at, UtcDateTime()), literal(decision_id))
        statement = statement.where(tuple_(Decision.decided_at, Decision.id) < place)
    return [_line(*row) for row in session.execute(statement)]


def log_lines(session: Session, scope: LogScope) -> Iterator[LogLine]:
    """Every act, the latest first, read in pages."""
    reached: Position | None = None
    while lines := log_page(session, scope, before=reached, limit=AT_ONCE):
        yield from lines
        if len(lines) < AT_ONCE:
            return
        reached = lines[-1].position
        session.expunge_all()


def facts_of(decision: Decision) -> dict[str, str | int | None]:
    """A decision as the audit chain keeps it: all of it but who, which the entry names, and the note's words."""
    return {
        "decision": decision.id,
        "number": decision.number,
        "verdict": decision.verdict.value,
        "reason": decision.reason.value if decision.reason else None,
        "state_before": decision.state_before.value,
        "state_after": decision.state_after.value,
        "read_hash": decision.read_hash,
        "decided_at": decision.decided_at.isoformat(timespec="microseconds"),
        "redactions": " ".join(
            f"{span.starts}-{span.ends}-{span.kind.value}"
            for span in sorted(decision.redactions, key=lambda span: span.starts)
        ),
        "note": hashlib.sha256(f"{decision.id} {decision.note}".encode()).hexdigest()
        if decision.note
        else "",
    }


@dataclass(frozen=True)
class Differing:
    """Where decisions and the audit chain do not say the same, as identifiers of decisions."""

    changed: list[str]
    deleted: list[str]
    """In the chain and not among the decisions."""
    unrecorded: int
    """Decisions of which the chain knows nothing."""


def differing(session: Session) -> Differing:
    """Compare every decision and redaction with its entry in the audit chain."""
    changed: list[str] = []
    deleted: list[str] = []
    found = 0
    entries = session.execute(
        select(AuditEntry.subject, AuditEntry.user_id, AuditEntry.facts)
        .where(AuditEntry.act == ACT)
        .order_by(AuditEntry.number)
        .execution_options(yield_per=AT_ONCE)
    )
    for batch in entries.partitions(AT_ONCE):
        recorded = {_decision_in(facts): (subject, user, facts) for subject, user, facts in batch}
        standing = _decisions(session, recorded)
        found += len(standing)
        for decision_id, entry in recorded.items():
            decision = standing.get(decision_id)
            if decision is None:
                deleted.append(decision_id)
            elif (decision.answer_id, decision.decided_by, written(facts_of(decision))) != entry:
                changed.append(decision_id)
    total = session.scalar(select(func.count()).select_from(Decision)) or 0
    return Differing(changed, deleted, unrecorded=total - found)


def _decision_in(facts: str) -> str:
    return str(json.loads(facts).get("decision", ""))


def _decisions(session: Session, wanted: Collection[str]) -> Mapping[str, Decision]:
    rows = session.scalars(
        select(Decision)
        .where(Decision.id.in_(list(wanted)))
        .options(selectinload(Decision.redactions))
        .execution_options(populate_existing=True)
    ).all()
    return {row.id: row for row in rows}


def _line(decision: Decision, meeting_id: str, state: AnswerState, name: str) -> LogLine:
    return LogLine(
        decision_id=decision.id,
        answer_id=decision.answer_id,
        number=decision.number,
        meeting_id=meeting_id,
        verdict=decision.verdict,
        reason=decision.reason,
        state_before=decision.state_before,
        state_after=decision.state_after,
        user_id=decision.decided_by,
        name=name,
        at=decision.decided_at,
        kinds=tuple(span.kind for span in decision.redactions),
        withdrawn=state is AnswerState.WITHDRAWN,
    )
