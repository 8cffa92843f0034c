"""A machine for tests: whatever people and moderators do in whatever order, the store is what a plain model says."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.consultations.enums import Attribution
from consult.core.database import Database
from consult.core.errors import Conflict, Refused, StaleRead
from consult.core.sealing import Seal
from consult.exports.queries import released
from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.operations.receipts import stored_response
from consult.operations.withdrawal import change_answers, withdraw_response
from consult.participants.queries import opened_invitation
from consult.responses.actions import Drafted, GivenAnswer, kept_draft, save_draft, submit
from consult.responses.queries import current_revision, response_by_receipt, standing_revisions
from consult.responses.rules import standing_hash
from tests.factories import LINK_KEY, Invited, make_invited, make_world

SECRET = "a-secret-key-of-this-test-0123456789"
TEXTS = st.sampled_from(["Unity.", "Budgets at sea.", "Zażółć gęślą jaźń", "=1+1", "Two\nlines", "ملاحظة"])
USES = st.sampled_from([Attribution.NOT_FOR_USE, Attribution.AGGREGATE_ONLY, Attribution.QUOTE_UNATTRIBUTED])


@dataclass
class Person:
    """The model of one invited person: what a receipt says stands, and whether it may be printed."""

    invited: Invited
    code: str = ""
    key: str = ""
    text: str = ""
    use: Attribution = Attribution.NOT_FOR_USE
    state: str = "none"
    sent: list[str] = field(default_factory=list)
    draft: str | None = None


class Lives(RuleBasedStateMachine):
    """Everything happens in one transaction, which is undone at the end."""

    people = Bundle("people")
    session_of: Callable[[], Session]

    def __init__(self) -> None:
        super().__init__()
        self.session = type(self).session_of()
        self.world = make_world(self.session)
        self.seal, self.all, self.number = Seal(LINK_KEY), list[Person](), 100

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def _given(self, text: str, use: Attribution) -> list[GivenAnswer]:
        return [
            GivenAnswer(self.world.asking, text, use, "en"),
            GivenAnswer(self.world.askings[self.world.october.id][1], text, use, "en"),
        ]

    def _submit(self, person: Person, text: str, use: Attribution, key: str) -> str:
        opened = opened_invitation(self.session, person.invited.invitation.id)
        assert opened is not None
        receipt = submit(
            self.session, opened.invitation, self._given(text, use),
            submission_key=key, secret_key=SECRET, seal=self.seal, marks=opened.marks,
        )  # fmt: skip
        return receipt.code

    @rule(target=people)
    def invite(self) -> Person:
        self.number += 1
        person = Person(make_invited(self.session, self.world.consultation, self.world.october, self.number))
        self.all.append(person)
        return person

    @rule(person=people, text=TEXTS)
    def save(self, person: Person, text: str) -> None:
        invitation, rules = person.invited.invitation, self.world.rules
        drafted = {self.world.asking.question_id: Drafted(text)}
        if person.state not in {"none", "withdrawn"}:
            with pytest.raises(Refused):
                save_draft(self.session, invitation, rules, drafted, use_closed="", seal=self.seal)
            return
        save_draft(self.session, invitation, rules, drafted, use_closed="", seal=self.seal)
        person.draft = text

    @rule(person=people, text=TEXTS, use=USES)
    def send(self, person: Person, text: str, use: Attribution) -> None:
        key = f"key {self.number} {len(person.sent)} {person.invited.invitation.id}"
        if person.state not in {"none", "withdrawn"}:
            with pytest.raises(Refused):
                self._submit(person, text, use, key)
            return
        person.code, person.key = self._submit(person, text, use, key), key
        person.sent.append(text)
        person.text, person.use, person.state, person.draft = text, use, "waiting", None

    @rule(person=people, same=st.booleans())
    def send_again(self, person: Person, same: bool) -> None:
        if person.state == "waiting" and person.text == person.sent[-1] and same:
            assert self._submit(person, person.text, person.use, person.key) == person.code
        elif person.key and person.state != "none":
            with pytest.raises(Conflict):
                self._submit(person, "Something else.", person.use, person.key)

    @rule(person=people, text=TEXTS, use=USES, stale=st.booleans())
    def change(self, person: Person, text: str, use: Attribution, stale: bool) -> None:
        response = response_by_receipt(self.session, person.code) if person.code else None
        if response is None:
            return
        seen = "0" * 64 if stale else standing_hash(standing_revisions(response))
        if person.state == "withdrawn":
            with pytest.raises(Refused):
                change_answers(self.session, response, self._given(text, use), seen=seen)
        elif (text, use) == (person.text, person.use):
            assert not change_answers(self.session, response, self._given(text, use), seen=seen).changed
        elif stale:
            with pytest.raises(StaleRead):
                change_answers(self.session, response, self._given(text, use), seen=seen)
        else:
            assert change_answers(self.session, response, self._given(text, use), seen=seen).changed
            person.text, person.use, person.state = text, use, "waiting"

    @rule(person=people)
    def withdraw(self, person: Person) -> None:
        response = response_by_receipt(self.session, person.code) if person.code else None
        if response is not None:
            withdraw_response(self.session, response)
            person.state, person.text = "withdrawn", ""

    @rule(person=people, verdict=st.sampled_from(Verdict), stale=st.booleans())
    def moderate(self, person: Person, verdict: Verdict, stale: bool) -> None:
        if verdict not in {Verdict.APPROVE, Verdict.REJECT} or person.state != "waiting":
            return
        response = response_by_receipt(self.session, person.code)
        assert response is not None
        for answer in response.answers:
            read = "0" * 64 if stale else current_revision(self.session, answer).hash
            reason = RejectReason.OFF_TOPIC if verdict is Verdict.REJECT else None
            if stale:
                with pytest.raises(StaleRead):
                    decide(self.session, answer, verdict, read=read, by=self.world.director, reason=reason)
            elif verdict is Verdict.APPROVE and person.use is Attribution.NOT_FOR_USE:
                with pytest.raises(Refused):
                    decide(self.session, answer, verdict, read=read, by=self.world.director)
            else:
                decide(self.session, answer, verdict, read=read, by=self.world.director, reason=reason)
                person.state = verdict.value

    @invariant()
    def what_is_stored_and_exported_is_what_the_model_says(self) -> None:
        for person in self.all:
            draft = kept_draft(self.session, person.invited.invitation, self.world.rules, self.seal)
            assert (
                [one.text for one in draft.answers.values()] == [person.draft] if draft else not person.draft
            )
            if person.code:
                stored = stored_response(self.session, person.code)
                assert stored is not None
                assert [answer.text for answer in stored.answers] == [person.text] * 2
        printed = sorted(
            2 * [p.text for p in self.all
                 if p.state == Verdict.APPROVE.value and p.use is Attribution.QUOTE_UNATTRIBUTED]
        )  # fmt: skip
        export = released(self.session, self.world.consultation, Profile.DESK)
        assert sorted(row.text for row in export.rows if row.text) == printed


def live(database: Database, examples: int, steps: int) -> None:
    """That many lives of that many steps."""
    machine = type(
        "LivesHere", (Lives,), {"session_of": staticmethod(lambda: database.session(writing=True))}
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
