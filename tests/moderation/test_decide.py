"""Deciding: one verdict at a time, on the words that were read, never forgotten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.audit import AuditEntry, first_broken
from consult.core.database import Database
from consult.core.errors import Conflict, Invalid, Refused, StaleRead
from consult.core.text import fold
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import Decision, PublishedCase, PublishedText
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revision
from consult.responses.rules import content_hash
from tests.factories import World, make_answer

CANARY = "Colonel Zawisza of the Riga staff told me so."


def waiting_answer(session: Session, world: World, words: str = CANARY, **facts: object) -> Answer:
    answer = make_answer(session, world.consultation, world.rules, world.asking, words, **facts)  # type: ignore[arg-type]
    session.commit()
    return answer


def read_of(session: Session, answer: Answer) -> str:
    return current_revision(session, answer).hash


def change_words(session: Session, answer: Answer, words: str) -> None:
    """As if the participant had changed their mind."""
    revision = current_revision(session, answer)
    revision.current = False
    session.flush()
    session.add(
        Revision(
            answer_id=answer.id,
            number=revision.number + 1,
            wording_id=revision.wording_id,
            text=words,
            language=revision.language,
            attribution=revision.attribution,
            ground_rules_id=revision.ground_rules_id,
            ceiling=revision.ceiling,
            hash=content_hash(words, None, revision.attribution, revision.wording_id),
            folded=fold(words),
        )
    )
    session.flush()


def published(session: Session) -> list[PublishedText]:
    return list(session.scalars(select(PublishedText)))


def decisions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Decision)) or 0


def test_an_approved_answer_is_quotable_and_countable(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    decision = decide(session, answer, Verdict.APPROVE, read=read_of(session, answer), by=world.director)
    session.commit()
    assert answer.state is AnswerState.APPROVED
    assert (decision.number, decision.state_before, decision.state_after) == (1, "waiting", "approved")
    (quoted,) = published(session)
    assert quoted.text == CANARY
    assert quoted.segments == [[CANARY, None]]
    assert quoted.attribution_line == "A participant, October 2015 meeting"
    assert session.scalars(select(PublishedCase)).one().counts_as_participant


def test_a_rejected_answer_stands_nowhere_in_the_published_view(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    decide(
        session,
        answer,
        Verdict.REJECT,
        read=read_of(session, answer),
        by=world.director,
        reason=RejectReason.ALLEGATION,
        note="Names a third person.",
    )
    session.commit()
    assert answer.state is AnswerState.REJECTED
    assert published(session) == []
    assert session.scalars(select(PublishedCase)).all() == []


def test_a_rejection_needs_a_reason_and_changes_nothing_without(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    with pytest.raises(Invalid) as refused:
        decide(session, answer, Verdict.REJECT, read=read_of(session, answer), by=world.director)
    assert refused.value.field == "reason"
    assert answer.state is AnswerState.WAITING
    assert decisions(session) == 0


def test_what_is_not_for_use_cannot_be_approved(session: Session, world: World) -> None:
    answer = waiting_answer(session, world, attribution=Attribution.NOT_FOR_USE)
    with pytest.raises(Refused):
        decide(session, answer, Verdict.APPROVE, read=read_of(session, answer), by=world.director)
    assert answer.state is AnswerState.WAITING
    assert decisions(session) == 0
    assert session.scalars(select(PublishedCase)).all() == []


def test_what_is_for_counting_alone_is_counted_and_not_quoted(session: Session, world: World) -> None:
    answer = waiting_answer(session, world, attribution=Attribution.AGGREGATE_ONLY)
    decide(session, answer, Verdict.APPROVE, read=read_of(session, answer), by=world.director)
    assert published(session) == []
    assert session.scalars(select(PublishedCase)).one().meeting_id == world.october.id


def test_a_rapporteurs_note_is_not_a_participant(session: Session, world: World) -> None:
    answer = waiting_answer(session, world, source=Source.RAPPORTEUR)
    decide(session, answer, Verdict.APPROVE, read=read_of(session, answer), by=world.director)
    assert not session.scalars(select(PublishedCase)).one().counts_as_participant


def test_a_reversed_decision_stays_in_the_log_and_unpublishes(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    read = read_of(session, answer)
    decide(session, answer, Verdict.APPROVE, read=read, by=world.director)
    decide(session, answer, Verdict.REOPEN, read=read, by=world.second_director, read_number=1)
    session.commit()
    assert answer.state is AnswerState.WAITING
    assert published(session) == []
    rows = session.scalars(select(Decision).order_by(Decision.number)).all()
    assert [(d.number, d.verdict, d.decided_by) for d in rows] == [
        (1, Verdict.APPROVE, world.director.id),
        (2, Verdict.REOPEN, world.second_director.id),
    ]
    span = Span(0, 15, RedactionKind.IDENTIFIES_OTHER)
    decide(session, answer, Verdict.APPROVE, read=read, by=world.director, read_number=2, redactions=[span])
    assert published(session)[0].text == "[another person] of the Riga staff told me so."


def test_nothing_waiting_can_be_reopened(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    with pytest.raises(Refused):
        decide(session, answer, Verdict.REOPEN, read=read_of(session, answer), by=world.director)
    assert decisions(session) == 0


def test_a_withdrawn_answer_takes_no_decision(session: Session, world: World) -> None:
    answer = waiting_answer(session, world, state=AnswerState.WITHDRAWN)
    with pytest.raises(Refused):
        decide(session, answer, Verdict.APPROVE, read=read_of(session, answer), by=world.director)
    assert decisions(session) == 0


def test_words_changed_since_they_were_read_are_not_decided_on(database: Database, world: World) -> None:
    with database.transaction() as preparing:
        answer_id = waiting_answer(preparing, world).id
    with database.reading() as reading:
        read = read_of(reading, reading.get_one(Answer, answer_id))
    with database.transaction() as changing:
        change_words(changing, changing.get_one(Answer, answer_id), "I changed my mind.")
    with database.session(writing=True) as late:
        answer = late.get_one(Answer, answer_id)
        with pytest.raises(StaleRead):
            decide(late, answer, Verdict.APPROVE, read=read, by=world.director)
        late.rollback()
    with database.reading() as after:
        assert after.get_one(Answer, answer_id).state is AnswerState.WAITING
        assert decisions(after) == 0
        assert published(after) == []


def test_a_change_of_words_unpublishes_at_once(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    decide(session, answer, Verdict.APPROVE, read=read_of(session, answer), by=world.director)
    session.commit()
    change_words(session, answer, "I changed my mind.")
    session.expire_all()
    assert published(session) == []


def test_a_decision_taken_meanwhile_is_not_overwritten(database: Database, world: World) -> None:
    with database.transaction() as preparing:
        answer_id = waiting_answer(preparing, world).id
    with database.transaction() as first:
        answer = first.get_one(Answer, answer_id)
        read = read_of(first, answer)
        decide(first, answer, Verdict.APPROVE, read=read, by=world.director)
    with database.session(writing=True) as second:
        answer = second.get_one(Answer, answer_id)
        with pytest.raises(StaleRead):
            decide(
                second,
                answer,
                Verdict.REJECT,
                read=read,
                by=world.second_director,
                reason=RejectReason.OTHER,
            )
        second.rollback()
    with database.reading() as after:
        assert after.get_one(Answer, answer_id).state is AnswerState.APPROVED
        assert decisions(after) == 1


def test_of_two_decisions_at_the_same_instant_exactly_one_stands(database: Database, world: World) -> None:
    with database.transaction() as preparing:
        answer_id = waiting_answer(preparing, world).id
        read = read_of(preparing, preparing.get_one(Answer, answer_id))
    together = Barrier(2, timeout=30)
    verdicts = {Verdict.APPROVE: world.director, Verdict.REJECT: world.second_director}

    def attempt(verdict: Verdict) -> Verdict | None:
        together.wait()
        try:
            with database.transaction() as session:
                reason = RejectReason.OTHER if verdict is Verdict.REJECT else None
                answer = session.get_one(Answer, answer_id)
                decide(session, answer, verdict, read=read, by=verdicts[verdict], reason=reason)
        except Conflict:
            return None
        return verdict

    with ThreadPoolExecutor(2) as pool:
        won = [verdict for verdict in pool.map(attempt, verdicts) if verdict]
    with database.reading() as after:
        (decision,) = after.scalars(select(Decision)).all()
        assert won == [decision.verdict]
        assert after.get_one(Answer, answer_id).state is decision.state_after
        assert len(published(after)) == (decision.verdict is Verdict.APPROVE)
        assert first_broken(after) is None


def test_the_audit_log_names_the_act_and_not_the_words(session: Session, world: World) -> None:
    answer = waiting_answer(session, world)
    span = Span(0, 15, RedactionKind.IDENTIFIES_OTHER)
    decide(
        session,
        answer,
        Verdict.APPROVE,
        read=read_of(session, answer),
        by=world.director,
        redactions=[span],
        note="Zawisza again.",
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "decide")).one()
    assert (entry.user_id, entry.subject) == (world.director.id, answer.id)
    assert "Zawisza" not in entry.facts


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET note = 'rewritten'",
        "UPDATE redaction SET ends = 2",
        "DELETE FROM redaction",
        "DELETE FROM decision",
    ],
)
def test_the_database_keeps_decisions_as_they_were(session: Session, world: World, statement: str) -> None:
    answer = waiting_answer(session, world)
    span = Span(0, 15, RedactionKind.IDENTIFIES_OTHER)
    decide(
        session,
        answer,
        Verdict.APPROVE,
        read=read_of(session, answer),
        by=world.director,
        redactions=[span],
    )
    session.commit()
    with pytest.raises(DBAPIError):
        session.execute(text(statement))
    session.rollback()
    (decision,) = session.scalars(select(Decision)).all()
    assert (decision.note, [r.ends for r in decision.redactions]) == ("", [15])


@pytest.mark.parametrize("state", [AnswerState.WAITING, AnswerState.REJECTED])
def test_the_database_publishes_nothing_unapproved(
    session: Session, world: World, state: AnswerState
) -> None:
    answer = waiting_answer(session, world, state=state)
    revision = current_revision(session, answer)
    session.add(
        PublishedText(
            revision_id=revision.id,
            consultation_id=answer.consultation_id,
            meeting_id=answer.meeting_id,
            question_id=answer.question_id,
            segments=[[CANARY, None]],
            text=CANARY,
            language="en",
            attribution="quote_unattributed",
            attribution_line="A participant",
            shuffle_key=1,
        )
    )
    with pytest.raises(DBAPIError):
        session.flush()
    session.rollback()
    assert published(session) == []
