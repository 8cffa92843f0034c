"""Signing in and out, and the page of the installation."""

import pytest
from sqlalchemy.orm import Session

from consult.accounts import actions
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
    out = client.submit(page, "/sign-out")
    assert out.response.request.path == "/sign-in"
    assert client.get("/desk/").status_code == 303


def test_only_an_administrator_sees_the_installation(
    session: Session, world: World, client: PageClient
) -> None:
    page = client.sign_in(world.administrator).page("/admin/")
    assert "The installation" in page.text
    for user in (world.director, world.observer, make_user(session, "Nobody")):
        session.commit()
        client.sign_in(user).page("/admin/", 404)
