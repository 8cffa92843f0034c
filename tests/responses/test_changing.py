"""What was given may be changed and taken back until the cut-off, and what is taken back is gone."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution, Mode, Timing
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Conflict, Invalid, Refused, StaleRead
from consult.core.sealing import Seal
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.models import Decision, PublishedCase, PublishedText
from consult.moderation.queries import SHOWN
from consult.operations.withdrawal import change_answers, withdraw_again, withdraw_response
from consult.participants.models import Invitation
from consult.reports.models import Erasure
from consult.responses.actions import Change, GivenAnswer, Receipt, submit
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, ResponseLink, Revision
from consult.responses.queries import (
    current_revision,
    has_answered,
    response_by_receipt,
    standing_revisions,
)
from consult.responses.rules import standing_hash
from tests.factories import World, make_consultation, make_invited, make_meeting, make_question
from tests.factories import make_asking as ask

SECRET = "a-secret-key-of-this-test-0123456789"
SEAL = Seal("a-link-key-of-this-test-0123456789abc")
QUOTE = Attribution.QUOTE_UNATTRIBUTED
FIRST = ("Unity, shown in Zimorodek budgets.", "Miscalculation at sea.")


def given(world: World, *texts: str, attribution: Attribution = QUOTE) -> list[GivenAnswer]:
    askings = world.askings[world.october.id]
    return [GivenAnswer(asking, word, attribution, "en") for asking, word in zip(askings, texts, strict=True)]


def send(session: Session, world: World, *texts: str, key: str = "k1") -> Receipt:
    receipt = submit(
        session,
        session.get_one(Invitation, world.participant.invitation.id),
        given(world, *(texts or FIRST)),
        submission_key=key,
        secret_key=SECRET,
        seal=SEAL,
    )
    session.commit()
    return receipt


def found(session: Session, receipt: Receipt) -> Response:
    response = response_by_receipt(session, receipt.code)
    assert response is not None
    return response


def change(session: Session, response: Response, answers: list[GivenAnswer], seen: str = "") -> Change:
    return change_answers(
        session, response, answers, seen=seen or standing_hash(standing_revisions(response))
    )


def answer_to(response: Response, world: World, number: int = 0) -> Answer:
    return next(a for a in response.answers if a.question_id == world.questions[number].id)


def approve(session: Session, world: World, answer: Answer) -> None:
    decide(
        session,
        answer,
        Verdict.APPROVE,
        read=current_revision(session, answer).hash,
        read_number=session.scalar(select(func.count()).where(Decision.answer_id == answer.id)) or 0,
        by=world.director,
    )
    session.commit()


def everything_stored(database: Database) -> str:
    """Every value of every table, the index of words included."""
    with database.reading() as session:
        if database.is_sqlite:
            names = list(
                session.scalars(
                    text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_words'")
                )
            )
        else:
            names = list(session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
        return "\n".join(
            repr(tuple(row)) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"'))
        )


def test_a_change_appends_a_revision_and_queues_the_answer_again(session: Session, world: World) -> None:
    response = found(session, send(session, world))
    approve(session, world, answer_to(response, world))
    approve(session, world, answer_to(response, world, 1))
    response = found(session, receipt := send(session, world))
    made = change(session, response, given(world, "Unity first.", FIRST[1]))
    session.commit()
    assert made.changed
    response = found(session, receipt)
    changed, same = answer_to(response, world), answer_to(response, world, 1)
    assert [(r.number, r.current, r.text) for r in changed.revisions] == [
        (1, False, FIRST[0]),
        (2, True, "Unity first."),
    ]
    assert changed.revisions[0].hash != changed.revisions[1].hash
    assert (changed.state, same.state) == (AnswerState.WAITING, AnswerState.APPROVED)
    for face in (PublishedText, PublishedCase):
        assert set(session.scalars(select(face.revision_id))) == {same.revisions[0].id}
    assert session.scalar(select(func.count()).select_from(Decision)) == 2


def test_what_stands_already_makes_no_revision(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    approve(session, world, answer_to(response, world))
    before = standing_hash(standing_revisions(response))
    assert change(session, response, given(world, *FIRST)) == Change(changed=False)
    other = given(world, "Other words.", FIRST[1])
    assert change(session, found(session, receipt), other, before).changed
    assert not change(session, found(session, receipt), other, before).changed  # sent once more
    assert session.scalar(select(func.count()).select_from(Revision)) == 3


def test_another_use_of_the_same_words_is_a_change(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    approve(session, world, answer_to(response, world))
    change(session, response, given(world, *FIRST, attribution=Attribution.NOT_FOR_USE))
    response = found(session, receipt)
    assert answer_to(response, world).state is AnswerState.WAITING
    assert not session.scalars(select(PublishedText)).all()


def test_whoever_saw_older_words_changes_nothing(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    seen = standing_hash(standing_revisions(response))
    change(session, response, given(world, "Mine.", FIRST[1]), seen)
    session.commit()
    with pytest.raises(StaleRead):
        change(session, found(session, receipt), given(world, "Theirs.", FIRST[1]), seen)
    session.rollback()
    assert {r.text for r in standing_revisions(found(session, receipt))} == {"Mine.", FIRST[1]}


def test_of_two_at_once_one_is_told(database: Database, session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    seen = standing_hash(standing_revisions(response))
    session.close()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def run(words: str) -> None:
        start.wait()
        try:
            with database.transaction() as own:
                change(own, found(own, receipt), given(world, words, FIRST[1]), seen)
            outcomes.append("changed")
        except StaleRead:
            outcomes.append("stale")

    threads = [threading.Thread(target=run, args=(words,)) for words in ("Mine.", "Theirs.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["changed", "stale"]
    assert session.scalar(select(func.count()).select_from(Revision)) == 3


def test_a_moderator_who_read_the_earlier_words_is_told(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    answer = answer_to(response, world)
    read = current_revision(session, answer).hash
    change(session, response, given(world, "Other words.", FIRST[1]))
    session.commit()
    with pytest.raises(StaleRead):
        decide(session, answer, Verdict.APPROVE, read=read, read_number=0, by=world.director)
    assert answer_to(found(session, receipt), world).state is AnswerState.WAITING


def test_withdrawn_words_are_nowhere(database: Database, session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    approve(session, world, answer_to(response, world))
    change(session, found(session, receipt), given(world, "Unity and Zimorodek.", FIRST[1]))
    session.commit()
    hashes = [item.hash for item in (*given(world, *FIRST), *given(world, "Unity and Zimorodek.", FIRST[1]))]
    assert "Zimorodek" in everything_stored(database)
    assert hashes[1] in everything_stored(database)
    made = withdraw_response(session, found(session, receipt))
    session.commit()
    session.expire_all()
    assert made.changed
    assert len(made.replaced) == 3
    left = everything_stored(database).lower()
    assert "zimorodek" not in left
    assert not [told for told in hashes if told in left], "with a hash somebody could try what the words were"
    response = found(session, receipt)
    assert {a.state for a in response.answers} == {AnswerState.WITHDRAWN}
    assert not session.scalars(select(Revision)).all()
    assert len(session.scalars(select(Decision)).all()) == 1
    if database.is_sqlite:
        for index in (f"revision_words_{state}" for state in SHOWN):
            assert session.scalar(text(f"SELECT count(*) FROM {index} WHERE {index} MATCH 'zimorodek'")) == 0
    assert not withdraw_response(session, found(session, receipt)).changed
    assert len(session.scalars(select(Erasure)).all()) == 2  # the change and the withdrawal


def test_what_was_kept_about_the_person_goes_with_the_words(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    response.country_group, response.language = "Baltic states", "en"
    session.commit()
    withdraw_response(session, response)
    session.commit()
    response = found(session, receipt)
    kept = (response.participant_id, response.submitted_at, response.country_group, response.language)
    assert kept == (None, None, None, None)


@pytest.mark.parametrize("by_invitation", [True, False])
def test_after_withdrawal_the_person_may_answer_anew(
    session: Session, world: World, by_invitation: bool
) -> None:
    receipt = send(session, world)
    invitation = session.get_one(Invitation, world.participant.invitation.id)
    withdraw_response(
        session,
        found(session, receipt),
        **({"invitation": invitation, "seal": SEAL} if by_invitation else {}),
    )
    session.commit()
    assert not has_answered(session, invitation, Mode.CONFIDENTIAL, SEAL)
    if by_invitation:
        assert (invitation.answered, invitation.declined) == (False, True)
        assert not session.scalars(select(ResponseLink)).all()
    with pytest.raises(Conflict):
        send(session, world)  # the form that was withdrawn, sent again by a browser's back button
    session.rollback()
    anew = send(session, world, "Something else.", "Nothing.", key="k2")
    assert anew.response_id != receipt.response_id
    assert len(session.scalars(select(ResponseLink)).all()) == 1
    assert has_answered(session, invitation, Mode.CONFIDENTIAL, SEAL)


def test_in_attributed_mode_too(session: Session, world: World) -> None:
    consultation, rules = make_consultation(
        session, "named", mode=Mode.ATTRIBUTED, ceiling=Attribution.NAMED, timing=Timing.DAY
    )
    from datetime import date

    meeting = make_meeting(session, consultation, "named", "On the record", date(2016, 5, 1))
    asking = ask(session, make_question(session, consultation, "one", "What?"), meeting)
    invited = make_invited(session, consultation, meeting, 7)
    answer = [GivenAnswer(asking, "On the record.", Attribution.NAMED, "en")]

    def answer_with(key: str) -> Receipt:
        return submit(session, invited.invitation, answer, submission_key=key, secret_key=SECRET, seal=SEAL)

    receipt = answer_with("k1")
    assert found(session, receipt).participant_id == invited.participant.id
    withdraw_response(session, found(session, receipt), invitation=invited.invitation, seal=SEAL)
    assert found(session, receipt).participant_id is None
    assert session.scalars(select(Erasure)).one().day == now().date()
    answer_with("k2")
    assert has_answered(session, invited.invitation, Mode.ATTRIBUTED, SEAL)
    assert rules.mode is Mode.ATTRIBUTED


@pytest.mark.parametrize(
    ("closed_for", "open_still"),
    [(timedelta(minutes=-1), True), (timedelta(minutes=14), True), (timedelta(minutes=16), False)],
)
def test_until_the_cut_off_and_not_after(
    session: Session, world: World, closed_for: timedelta, open_still: bool
) -> None:
    response = found(session, receipt := send(session, world))
    session.execute(update(Consultation).values(closes_at=now() - closed_for))
    session.commit()
    session.expire_all()
    response = found(session, receipt)
    if open_still:
        assert change(session, response, given(world, "Later.", FIRST[1])).changed
        assert withdraw_response(session, response).changed
        return
    with pytest.raises(Refused):
        change(session, response, given(world, "Later.", FIRST[1]))
    with pytest.raises(Refused):
        withdraw_response(session, response)
    session.rollback()
    assert {r.text for r in standing_revisions(found(session, receipt))} == set(FIRST)
    assert withdraw_again(session, [response.id, "of-another-database"]) == 1  # a ledger knows no cut-off
    assert not standing_revisions(found(session, receipt))


def test_rules_hold_for_changes(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    for answers in (
        given(world, "", FIRST[1]),
        given(world, "x" * 1501, FIRST[1]),
        given(world, *FIRST, attribution=Attribution.NAMED),
        [GivenAnswer(world.askings[world.may.id][0], "Elsewhere.", QUOTE, "en")],
    ):
        with pytest.raises(Invalid):
            change(session, response, answers)
        session.rollback()
        response = found(session, receipt)
    withdraw_response(session, response)
    with pytest.raises(Refused):
        change(session, found(session, receipt), given(world, "Again.", FIRST[1]))


def test_an_optional_answer_without_words_is_withdrawn_alone(session: Session, world: World) -> None:
    response = found(session, receipt := send(session, world))
    world.questions[1].required = False
    session.commit()
    change(session, response, given(world, FIRST[0], ""))
    session.commit()
    response = found(session, receipt)
    assert answer_to(response, world).state is AnswerState.WAITING
    assert answer_to(response, world, 1).state is AnswerState.WITHDRAWN
    assert {r.text for r in session.scalars(select(Revision))} == {FIRST[0]}
    with pytest.raises(Refused):
        change(session, response, given(world, FIRST[0], "Back again."))
