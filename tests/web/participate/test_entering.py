"""Link and code lead to the form, and to nobody else's."""

import gzip
from datetime import timedelta

from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.core.clock import now
from consult.participants.models import Invitation
from consult.web.guards import INVITATION
from consult.web.transactions import TransactionalFlask
from tests.factories import World, make_consultation, make_invited, make_meeting
from tests.pages import Page, PageClient
from tests.web.participate.cast import ANSWER, TEXTS, count, opened


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


def test_whoever_opens_an_invitation_reads_who_asks_and_who_will_see_which_answer_is_theirs(
    client: PageClient, world: World, session: Session
) -> None:
    """Whatever the convenor wrote into the promise."""
    consultation, _rules = make_consultation(session, "named", mode=Mode.ATTRIBUTED)
    named = make_invited(
        session, consultation, make_meeting(session, consultation, "one", "One", now().date())
    )
    session.commit()
    session.close()
    page = client.page(f"/i/{named.secret}")
    assert "The programme directors see which answer is yours." in page.text
    for page in (client.page(f"/i/{world.participant.secret}"), opened(client, world)):
        assert "Only two programme directors together can look that up" in page.text
        head = page.tree.find("body/header")
        assert head is not None
        assert "The convenor" in "".join(head.itertext())


def test_a_browser_that_refuses_cookies_is_told_so(client: PageClient, world: World) -> None:
    page = client.page(f"/i/{world.participant.secret}")
    assert "refuses cookies" not in client.submit(page, "/i/", csrf_token="old").text
    client.delete_cookie("consult")
    assert "refuses cookies" in client.submit(page, "/i/").text
    lost = client.submit(page, "/i/")
    client.delete_cookie("consult")
    assert "refuses cookies" in client.submit(lost, "/i/").text


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


def test_words_for_which_the_other_form_has_no_box_are_shown_to_copy(
    client: PageClient, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    client.submit(client.page(f"/i/{world.other_participant.secret}"), "/i/")
    longer = {**ANSWER, "text_9": "Said at a meeting that asked more.", "use_9": "aggregate_only"}
    page = Page(
        client.post("/respond/", data={**longer, "ticket": form.form("/respond/").values["ticket"][0]})
    )
    assert page.status == 422
    copied = [box for box in page.tree.iter("textarea") if box.get("name") == "text_9"]
    assert [(box.text or "").strip() for box in copied] == [longer["text_9"]]
    assert "text_9" not in page.form("/respond/").values


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
    closed = client.page("/respond/")
    assert "This consultation has closed" in closed.text
    assert f"/c/{world.slug}" in closed.links()


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


def test_what_a_page_is_dressed_in_comes_small_and_once_and_the_page_itself_as_it_is(
    client: PageClient, world: World, session: Session
) -> None:
    """A page with a token or words in it is never compressed: its length would tell of them."""
    session.close()
    takes = {"Accept-Encoding": "gzip, deflate, br"}
    form = opened(client, world)
    assert "Content-Encoding" not in client.get("/respond/", headers=takes).headers
    dress = [one.get("href") or "" for one in form.tree.iter("link")]
    dress += [one.get("src") or "" for one in form.tree.iter("script")]
    for address in (one for one in dress if "/css/" in one or "/js/" in one or "govuk" in one):
        with client.get(address) as plain, client.get(address, headers=takes) as packed:
            assert gzip.decompress(packed.data) == plain.data, address
            assert len(packed.data) < len(plain.data), address
        assert packed.headers["Vary"] == "Accept-Encoding", (
            address
        )  # a new cookie leaves it in the browser's keep
        kept = {**takes, "If-None-Match": packed.headers["ETag"]}
        with client.get(address, headers=kept) as again:
            assert again.status_code == 304, address
