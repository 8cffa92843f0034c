"""Deciding on answers."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused, StaleRead
from consult.core.text import unstorable
from consult.moderation import published
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.models import Decision, Redaction
from consult.moderation.rules import STATE_AFTER, Span, check_verdict, checked_spans
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.rules import move

__all__ = ["LONGEST_NOTE", "Span", "decide"]

LONGEST_NOTE = 2000


def decide(
    session: Session,
    answer: Answer,
    verdict: Verdict,
    *,
    read: str,
    by: User,
    reason: RejectReason | None = None,
    note: str = "",
    redactions: Sequence[Span] = (),
    read_number: int = 0,
) -> Decision:
    """Record a verdict on the words that were read, and bring the published view in line with it.

    `read` is the hash of the words and `read_number` how many decisions on them were seen. Raises StaleRead when either
    has moved on, Refused when the answer was withdrawn or may not be used, Invalid for a missing reason or bad spans.
    """
    standing = session.scalars(
        select(Answer)
        .where(Answer.id == answer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if standing.state is AnswerState.WITHDRAWN:
        raise Refused(
            "This answer was withdrawn by the person who gave it. Nothing more can be done with it."
        )
    revision = session.scalars(
        select(Revision)
        .where(Revision.answer_id == standing.id, Revision.current.is_(True))
        .execution_options(populate_existing=True)
    ).one()
    number = session.scalar(select(func.max(Decision.number)).where(Decision.answer_id == standing.id)) or 0
    if revision.hash != read:
        raise StaleRead("The words have changed since you read them. Read them again, then decide.")
    if number != read_number:
        raise StaleRead("Somebody has decided on this answer since you read it. Look at the decision first.")
    check_verdict(verdict, revision.attribution, reason, redactions)
    spans = checked_spans(revision.text or "", redactions)
    if len(note) > LONGEST_NOTE or unstorable(note):
        raise Invalid("Shorten the note to %(most)s characters.", field="note", most=LONGEST_NOTE)
    before = standing.state
    move(standing, STATE_AFTER[verdict])
    decision = Decision(
        answer_id=standing.id,
        number=number + 1,
        verdict=verdict,
        read_hash=read,
        state_before=before,
        state_after=standing.state,
        reason=reason if verdict is Verdict.REJECT else None,
        note=note,
        decided_by=by.id,
        decided_at=now(),
        redactions=[Redaction(starts=span.starts, ends=span.ends, kind=span.kind) for span in spans],
    )
    session.add(decision)
    session.flush()
    if standing.state is AnswerState.APPROVED:
        published.write(session, standing, revision, spans)
    else:
        published.remove(session, standing)
    audit.record(
        session,
        "decide",
        user_id=by.id,
        consultation_id=standing.consultation_id,
        subject=standing.id,
        verdict=verdict.value,
        reason=decision.reason.value if decision.reason else None,
        number=decision.number,
        redactions=len(spans),
    )
    return decision
