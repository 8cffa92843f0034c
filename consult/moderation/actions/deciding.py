"""Deciding on answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, NotFound, Refused, StaleRead
from consult.core.text import unstorable
from consult.moderation import log, published
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.models import Decision, Redaction
from consult.moderation.queries.reading import Reading
from consult.moderation.rules import (
    Span,
    check_second_approval,
    check_verdict,
    checked_spans,
    is_first_approval,
    state_after,
)
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revision
from consult.responses.rules import move

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
    held: Reading | None = None,
) -> Decision:
    """Record a verdict on the words that were read, and bring the published view in line with it.

    `read` is the hash of the words and `read_number` how many decisions on them were seen. Raises StaleRead when either
    has moved on, Refused when the answer was withdrawn or may not be used, Invalid for a missing reason or bad spans.
    Where the consultation asks for a second approval, a first one leaves the answer waiting. `held` is the answer as
    this very transaction read it under lock, where it did; else it is locked and read here.
    """
    standing, revision, last = _read(held) if held else _locked(session, answer)
    _check_unmoved(standing, revision, last, read, read_number)
    check_verdict(verdict, revision.attribution, reason, redactions)
    spans = checked_spans(revision.text or "", redactions)
    if len(note) > LONGEST_NOTE or unstorable(note):
        raise Invalid("Shorten the note to %(most)s characters.", field="note", most=LONGEST_NOTE)
    first = _standing_first(last, revision)
    approved_before = (first.decided_by, _spans_of(first)) if first else None
    second = session.get_one(Consultation, standing.consultation_id).second_approval
    if second and verdict is Verdict.APPROVE:
        check_second_approval(by.id, spans, approved_before)
    after = state_after(verdict, by.id, spans, second=second, first=approved_before)
    before = standing.state
    if before is AnswerState.APPROVED and verdict is Verdict.APPROVE:
        after = before
    waits = first is not None or (second and verdict is Verdict.APPROVE and before is AnswerState.WAITING)
    if after is not before or not waits:
        move(standing, after)
    decision = Decision(
        answer_id=standing.id,
        number=read_number + 1,
        verdict=verdict,
        read_hash=revision.mark,
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
    if before is AnswerState.APPROVED:
        published.remove(session, standing)
    if standing.state is AnswerState.APPROVED:
        published.write(session, standing, revision, spans)
    audit.record(
        session,
        log.ACT,
        user_id=by.id,
        consultation_id=standing.consultation_id,
        subject=standing.id,
        **log.facts_of(decision),
    )
    return decision


@dataclass
class Decided:
    """What came of a verdict on many answers: identifiers of those decided, and how many were left as they are."""

    done: list[str]
    stale: int = 0
    """Changed, decided on or withdrawn since they were read."""
    refused: int = 0
    """Not to be decided that way: a permission or a rule stands against it."""


def decide_each(
    session: Session,
    readings: Iterable[tuple[Reading | None, str, int]],
    verdict: Verdict,
    *,
    by: User,
    reason: RejectReason | None = None,
    note: str = "",
    redactions: Sequence[Span] | None = None,
) -> Decided:
    """Decide on each of (answer as it stands, hash read, decisions seen) for itself; one that cannot be is left.

    Without `redactions`, of words that all of them have, an answer keeps those it had. Raises Invalid for a missing
    reason or a note too long.
    """
    outcome = Decided([])
    for found, read, number in readings:
        if found is None:
            outcome.stale += 1
            continue
        kept = found.spans if redactions is None else redactions
        try:
            with session.begin_nested():
                decide(
                    session,
                    found.answer,
                    verdict,
                    read=read,
                    read_number=number,
                    by=by,
                    reason=reason,
                    note=note,
                    redactions=kept if verdict is Verdict.APPROVE else (),
                )
        except (StaleRead, NotFound):
            outcome.stale += 1
        except Refused:
            outcome.refused += 1
        else:
            outcome.done.append(found.answer.id)
    return outcome


def _locked(session: Session, answer: Answer) -> tuple[Answer, Revision, Decision | None]:
    standing = session.scalars(
        select(Answer)
        .where(Answer.id == answer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return standing, current_revision(session, standing), _last_decision(session, standing)


def _check_unmoved(
    standing: Answer, revision: Revision, last: Decision | None, read: str, read_number: int
) -> None:
    """Raises Refused for an answer that was withdrawn, StaleRead where it is not as it was read."""
    if standing.state is AnswerState.WITHDRAWN:
        raise Refused(
            "This answer was withdrawn by the person who gave it. Nothing more can be done with it."
        )
    if revision.hash != read:
        raise StaleRead("The words have changed since you read them. Read them again, then decide.")
    if (last.number if last else 0) != read_number:
        raise StaleRead("Somebody has decided on this answer since you read it. Look at the decision first.")


def _read(held: Reading) -> tuple[Answer, Revision, Decision | None]:
    return held.answer, held.revision, held.log[-1].decision if held.log else None


def _last_decision(session: Session, answer: Answer) -> Decision | None:
    return session.scalars(
        select(Decision)
        .where(Decision.answer_id == answer.id)
        .order_by(Decision.number.desc())
        .limit(1)
        .options(selectinload(Decision.redactions))
    ).first()


def _standing_first(last: Decision | None, revision: Revision) -> Decision | None:
    """The approval that waits for another person's, if one stands on these words."""
    standing = last is not None and is_first_approval(last.verdict, last.state_after)
    return last if standing and last is not None and last.read_hash == revision.mark else None


def _spans_of(decision: Decision) -> tuple[Span, ...]:
    return tuple(Span(row.starts, row.ends, row.kind) for row in decision.redactions)
