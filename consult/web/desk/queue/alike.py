"""What the page of an answer says of those like it, and deciding on the ones that have its very words."""

from dataclasses import dataclass

from flask import request

from consult.moderation import actions
from consult.moderation.actions import Decided
from consult.moderation.enums import Verdict
from consult.moderation.hints.queries import waiting_with_the_same
from consult.moderation.queries import Reading, hold, readings
from consult.responses.enums import AnswerState
from consult.web.desk.queue.forms import DecisionForm
from consult.web.desk.queue.hints import Like, alike_sentence, others_alike
from consult.web.desk.queue.page import OPEN, QueuePage
from consult.web.guards import Scope

ALIKE = "alike"
HASH_LENGTH = 64


@dataclass(frozen=True)
class Alike:
    """How many answers are like the one shown, and on request which."""

    sentence: str
    others: list[Like]
    href: str
    listed: str
    """The address of a list of them."""
    open: bool
    same: int
    """How many others wait with its very words, permission and wording, and can be decided on with it."""


def alike(page: QueuePage, found: Reading) -> Alike | None:
    """None for an answer that is like no other."""
    group = page.around.groups.get(found.answer.id)
    if group is None:
        return None
    opened = request.args.get(ALIKE) == OPEN
    waits = found.answer.state is AnswerState.WAITING and group.identical > 1
    return Alike(
        alike_sentence(group),
        others_alike(page.scope, page.filter, found, group) if opened else [],
        page.filter.answer_url(found.answer.id, **({} if opened else {ALIKE: OPEN})) + "#alike",
        page.filter.to(like=found.answer.id).list_url(),
        opened,
        len(_same(page.scope, found.answer.id, found.revision.hash, found.number)) if waits else 0,
    )


def held_with(scope: Scope, answer_id: str, form: DecisionForm) -> list[str]:
    """The others that a form asks to decide on as well. They and the answer itself are locked."""
    read = form.read.data or ""
    asked = form.same.data and len(read) == HASH_LENGTH and read.isascii() and read.isalnum()
    others = _same(scope, answer_id, read, form.decisions_seen) if asked else []
    if others:
        hold(scope.session, [answer_id, *others])
    return others


def decide_the_same(scope: Scope, others: list[str], form: DecisionForm, verdict: Verdict) -> Decided:
    """Give the others the verdict and the redactions that an answer with their words got, each for itself."""
    found = readings(scope.session, scope.consultation, scope.meeting_ids, others)
    return actions.decide_each(
        scope.session,
        [(found.get(answer_id), form.read.data or "", form.decisions_seen) for answer_id in others],
        verdict,
        by=scope.user,
        reason=form.chosen_reason,
        note=form.note.data or "",
        redactions=form.spans.data,
    )


def _same(scope: Scope, answer_id: str, read: str, number: int) -> list[str]:
    return waiting_with_the_same(
        scope.session, scope.consultation, scope.meeting_ids, answer_id, read=read, read_number=number
    )
