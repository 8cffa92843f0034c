"""Signing in and out, and the page of the installation."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from consult.accounts import actions
from consult.core.clock import now
from tests.factories import World, make_user
from tests.pages import PageClient

PASSWORD = "a long enough password"


def test_signing_in_leads_where_one_was_going(session: Session, world: World, client: PageClient) -> None:
    actions.set_password(session, world.director, PASSWORD)
    session.commit()
    page = client.page(f"/desk/{world.slug}")
    assert page.response.request.path == "/sign-in"
    inside = client.submit(page, email=world.director.email.upper(), password=PASSWORD)
    assert inside.response.request.path == f"/desk/{world.slug}"
    assert "Director · Programme director" in inside.text


def test_a_wrong_password_keeps_the_address_and_signs_nobody_in(
    session: Session, world: World, client: PageClient
) -> None:
    actions.set_password(session, world.director, PASSWORD)
    session.commit()
    again = client.submit(client.page("/sign-in"), email=world.director.email, password="something else")
    assert again.status == 422
    assert again.form().values["email"] == [world.director.email]
    assert again.form().values["password"] == [""]
    assert client.get("/desk/").status_code == 303


@pytest.mark.parametrize("fields", [{}, {"email": "x@example.org"}, {"password": "only"}])
def test_what_is_missing_is_said_at_the_field(
    world: World, client: PageClient, fields: dict[str, str]
) -> None:
    again = client.submit(client.page("/sign-in"), **fields)
    assert again.status == 422
    assert "Enter your" in again.text


def test_signing_out_ends_it(world: World, client: PageClient) -> None:
    page = client.sign_in(world.director).page("/desk/")
    copied = client.get_cookie("consult")
    out = client.submit(page, "/sign-out")
    assert out.response.request.path == "/sign-in"
    assert client.get("/desk/").status_code == 303
    assert copied is not None
    client.set_cookie("consult", copied.value)
    assert client.get("/desk/").status_code == 303, "a copy of the cookie from before signs nobody in"


def test_only_an_administrator_sees_the_installation(
    session: Session, world: World, client: PageClient
) -> None:
    page = client.sign_in(world.administrator).page("/admin/")
    assert "The installation" in page.text
    assert "None on record. Run “consult backup” every day." in page.text
    for user in (world.director, world.observer, make_user(session, "Nobody")):
        session.commit()
        client.sign_in(user).page("/admin/", 404)


def test_a_late_answer_undoes_neither_a_language_nor_signing_out(
    session: Session, world: World, client: PageClient
) -> None:
    actions.set_password(session, world.director, PASSWORD)
    session.commit()
    inside = client.submit(client.page("/sign-in?lang=fr"), email=world.director.email, password=PASSWORD)
    assert inside.tree.get("lang") == "fr", "who signs in reads on in the language they chose"
    token = inside.form("/sign-out").values["csrf_token"]
    for late in (client.get("/desk/"), client.post("/desk/keys", data={"csrf_token": token, "keys": "on"})):
        assert "Set-Cookie" not in late.headers, "what it would say was said before, and may be untrue by now"
    assert "Set-Cookie" in client.get("/desk/?lang=pl").headers
    assert "Set-Cookie" not in client.get("/desk/?lang=pl").headers, "nothing new"
    assert "?lang=fr" in client.page(f"/desk/{world.slug}").links()
    client.submit(client.page("/desk/"), "/sign-out")
    assert client.page("/sign-in").tree.get("lang") == "pl"


def test_who_keeps_working_stays_signed_in(session: Session, world: World, client: PageClient) -> None:
    actions.set_password(session, world.director, PASSWORD)
    session.commit()
    with time_machine.travel(now(), tick=False) as clock:
        inside = client.submit(client.page("/sign-in"), email=world.director.email, password=PASSWORD)
        fields = {"csrf_token": inside.form("/sign-out").values["csrf_token"], "keys": "on"}
        for renewed, hours in ((False, 0.2), (True, 0.1), (False, 0.2), *((True, 2.8),) * 4):
            clock.shift(timedelta(hours=hours))
            assert "Set-Cookie" not in client.post("/desk/keys", data=fields).headers, "a page's own doing"
            assert ("Set-Cookie" in client.get("/desk/").headers) is renewed
        clock.shift(timedelta(hours=0.4))
        assert client.get("/desk/").status_code == 303, (
            "twelve hours after signing in, whatever was done since"
        )


def test_who_is_away_is_signed_out(session: Session, world: World, client: PageClient) -> None:
    client.sign_in(world.director).page("/desk/")
    with time_machine.travel(now() + timedelta(hours=2, minutes=59), tick=False):
        client.page("/desk/")
    with time_machine.travel(now() + timedelta(hours=6), tick=False):
        assert client.get("/desk/").status_code == 303


def test_what_was_written_when_a_session_ended_comes_back(world: World, client: PageClient) -> None:
    text = "A section that took two hours to write.\n</textarea>"
    lost = client.post(f"/desk/{world.slug}/report/takeaways", data={"heading": "Outcome", "text": text})
    assert lost.status_code == 401
    assert "took two hours to write.\n&lt;/textarea&gt;</textarea>" in lost.text
    assert client.post(f"/desk/{world.slug}/report/takeaways", data={"heading": "Outcome"}).status_code == 303
