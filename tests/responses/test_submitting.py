"""A participant's answers are taken once, under the rules, and without the participant."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution, Mode, Timing
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Conflict, DomainError, Invalid, Refused
from consult.core.identifiers import new_secret
from consult.core.sealing import Seal
from consult.meetings.queries import askings_at
from consult.participants.models import Invitation
from consult.participants.queries import standing_invitation
from consult.responses.actions import GivenAnswer, Receipt, submit
from consult.responses.models import Answer, Response, ResponseLink, Revision
from consult.responses.queries import response_by_receipt
from tests.factories import (
    World,
    make_asking,
    make_consultation,
    make_invited,
    make_meeting,
    make_question,
)

SECRET = "a-secret-key-of-this-test-0123456789"
SEAL = Seal("a-link-key-of-this-test-0123456789abc")
QUOTE = Attribution.QUOTE_UNATTRIBUTED


def given(world: World, *texts: str, attribution: Attribution = QUOTE) -> list[GivenAnswer]:
    askings = world.askings[world.october.id]
    words = texts or ("Unity, shown in budgets.", "Miscalculation at sea.")
    return [GivenAnswer(asking, word, attribution, "en") for asking, word in zip(askings, words, strict=True)]


def send(
    session: Session,
    world: World,
    answers: list[GivenAnswer] | None = None,
    *,
    key: str = "k1",
    **options: bool,
) -> Receipt:
    return submit(
        session,
        session.get_one(Invitation, world.participant.invitation.id),
        given(world) if answers is None else answers,
        submission_key=key,
        secret_key=SECRET,
        seal=SEAL,
        **options,
    )


def responses(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Response)) or 0


def test_an_answer_is_stored_with_the_words_the_wording_and_the_choice(
    session: Session, world: World
) -> None:
    receipt = send(session, world, given(world, "Cafe\u0301 first.\r\nThen\u2028talks. ", "Żółć"))
    session.commit()
    session.expire_all()
    stored = response_by_receipt(session, receipt.code.lower()[:13] + " - " + receipt.code[13:])
    assert stored is not None
    assert stored.id == receipt.response_id
    words = {a.question_id: a.revisions[0].text for a in stored.answers}
    assert words == {world.questions[0].id: "Café first.\nThen\ntalks.", world.questions[1].id: "Żółć"}
    assert {a.state.value for a in stored.answers} == {"waiting"}
    assert {a.revisions[0].wording_id for a in stored.answers} == {
        asking.wording_id for asking in world.askings[world.october.id]
    }
    assert len(receipt.code) == 26
    assert not receipt.replayed


def test_the_same_form_sent_again_gives_the_same_receipt(session: Session, world: World) -> None:
    first = send(session, world)
    session.commit()
    again = send(session, world)
    assert (again.code, again.response_id, again.replayed) == (first.code, first.response_id, True)
    assert responses(session) == 1


def test_other_words_under_the_same_key_are_a_conflict(session: Session, world: World) -> None:
    send(session, world)
    session.commit()
    with pytest.raises(Conflict):
        send(session, world, given(world, "Something else.", "Miscalculation at sea."))
    with pytest.raises(Conflict):
        send(session, world, given(world, attribution=Attribution.AGGREGATE_ONLY))
    session.rollback()
    texts = session.scalars(select(Revision.text)).all()
    assert sorted(t or "" for t in texts) == ["Miscalculation at sea.", "Unity, shown in budgets."]


def test_a_second_form_from_the_same_invitation_is_refused_with_the_way_to_the_receipt(
    session: Session, world: World
) -> None:
    send(session, world)
    session.commit()
    with pytest.raises(Refused, match="/receipt"):
        send(session, world, key="another")
    assert responses(session) == 1


def test_a_form_of_one_invitation_gives_no_receipt_to_another(session: Session, world: World) -> None:
    send(session, world)
    stranger = make_invited(session, world.consultation, world.october, 3)
    session.commit()
    with pytest.raises(Conflict):
        submit(
            session,
            stranger.invitation,
            given(world),
            submission_key="k1",
            secret_key=SECRET,
            seal=SEAL,
        )
    session.rollback()
    assert not session.get_one(Invitation, stranger.invitation.id).answered


def in_threads(tasks: list[Callable[[], Receipt | DomainError]]) -> list[Receipt | DomainError]:
    start = threading.Barrier(len(tasks))
    results: list[Receipt | DomainError] = []

    def run(task: Callable[[], Receipt | DomainError]) -> None:
        start.wait()
        results.append(task())

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def posted(database: Database, invitation_id: str, key: str) -> Callable[[], Receipt | DomainError]:
    def post() -> Receipt | DomainError:
        try:
            with database.transaction() as session:
                invitation = standing_invitation(session, invitation_id)
                assert invitation is not None
                answers = [
                    GivenAnswer(asking, "Unity.", QUOTE, "en")
                    for asking in askings_at(session, invitation.meeting)
                ]
                return submit(session, invitation, answers, submission_key=key, secret_key=SECRET, seal=SEAL)
        except DomainError as error:
            return error

    return post


def test_one_form_sent_eight_times_at_once_makes_one_response(
    database: Database, session: Session, world: World
) -> None:
    session.close()
    own = world.participant.invitation.id
    results = in_threads([posted(database, own, "k1")] * 8)
    receipts = [result for result in results if isinstance(result, Receipt)]
    assert len(receipts) == 8
    assert len({receipt.code for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1
    assert responses(session) == 1
    assert session.scalar(select(func.count()).select_from(Answer)) == 2
    assert session.scalar(select(func.count()).select_from(ResponseLink)) == 1


def test_eight_tabs_of_one_invitation_make_one_response(
    database: Database, session: Session, world: World
) -> None:
    session.close()
    own = world.participant.invitation.id
    results = in_threads([posted(database, own, f"tab-{n}") for n in range(8)])
    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 7
    assert responses(session) == 1


def test_eight_people_at_once_make_eight_responses(
    database: Database, session: Session, world: World
) -> None:
    people = [make_invited(session, world.consultation, world.october, n) for n in range(10, 18)]
    session.commit()
    ids = [person.invitation.id for person in people]
    session.close()
    results = in_threads([posted(database, own, new_secret()) for own in ids])
    assert all(isinstance(result, Receipt) for result in results)
    assert responses(session) == 8
    assert session.scalar(select(func.count()).select_from(ResponseLink)) == 8


def test_one_key_from_two_invitations_at_once_makes_one_response(
    database: Database, session: Session, world: World
) -> None:
    second = make_invited(session, world.consultation, world.october, 3)
    session.commit()
    ids = [world.participant.invitation.id, second.invitation.id]
    session.close()
    results = in_threads([posted(database, own, "k1") for own in ids])
    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert responses(session) == 1


def test_nothing_is_taken_before_opening_or_after_the_grace_period(session: Session, world: World) -> None:
    consultation = world.consultation
    consultation.opens_at = now() + timedelta(hours=1)
    session.commit()
    with pytest.raises(Refused, match="not opened"):
        send(session, world)
    consultation.opens_at = now() - timedelta(days=7)
    consultation.closes_at = now() - timedelta(minutes=16)
    session.commit()
    with pytest.raises(Refused, match="copy it"):
        send(session, world, opened_before_closing=True)
    assert responses(session) == 0


def test_within_the_grace_period_only_a_form_opened_before_closing_is_taken_and_marked_late(
    session: Session, world: World
) -> None:
    world.consultation.closes_at = now() - timedelta(minutes=5)
    session.commit()
    with pytest.raises(Refused):
        send(session, world)
    receipt = send(session, world, opened_before_closing=True)
    assert receipt.late
    assert session.get_one(Response, receipt.response_id).late


@pytest.mark.parametrize("attribution", [step for step in Attribution if step > QUOTE])
def test_the_ceiling_is_refused_by_the_action(
    session: Session, world: World, attribution: Attribution
) -> None:
    with pytest.raises(Invalid, match="ground rules"):
        send(session, world, given(world, attribution=attribution))
    assert responses(session) == 0


def test_the_ceiling_is_refused_by_the_database(session: Session, world: World) -> None:
    send(session, world)
    session.commit()
    copied = (
        "INSERT INTO revision (id, answer_id, number, current, wording_id, text, language, attribution,"
        " ground_rules_id, ceiling, hash, folded, search_key)"
        " SELECT 'x', answer_id, 2, :no, wording_id, text, language, 3, ground_rules_id, {}, hash, folded, 1"
        " FROM revision LIMIT 1"
    )
    for ceiling in ("ceiling", "6"):  # above the stored ceiling, and under an invented one
        with pytest.raises(IntegrityError):
            session.execute(text(copied.format(ceiling)), {"no": False})
        session.rollback()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write your answer"),
        (" \r\n\t\x07 ", "Write your answer"),
        ("a" * 1501, "Shorten it to 1500"),
        ("before\x00after", "cannot be stored"),
        ("half \ud83d pair", "cannot be stored"),
    ],
)
def test_a_text_that_cannot_be_taken_is_refused_with_what_to_do(
    session: Session, world: World, words: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        send(session, world, given(world, words, "Fine."))
    assert responses(session) == 0


def test_the_longest_text_is_taken_and_line_breaks_count_once(session: Session, world: World) -> None:
    send(session, world, given(world, "a" * 749 + "\r\n" + "b" * 750, "😀" * 1500))
    assert responses(session) == 1


def test_an_optional_question_may_stay_empty(session: Session, world: World) -> None:
    world.questions[1].required = False
    session.commit()
    receipt = send(session, world, given(world, "One.", " "))
    stored = response_by_receipt(session, receipt.code)
    assert stored is not None
    assert len(stored.answers) == 1


def test_a_question_of_another_meeting_is_refused(session: Session, world: World) -> None:
    other = world.askings[world.may.id][0]
    with pytest.raises(Invalid):
        send(session, world, [GivenAnswer(other, "Words.", QUOTE, "en")])


def test_attributed_mode_names_the_person_and_keeps_no_link(session: Session, world: World) -> None:
    consultation, _rules = make_consultation(session, "on-record", mode=Mode.ATTRIBUTED, timing=Timing.DAY)
    receipt = _answered_at(session, world, consultation.id)
    stored = session.get_one(Response, receipt.response_id)
    assert stored.participant_id is not None
    assert (stored.country, stored.role_label) == ("PL", "a national official")
    assert stored.submitted_at is not None
    assert (stored.submitted_at.hour, stored.submitted_at.minute) == (0, 0)
    assert session.scalar(select(func.count()).select_from(ResponseLink)) == 0


def test_unlinked_mode_is_not_open_by_link(session: Session, world: World) -> None:
    consultation, _rules = make_consultation(session, "unlinked", mode=Mode.UNLINKED)
    with pytest.raises(Refused, match="response code"):
        _answered_at(session, world, consultation.id)


def _answered_at(session: Session, world: World, consultation_id: str) -> Receipt:
    consultation = session.get_one(Consultation, consultation_id)
    meeting = make_meeting(session, consultation, "m", "Meeting", date(2016, 1, 1))
    asking = make_asking(session, make_question(session, consultation, "q", "What?"), meeting)
    invited = make_invited(session, consultation, meeting)
    session.commit()
    return submit(
        session,
        invited.invitation,
        [GivenAnswer(asking, "Words.", Attribution.AGGREGATE_ONLY, "en")],
        submission_key="k9",
        secret_key=SECRET,
        seal=SEAL,
    )


def test_confidential_mode_refuses_a_person_in_the_database(session: Session, world: World) -> None:
    receipt = send(session, world)
    session.commit()
    with pytest.raises((IntegrityError, DBAPIError)):
        session.execute(
            text("UPDATE response SET participant_id = :person WHERE id = :id"),
            {"person": world.participant.participant.id, "id": receipt.response_id},
        )
    session.rollback()
