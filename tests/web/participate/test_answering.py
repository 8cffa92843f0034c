"""A participant opens the link, answers, and gets a receipt; and nothing typed is ever lost."""

import threading
from datetime import time, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.participants.models import Invitation
from consult.responses.models import Response, Revision
from consult.web.participate import answering
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import Page, PageClient
from tests.web.participate.cast import ANSWER, TEXTS, count, opened, stored_texts


def test_from_the_link_to_the_receipt(client: PageClient, world: World, session: Session) -> None:
    session.close()
    page = client.page(f"/i/{world.participant.secret}")
    assert "Consultation warsaw" in page.text
    assert "NATO and Russia · October 2015" in page.text
    assert "The convenor" in page.text
    assert "Who said it stays with us." in page.text
    form = client.submit(page, "/i/")
    assert form.response.request.path == "/respond/"
    assert "What single outcome would you like to see?" in form.text
    receipt = client.submit(form, "/respond/", **ANSWER)
    assert receipt.response.request.path == "/respond/receipt"
    assert "We have it" in receipt.text
    assert stored_texts(session) == set(TEXTS.values())
    session.expire_all()
    assert session.get_one(Invitation, world.participant.invitation.id).answered


def test_nothing_is_chosen_beforehand_and_a_choice_is_asked_for(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    assert not {"use_1", "use_2"} & form.form("/respond/").values.keys()
    page = client.submit(form, "/respond/", **TEXTS, use_1="quote_unattributed")
    assert page.status == 422
    assert "Choose how we may use this" in page.text
    values = page.form("/respond/").values
    assert values["text_1"] == [TEXTS["text_1"]]
    assert values["use_1"] == ["quote_unattributed"]
    assert "use_2" not in values
    assert count(session) == 0


@pytest.mark.parametrize("use", ["quote_with_role", "named", "6", "", "nonsense"])
def test_a_use_above_the_ceiling_is_not_offered_and_not_taken(
    client: PageClient, world: World, session: Session, use: str
) -> None:
    session.close()
    form = opened(client, world)
    assert "Quote, named" not in form.text
    assert "Quote, with a role: beyond the ground rules" in form.text
    page = client.submit(form, "/respond/", **(ANSWER | {"use_1": use}))
    assert page.status == 422
    assert count(session) == 0


def test_a_dated_waiver_lets_one_answer_go_above_the_ceiling(
    client: PageClient, world: World, session: Session
) -> None:
    """By the participant's own tick, kept with the day alone, told on the receipt, and taken back by a change."""
    session.close()
    form = opened(client, world)
    assert "waive_1" not in form.form("/respond/").values
    above = ANSWER | {"use_1": "quote_with_role"}
    unticked = client.submit(form, "/respond/", **above)
    assert (unticked.status, "Tick the box below" in unticked.text) == (422, True)
    named = client.submit(form, "/respond/", **above | {"use_1": "named", "waive_1": "y"})
    assert named.status == 422
    receipt = client.submit(unticked, "/respond/", **above, waive_1="y")
    assert "beyond the ground rules, as you allowed on" in receipt.text
    first, second = session.scalars(select(Revision).order_by(Revision.attribution.desc())).all()
    assert first.waived_at is not None
    assert (first.waived_at.time(), second.waived_at) == (time(0), None)
    session.close()
    change = client.page("/respond/change")
    assert client.submit(change, "/change").text.count("Nothing was different") == 1
    client.submit(change, "/change", use_1="quote_unattributed", waive_1=None)
    standing = session.scalars(select(Revision).where(Revision.current)).all()
    assert not any(revision.waived_at for revision in standing)
    session.rollback()
    with pytest.raises(DBAPIError, match=r"unlinked answer has no waiver|append-only"):
        session.execute(update(Revision).values(waived_at=now()))


def test_an_empty_and_a_long_text_are_refused_with_a_sentence(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    long = "Ł" * 1501
    page = client.submit(opened(client, world), "/respond/", **(ANSWER | {"text_1": " \n ", "text_2": long}))
    assert page.status == 422
    assert "Write your answer." in page.text
    assert "Your answer has 1501 characters. Shorten it to 1500." in page.text
    assert page.form("/respond/").values["text_2"] == [long]
    assert count(session) == 0


def test_a_nul_character_is_refused_at_its_field_and_the_rest_is_kept(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    page = client.submit(opened(client, world), "/respond/", **(ANSWER | {"text_1": "before\x00after"}))
    assert page.status == 422
    assert "cannot be stored" in page.text
    assert page.form("/respond/").values["text_1"] == ["before\ufffdafter"]
    assert count(session) == 0


def test_a_lone_surrogate_is_never_a_500(client: PageClient, world: World, session: Session) -> None:
    session.close()
    values = opened(client, world).form("/respond/").values
    body = "&".join(
        [
            "csrf_token=" + values["csrf_token"][0],
            "ticket=" + values["ticket"][0],
            "text_1=%ED%A0%BD&use_1=aggregate_only&text_2=b&use_2=aggregate_only",
        ]
    )
    response = client.post("/respond/", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {303, 422}


def test_an_expired_token_keeps_the_text_and_the_next_press_sends_it(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    page = client.submit(form, "/respond/", **ANSWER, csrf_token="expired")
    assert page.status == 422
    assert "This page had been open too long; nothing is lost. Press Submit again." in page.text
    values = page.form("/respond/").values
    assert {name: values[name][0] for name in ANSWER} == ANSWER
    assert values["ticket"] == form.form("/respond/").values["ticket"]
    receipt = client.submit(page, "/respond/")
    assert "We have it" in receipt.text
    assert stored_texts(session) == set(TEXTS.values())


def test_a_double_click_a_reload_and_a_step_back_make_one_response(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    first = client.submit(form, "/respond/", **ANSWER)
    again = client.submit(form, "/respond/", **ANSWER)
    client.page("/respond/receipt")
    assert first.text == again.text
    assert count(session) == 1


def test_a_double_click_at_the_same_instant_makes_one_response(
    client: PageClient, app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world).form("/respond/")
    cookie = client.get_cookie("consult")
    assert cookie is not None
    data = {name: values[0] for name, values in form.values.items()} | ANSWER
    start, answers = threading.Barrier(6), []

    def press() -> None:
        browser = app.test_client()
        browser.set_cookie("consult", cookie.value)
        start.wait()
        answers.append(browser.post("/respond/", data=data))

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [303] * 6
    assert {answer.location for answer in answers} == {"/respond/receipt"}
    assert count(session) == 1


def test_two_tabs_make_one_response_and_the_second_text_is_shown_to_copy(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    first, second = opened(client, world), opened(client, world)
    client.submit(first, "/respond/", **ANSWER)
    page = client.submit(second, "/respond/", **(ANSWER | {"text_1": "From the other tab."}))
    assert page.status == 409
    assert "Your answer is in" in page.text
    assert "From the other tab." in page.html
    assert count(session) == 1


def test_other_words_from_the_same_form_answer_409_with_both(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    client.submit(form, "/respond/", **ANSWER)
    page = client.submit(form, "/respond/", **(ANSWER | {"text_1": "Second thoughts."}))
    assert page.status == 409
    assert "Second thoughts." in page.html
    assert TEXTS["text_1"] in page.text
    assert stored_texts(session) == set(TEXTS.values())


def test_a_form_opened_before_closing_is_taken_within_the_grace_period(
    client: PageClient, world: World, session: Session
) -> None:
    form = opened_and_closed(client, world, session, minutes=1)
    page = client.submit(form, "/respond/", **ANSWER)
    assert "marked as late" in page.text
    session.rollback()
    assert session.scalars(select(Response.late)).all() == [True]


def test_after_the_grace_period_the_text_is_shown_back_to_copy(
    client: PageClient, world: World, session: Session
) -> None:
    form = opened_and_closed(client, world, session, minutes=60)
    page = client.submit(form, "/respond/", **ANSWER)
    assert page.status == 409
    assert "has closed" in page.text
    assert page.form("/respond/").values["text_1"] == [TEXTS["text_1"]]
    assert count(session) == 0


def opened_and_closed(client: PageClient, world: World, session: Session, *, minutes: int) -> Page:
    """A form opened shortly before closing, looked at when the consultation has been closed for `minutes`."""
    world.consultation.closes_at = now() - timedelta(minutes=minutes)
    session.commit()
    with time_machine.travel(now() - timedelta(minutes=minutes + 5)):
        return opened(client, world)


def test_a_form_opened_after_closing_or_with_a_forged_time_is_not_taken(
    client: PageClient, world: World, session: Session
) -> None:
    session.commit()
    form = opened(client, world)
    world.consultation.closes_at = now() - timedelta(seconds=30)
    session.commit()
    page = client.submit(form, "/respond/", **ANSWER)
    assert page.status == 409
    page = client.submit(form, "/respond/", **ANSWER, ticket=form.form("/respond/").values["ticket"][0] + "x")
    assert page.status == 422
    assert count(session) == 0


@pytest.mark.parametrize("failure", [OperationalError, IntegrityError])
def test_a_database_that_refuses_at_the_end_gives_the_text_back_to_send_again(
    client: PageClient,
    world: World,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[DBAPIError],
) -> None:
    session.close()
    form = opened(client, world)

    def refuse(*_args: object, **_facts: object) -> None:
        raise failure("INSERT", {}, Exception("away"))

    with monkeypatch.context() as patched:
        patched.setattr(answering, "submit", refuse)
        page = client.submit(form, "/respond/", **ANSWER)
    assert page.status in {409, 503}
    assert page.form("/respond/").values["text_1"] == [TEXTS["text_1"]]
    assert count(session) == 0
    session.close()
    assert "We have it" in client.submit(page, "/respond/").text
    assert count(session) == 1
