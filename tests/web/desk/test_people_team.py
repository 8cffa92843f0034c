"""A colleague is invited by mail and sets a first password with the link in it, once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.accounts.queries import staff_of
from consult.core.mail.models import MailMessage
from consult.core.sealing import Seal
from consult.operations.mailing.composing import Composer
from consult.settings import Settings
from tests.factories import LINK_KEY, World
from tests.pages import PageClient


def invite(client: PageClient, world: World, **values: str) -> str:
    page = client.sign_in(world.director).page(f"/desk/{world.slug}/team")
    return client.submit(page, "/team", **values).text


def test_a_colleague_comes_in_by_the_mails_link_once(
    session: Session, world: World, client: PageClient, settings: Settings
) -> None:
    said = invite(client, world, name="Nowy", email="Nowy@Example.org", role="rapporteur", meeting="may")
    assert "The invitation is on its way" in said
    message = session.scalars(select(MailMessage)).one()
    text = Composer(settings, Seal(LINK_KEY)).letter(session, message).text
    path = next(line for line in text.splitlines() if "/first-password/" in line).partition("localhost")[2]
    user = session.scalars(select(User).where(User.email == "nowy@example.org")).one()
    assert [(one.role, one.meeting_id) for one in user.memberships] == [(Role.RAPPORTEUR, world.may.id)]
    session.commit()
    fresh = client.application.test_client()
    page = fresh.page(path)
    assert "differ" in fresh.submit(page, "first-password", password="one two three four", again="x").text
    assert "12 to 200" in fresh.submit(page, "first-password", password="short", again="short").text
    inside = fresh.submit(page, "first-password", password="one two three four", again="one two three four")
    assert inside.response.request.path == "/desk/"
    assert client.application.test_client().get(path).status_code == 404
    assert fresh.get(path + "x").status_code == 404


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"name": "N", "email": "none", "role": "observer"}, "Write it like name@example.org"),
        (
            {"name": "N", "email": "n@example.org", "role": "programme_director", "meeting": "may"},
            "leave the meeting out",
        ),
        ({"name": "N", "email": "n@example.org"}, "Choose a role"),
    ],
)
def test_a_bad_value_is_told_at_its_field(
    world: World, client: PageClient, values: dict[str, str], advice: str
) -> None:
    assert advice in invite(client, world, **values)


def test_a_role_is_taken_away_but_never_the_last_directors(
    session: Session, world: World, client: PageClient
) -> None:
    rapporteur = client.application.test_client().sign_in(world.rapporteur)
    outsider = client.application.test_client().sign_in(world.outsider)
    client.sign_in(world.director)
    own, address, mine = f"/desk/{world.slug}", f"/desk/{world.slug}/team", world.director.email
    theirs = f"/desk/{world.elsewhere.slug}"
    by_user = {one.user_id: one.id for one in staff_of(session, world.consultation.id)}
    first, second, last = (
        by_user[one.id] for one in (world.rapporteur, world.second_director, world.director)
    )
    consultation_id = world.consultation.id
    session.close()
    assert rapporteur.get(own).status_code == 200
    for role in (first, second):
        assert "The role is taken away." in client.submit(client.page(address), f"{role}/remove").text
    assert rapporteur.get(own).status_code == 404
    kept = client.submit(client.page(address), f"{last}/remove")
    assert kept.status == 409
    assert "one programme director at least" in kept.text
    demoted = client.submit(client.page(address), "/team", name="Me", email=mine, role="observer")
    assert demoted.status == 422
    assert "one programme director at least" in demoted.text
    assert client.get(address).status_code == 200
    token = outsider.page(f"{theirs}/team").form("/team").values
    assert outsider.post(f"{theirs}/roles/{last}/remove", data=token).status_code == 303
    assert last in {one.id for one in staff_of(session, consultation_id)}
