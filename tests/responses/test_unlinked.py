"""Unlinked mode: a start-code becomes a response code, and nothing that is stored leads from one to the other."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Conflict, Refused
from consult.core.identifiers import digest, new_secret
from consult.core.outbox import OutboxRow
from consult.meetings.models import Asking, Meeting
from consult.moderation.published import participation_facts
from consult.operations.withdrawal import change_answers, withdraw_response
from consult.participants.models import Invitation
from consult.responses.actions import GivenAnswer, exchange, submit_unlinked
from consult.responses.models import Answer, Response, ResponseCode, Revision
from consult.responses.queries import counts_by_state, response_by_receipt, standing_revisions
from consult.responses.rules import standing_hash
from tests.factories import make_asking, make_consultation, make_invited, make_meeting, make_question

QUOTE = Attribution.QUOTE_UNATTRIBUTED


class Scene:
    """An unlinked consultation with one question at two meetings, and people invited to the first."""

    def __init__(self, session: Session, people: int = 12) -> None:
        self.consultation, self.rules = make_consultation(session, "unlinked", mode=Mode.UNLINKED)
        self.meeting = make_meeting(session, self.consultation, "one", "One", date(2016, 5, 1))
        self.other = make_meeting(session, self.consultation, "two", "Two", date(2016, 6, 1), position=2)
        question = make_question(session, self.consultation, "outcome", "What outcome?")
        self.asking = make_asking(session, question, self.meeting)
        self.other_asking = make_asking(session, question, self.other)
        self.invited = [
            make_invited(session, self.consultation, self.meeting, number) for number in range(people)
        ]
        session.commit()


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


def code_for(session: Session, scene: Scene, number: int) -> str:
    code = new_secret().upper()
    exchange(session, session.get_one(Invitation, scene.invited[number].invitation.id), code)
    session.commit()
    return code


def given(asking: Asking, words: str) -> list[GivenAnswer]:
    return [GivenAnswer(asking, words, QUOTE, "en")]


def answer(session: Session, scene: Scene, number: int, words: str = "Unity.") -> str:
    code = code_for(session, scene, number)
    submit_unlinked(session, code, given(session.get_one(Asking, scene.asking.id), words))
    session.commit()
    return code


def shown(session: Session, scene: Scene) -> int:
    """How many answers the desk sees."""
    counts = counts_by_state(session, scene.consultation, [scene.meeting.id, scene.other.id])
    return sum(sum(states.values()) for states in counts.values())


def test_the_start_code_is_exchanged_once(session: Session, scene: Scene) -> None:
    code = code_for(session, scene, 0)
    invitation = session.get_one(Invitation, scene.invited[0].invitation.id)
    assert (invitation.issued, invitation.answered) == (True, False)
    exchange(session, invitation, code)  # sent again, its page having been lost on the way
    with pytest.raises(Refused):
        exchange(session, invitation, new_secret().upper())
    assert session.scalar(select(func.count()).select_from(ResponseCode)) == 1
    stored = session.scalars(select(ResponseCode.code_hash)).one()
    assert stored not in (digest(code), code)


def test_two_exchanges_at_once_hand_out_one_code(database: Database, session: Session, scene: Scene) -> None:
    invitation_id, start = scene.invited[0].invitation.id, threading.Barrier(2)
    session.close()
    outcomes: list[str] = []

    def run() -> None:
        start.wait()
        try:
            with database.transaction() as own:
                exchange(own, own.get_one(Invitation, invitation_id), new_secret().upper())
            outcomes.append("issued")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["issued", "refused"]


def test_the_code_is_receipt_and_key_in_one(session: Session, scene: Scene) -> None:
    code = answer(session, scene, 0)
    typed = code.lower()[:10] + " - " + code[10:]
    again = submit_unlinked(session, typed, given(scene.asking, "Unity."))
    assert again.replayed
    with pytest.raises(Conflict):
        submit_unlinked(session, code, given(scene.asking, "Something else."))
    session.rollback()
    response = response_by_receipt(session, code)
    assert response is not None
    assert [r.text for r in standing_revisions(response)] == ["Unity."]
    assert session.scalar(select(func.count()).select_from(Response)) == 1


def test_a_response_holds_nothing_of_a_person_and_no_time(session: Session, scene: Scene) -> None:
    code = answer(session, scene, 0)
    response = response_by_receipt(session, code)
    assert response is not None
    blank = ("participant_id", "submitted_at", "country", "country_group", "sector", "role_label", "language")
    assert [getattr(response, name) for name in blank] == [None] * len(blank)
    assert not session.get_one(Invitation, scene.invited[0].invitation.id).answered
    for silent in (AuditEntry, OutboxRow):
        assert session.scalar(select(func.count()).select_from(silent)) == 0


def test_the_two_steps_share_no_value(database: Database, session: Session, scene: Scene) -> None:
    """Nothing written when the code is handed out is written again when it is used."""
    code = code_for(session, scene, 0)
    handed_out = {str(v) for row in session.execute(select(ResponseCode)).scalars() for v in (row.code_hash,)}
    handed_out |= {scene.invited[0].invitation.id, scene.invited[0].participant.id}
    submit_unlinked(session, code, given(scene.asking, "Unity."))
    session.commit()
    used = {
        str(value)
        for table in (Response.__table__, Answer.__table__, Revision.__table__)
        for row in session.execute(select(table))
        for value in row
    }
    assert not handed_out & used
    assert session.scalar(select(func.count()).select_from(ResponseCode)) == 1  # neither touched nor marked


@pytest.mark.parametrize("together", [4, 5, 11])
def test_answers_reach_the_desk_in_batches(session: Session, scene: Scene, together: int) -> None:
    for number in range(together):
        answer(session, scene, number)
    expected = together - together % 5
    meetings = [scene.meeting.id, scene.other.id]
    assert shown(session, scene) == expected
    assert sum(counts_by_state(session, scene.consultation, meetings)[scene.meeting.id].values()) == expected
    facts = participation_facts(session, scene.consultation).meetings[0]
    assert (facts.answered, facts.responses) == (expected, expected)


def test_those_who_answer_at_once_are_released_together(
    database: Database, session: Session, scene: Scene
) -> None:
    """Never one alone: the sixth does not slip out beside the five that were just released."""
    for number in range(3):
        answer(session, scene, number)
    codes, start = [code_for(session, scene, number) for number in range(3, 9)], threading.Barrier(6)
    asking_id = scene.asking.id
    session.close()
    seen: list[int] = []

    def run(code: str) -> None:
        start.wait()
        with database.transaction() as own:
            submit_unlinked(own, code, given(own.get_one(Asking, asking_id), "Unity."))
        with database.reading() as own:
            seen.append(own.scalar(select(func.count()).where(Answer.released)) or 0)

    threads = [threading.Thread(target=run, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= {0, 5}
    assert shown(session, scene) == 5


def test_meetings_do_not_lend_each_other_answers(session: Session, scene: Scene) -> None:
    for number in range(4):
        answer(session, scene, number)
    guest = make_invited(session, scene.consultation, scene.other, 90)
    code = new_secret().upper()
    exchange(session, guest.invitation, code)
    submit_unlinked(session, code, given(scene.other_asking, "Elsewhere."))
    session.commit()
    assert shown(session, scene) == 0


def test_a_change_replaces_the_words_and_waits_for_company(session: Session, scene: Scene) -> None:
    codes = [answer(session, scene, number, f"Words of Zimorodek {number}.") for number in range(5)]
    assert shown(session, scene) == 5
    response = response_by_receipt(session, codes[2])
    assert response is not None
    seen = standing_hash(standing_revisions(response))
    assert change_answers(session, response, given(scene.asking, "Others."), seen=seen).changed
    session.commit()
    response = response_by_receipt(session, codes[2])
    assert response is not None
    assert [(r.number, r.text) for r in response.answers[0].revisions] == [(2, "Others.")]
    assert shown(session, scene) == 4
    for number in range(5, 9):
        answer(session, scene, number)
    assert shown(session, scene) == 9


def test_withdrawn_ones_make_no_company(session: Session, scene: Scene) -> None:
    codes = [answer(session, scene, number) for number in range(4)]
    response = response_by_receipt(session, codes[0])
    assert response is not None
    withdraw_response(session, response)
    answer(session, scene, 4)
    assert shown(session, scene) == 0
    assert session.get_one(Invitation, scene.invited[0].invitation.id).issued
    with pytest.raises(Conflict):
        submit_unlinked(session, codes[0], given(scene.asking, "Again."))


def test_only_while_it_is_open(session: Session, scene: Scene) -> None:
    code = code_for(session, scene, 0)
    invitation = session.get_one(Invitation, scene.invited[1].invitation.id)
    for ago, taken in ((timedelta(minutes=5), True), (timedelta(minutes=20), False)):
        session.execute(update(Consultation).values(closes_at=now() - ago))
        session.commit()
        session.expire_all()
        with pytest.raises(Refused):
            exchange(session, invitation, new_secret().upper())
        if taken:
            submit_unlinked(session, code, given(scene.asking, "Unity."))
            session.rollback()
            continue
        with pytest.raises(Refused):
            submit_unlinked(session, code, given(scene.asking, "Unity."))
    assert session.scalar(text("SELECT count(*) FROM response")) == 0


def test_a_code_of_nowhere_opens_nothing(session: Session, scene: Scene) -> None:
    with pytest.raises(Refused):
        submit_unlinked(session, new_secret(), given(scene.asking, "Unity."))
    linked, _rules = make_consultation(session, "linked")
    meeting: Meeting = make_meeting(session, linked, "three", "Three", date(2016, 7, 1))
    guest = make_invited(session, linked, meeting, 91)
    with pytest.raises(Refused):
        exchange(session, guest.invitation, new_secret())
