"""The address in a mail that stops the reminders: looking does nothing, a button or a mail program's own post does."""

import pytest
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.core.sealing import Seal
from consult.participants.models import Invitation
from tests.factories import LINK_KEY, World
from tests.pages import PageClient


def address(world: World) -> str:
    return f"/stop/{Seal(LINK_KEY).stop_token(world.participant.invitation.id)}"


def declined(database: Database, world: World) -> bool:
    with database.reading() as session:
        return session.get_one(Invitation, world.participant.invitation.id).declined


def test_the_button_stops_the_reminders_and_leaves_the_way_in(
    client: PageClient, database: Database, world: World
) -> None:
    page = client.page(address(world))
    assert not declined(database, world)
    done = client.submit(page)
    assert "no more reminders" in done.text
    assert declined(database, world)
    assert client.get(f"/i/{world.participant.secret}").status_code == 200


def test_a_mail_program_stops_them_with_one_post(
    client: PageClient, database: Database, world: World
) -> None:
    assert client.post(address(world), data={"List-Unsubscribe": "One-Click"}).status_code == 204
    assert declined(database, world)


def test_scanners_stop_nothing(client: PageClient, database: Database, world: World) -> None:
    for _ in range(3):
        assert client.get(address(world)).status_code == 200
        assert client.head(address(world)).status_code == 200
        assert client.post(address(world)).status_code == 422
        assert client.post(address(world), data={"csrf_token": "", "x": "One-Click"}).status_code == 422
    assert not declined(database, world)


def test_it_does_not_tell_who_has_answered(
    client: PageClient, database: Database, session: Session, world: World
) -> None:
    before = client.page(address(world)).text
    with database.transaction() as writing:
        writing.get_one(Invitation, world.participant.invitation.id).answered = True
    page = client.page(address(world))
    assert page.text == before
    assert "no more reminders" in client.submit(page).text
    assert not declined(database, world)


@pytest.mark.parametrize("change", ["", "x", "-", "secret", "other"])
def test_another_token_finds_nothing(
    client: PageClient, database: Database, world: World, change: str
) -> None:
    token = {
        "secret": world.participant.secret,
        "other": f"{world.participant.invitation.id}-{world.participant.secret}",
    }.get(change, change + address(world).removeprefix("/stop/")[:-1])
    page = client.page(f"/stop/{token}", 404)
    assert "does not work" in page.text
    assert client.post(f"/stop/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert not declined(database, world)
