"""The log of moderation: complete, in order, within its scope, and without a word of anybody."""

from datetime import timedelta

import time_machine
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.clock import now
from consult.meetings.models import Asking
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.log import LogScope, log_lines, log_page
from consult.moderation.models import Decision
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer


def given(
    session: Session,
    world: World,
    verdict: Verdict,
    *,
    by: User,
    asking: Asking | None = None,
    **facts: object,
) -> Decision:
    """An act on an answer of its own."""
    answer = make_answer(session, world.consultation, world.rules, asking or world.asking)
    read = current_revision(session, answer).hash
    return decide(session, answer, verdict, read=read, by=by, **facts)  # type: ignore[arg-type]


def everywhere(world: World, **facts: object) -> LogScope:
    return LogScope(world.consultation, [world.october.id, world.may.id], **facts)  # type: ignore[arg-type]


def test_an_act_says_who_when_why_and_what_became_of_it(session: Session, world: World) -> None:
    spans = [Span(2, 10, RedactionKind.PLACE_OR_TIME), Span(0, 1, RedactionKind.AFFILIATION)]
    act = given(session, world, Verdict.APPROVE, by=world.director, redactions=spans, note="Zawisza")
    back = decide(
        session,
        session.get_one(Answer, act.answer_id),
        Verdict.REJECT,
        read=current_revision(session, session.get_one(Answer, act.answer_id)).hash,
        read_number=1,
        by=world.second_director,
        reason=RejectReason.SENSITIVE,
    )
    later, first = log_page(session, everywhere(world))
    assert (later.decision_id, first.decision_id) == (back.id, act.id)
    assert (first.verdict, first.reason, first.name) == (Verdict.APPROVE, None, "Director")
    assert (first.state_before, first.state_after) == (AnswerState.WAITING, AnswerState.APPROVED)
    assert first.kinds == (RedactionKind.AFFILIATION, RedactionKind.PLACE_OR_TIME)
    assert (later.reason, later.name, later.number) == (RejectReason.SENSITIVE, "Second director", 2)
    assert (later.state_before, later.state_after) == (AnswerState.APPROVED, AnswerState.REJECTED)
    assert first.meeting_id == world.october.id
    assert "Zawisza" not in repr((first, later))
    assert "channel" not in repr((first, later))


def test_it_keeps_to_its_meetings_people_and_verdicts(session: Session, world: World) -> None:
    october = given(session, world, Verdict.APPROVE, by=world.director)
    may = given(
        session, world, Verdict.APPROVE, by=world.second_director, asking=world.askings[world.may.id][0]
    )
    rejected = given(session, world, Verdict.REJECT, by=world.director, reason=RejectReason.OTHER)

    def ids(scope: LogScope) -> set[str]:
        return {line.decision_id for line in log_page(session, scope)}

    assert ids(everywhere(world)) == {october.id, may.id, rejected.id}
    assert ids(LogScope(world.consultation, [world.october.id])) == {october.id, rejected.id}
    assert ids(LogScope(world.elsewhere, [world.october.id, world.may.id])) == set()
    assert ids(everywhere(world, user_id=world.second_director.id)) == {may.id}
    assert ids(everywhere(world, verdict=Verdict.REJECT)) == {rejected.id}


def test_pages_follow_each_other_even_where_acts_share_an_instant(session: Session, world: World) -> None:
    moment = now()
    with time_machine.travel(moment, tick=False):
        acts = [given(session, world, Verdict.APPROVE, by=world.director) for _ in range(4)]
    with time_machine.travel(moment + timedelta(seconds=1), tick=False):
        acts.append(given(session, world, Verdict.APPROVE, by=world.director))
    session.commit()
    seen, before = [], None
    while lines := log_page(session, everywhere(world), before=before, limit=2):
        seen += [line.decision_id for line in lines]
        before = lines[-1].position
    assert seen[0] == acts[-1].id
    assert sorted(seen) == sorted(act.id for act in acts)
    assert [line.decision_id for line in log_lines(session, everywhere(world))] == seen
