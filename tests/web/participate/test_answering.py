"""A participant opens the link, answers, and gets a receipt; and nothing typed is ever lost."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.participants.models import Invitation
from consult.responses.models import Response, Revision
from consult.web.guards import INVITATION
from consult.web.transactions import TransactionalFlask
from tests.factories import World, make_invited
from tests.pages import Page, PageClient

TEXTS = {"text_1": "Unity, shown in budgets.", "text_2": "Miscalculation at sea."}
USES = {"use_1": "quote_unattributed", "use_2": "aggregate_only"}
ANSWER = TEXTS | USES


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Response)) or 0


def opened(client: PageClient, world: World) -> Page:
    """The form, as reached from the link."""
    return client.submit(client.page(f"/i/{world.participant.secret}"), "/i/")


def stored_texts(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Revision.text)))  # type: ignore[arg-type]


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


def test_looking_at_the_link_changes_nothing(client: PageClient, world: World, session: Session) -> None:
    session.close()
    for _ in range(3):
        response = client.get(f"/i/{world.participant.secret}")
        assert response.status_code == 200
    with client.session_transaction() as cookie:
        assert INVITATION not in cookie
    client.get("/respond/", follow_redirects=False)
    session.expire_all()
    invitation = session.get_one(Invitation, world.participant.invitation.id)
    assert not invitation.answered
    assert not invitation.declined


def test_the_secret_is_on_no_page_after_the_button(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    receipt = client.submit(form, "/respond/", **ANSWER)
    for page in (form, receipt):
        assert world.participant.secret not in page.html
        assert world.participant.invitation.id not in page.html
        assert world.participant.code not in page.html


def test_an_unknown_link_says_what_to_do(client: PageClient, world: World) -> None:
    page = client.page("/i/" + "a" * 26, status=404)
    assert "/join" in page.links()
    page = Page(client.post("/i/" + "a" * 26))
    assert page.status == 404


def test_the_link_works_until_the_answer_is_in_and_then_leads_to_the_receipt(
    client: PageClient, world: World, session: Session, app: TransactionalFlask
) -> None:
    session.close()
    form = opened(client, world)
    assert "Give your answer" in client.page(f"/i/{world.participant.secret}").text
    client.submit(form, "/respond/", **ANSWER)
    other_browser = app.test_client()
    assert isinstance(other_browser, PageClient)
    page = other_browser.page(f"/i/{world.participant.secret}")
    assert "Your answer is in" in page.text
    assert "/receipt" in page.links()


def test_the_typed_code_opens_the_form_however_it_is_spaced(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    code = world.participant.code.lower()
    page = client.submit(client.page("/join"), "/join", code=f" {code[:3]}-{code[3:6]} {code[6:]} ")
    assert page.response.request.path == "/respond/"


def test_a_wrong_code_says_so_and_guessing_is_slowed(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    page = client.page("/join")
    wrong = client.submit(page, "/join", code="ABCDEFGHJ")
    assert wrong.status == 422
    assert "That code is not on our list. It has 9 characters and no letter O." in wrong.text
    for _ in range(39):
        client.submit(page, "/join", code="ABCDEFGHJ")
    slowed = client.submit(page, "/join", code=world.participant.code)
    assert slowed.status == 429
    assert "Wait" in slowed.text


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
    assert "Quote, with a role" not in form.text
    page = client.submit(form, "/respond/", **(ANSWER | {"use_1": use}))
    assert page.status == 422
    assert count(session) == 0


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


def test_a_lost_cookie_brings_the_text_back_beside_the_code(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    with client.session_transaction() as cookie:
        cookie.clear()
    page = client.submit(form, "/respond/", **ANSWER)
    assert page.status == 422
    assert "Type your code" in page.text
    assert page.form("/join").values["text_1"] == [TEXTS["text_1"]]
    wrong = client.submit(page, "/join", code="ABCDEFGHJ")
    assert wrong.form("/join").values["text_2"] == [TEXTS["text_2"]]
    again = client.submit(wrong, "/join", code=world.participant.code)
    values = again.form("/respond/").values
    assert {name: values[name][0] for name in ANSWER} == ANSWER
    assert "We have it" in client.submit(again, "/respond/").text
    assert count(session) == 1


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


def test_a_form_left_open_is_not_sent_in_the_name_of_the_next_person(
    client: PageClient, world: World, session: Session
) -> None:
    neighbour = make_invited(session, world.consultation, world.october, 3)
    session.commit()
    session.close()
    form = opened(client, world)
    client.submit(client.page(f"/i/{neighbour.secret}"), "/i/")
    page = client.submit(form, "/respond/", **ANSWER, csrf_token=None)
    assert page.status == 422
    assert "Another invitation may have been opened in this browser" in page.text
    assert count(session) == 0
    session.close()
    page = client.submit(page, "/respond/", **ANSWER)
    assert "We have it" in page.text
    session.expire_all()
    assert not session.get_one(Invitation, world.participant.invitation.id).answered
    assert session.get_one(Invitation, neighbour.invitation.id).answered


def test_another_invitation_in_this_browser_is_said_and_the_text_kept(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    client.submit(client.page(f"/i/{world.other_participant.secret}"), "/i/")
    fresh = client.page("/respond/").form("/respond/").values["csrf_token"][0]
    page = client.submit(form, "/respond/", **ANSWER, csrf_token=fresh)
    assert page.status == 422
    assert "Another invitation may have been opened in this browser" in page.text
    assert "Deterrence and assurance" in page.text
    assert page.form("/respond/").values["text_1"] == [TEXTS["text_1"]]
    assert count(session) == 0


def test_opening_an_invitation_forgets_the_one_before_but_not_the_language(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    client.submit(opened(client, world), "/respond/", **ANSWER)
    client.get("/respond/?lang=pl")
    client.submit(client.page(f"/i/{world.other_participant.secret}"), "/i/")
    with client.session_transaction() as cookie:
        assert cookie["language"] == "pl"
        assert "receipt" not in cookie
    assert client.get("/respond/receipt").status_code == 303


def test_before_opening_and_after_closing_there_is_a_page_instead_of_the_form(
    client: PageClient, world: World, session: Session
) -> None:
    world.consultation.opens_at = now() + timedelta(hours=2)
    session.commit()
    for path in (f"/i/{world.participant.secret}", "/respond/"):
        page = client.hold(world.participant.invitation).page(path)
        assert "Not open yet" in page.text
        assert not [form for form in page.forms if form.method == "post"]
    world.consultation.opens_at = now() - timedelta(hours=2)
    world.consultation.closes_at = now() - timedelta(minutes=1)
    session.commit()
    assert "This consultation has closed" in client.page("/respond/").text


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
    """A form opened now, of a consultation that closes at once and is looked at `minutes` later."""
    session.commit()
    form = opened(client, world)
    from consult.web.participate import ticket as tickets

    secret_key = str(client.application.secret_key)
    serializer = tickets._serializer(secret_key)
    key, tag = serializer.loads(form.form("/respond/").values["ticket"][0])
    world.consultation.closes_at = now() - timedelta(minutes=minutes)
    session.commit()
    import time_machine

    with time_machine.travel(now() - timedelta(minutes=minutes + 5), tick=False):
        earlier = serializer.dumps([key, tag])
    form.html = form.html.replace(form.form("/respond/").values["ticket"][0], earlier)
    import html5lib

    form.tree = html5lib.parse(form.html, namespaceHTMLElements=False)
    return form


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


def test_not_wishing_to_answer_is_noted_and_leaves_the_way_open(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    page = client.submit(form, "/respond/decline")
    assert "Noted: you do not wish to answer" in page.text
    session.expire_all()
    assert session.get_one(Invitation, world.participant.invitation.id).declined
    session.close()
    client.submit(client.page("/respond/"), "/respond/", **ANSWER)
    session.expire_all()
    invitation = session.get_one(Invitation, world.participant.invitation.id)
    assert invitation.answered
    assert not invitation.declined


def test_the_ground_rules_are_html_and_nothing_in_them_runs(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    page = client.hold(world.participant.invitation).page("/respond/rules")
    assert [item.text for item in page.tree.iter("li") if item.text == "Not in an export."]
    assert "<script" not in page.html.split("<main")[1].split("</main>")[0]
