"""`user close` and `user list`: the call on a Sunday that a laptop was stolen."""

import pytest
from sqlalchemy.orm import Session

from consult.accounts.actions import set_password, sign_in
from consult.core.errors import Invalid
from consult.settings import Settings
from tests.cli.commands import refused, run
from tests.factories import World
from tests.pages import PageClient

PASSWORD = "a password of the tests"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_closed_account_is_out_at_once_and_opens_again_by_command_alone(
    settings: Settings, session: Session, world: World, client: PageClient
) -> None:
    email, second, slug = world.director.email, world.second_director.email, world.slug
    set_password(session, world.director, PASSWORD)
    session.commit()
    client.sign_in(world.director).page("/desk/")
    assert "no account" in refused(run(settings, "user", "close", "nobody@example.org"))
    closed = run(settings, "user", "close", email.upper())
    assert closed.exit_code == 0, closed.output
    assert "has no programme director" not in closed.stderr, "the second one is there"
    assert client.get("/desk/").status_code == 303
    session.expire_all()
    with pytest.raises(Invalid):
        sign_in(session, email, PASSWORD)
    session.rollback()
    assert f"{email}  (closed): programme director of {slug}" in run(settings, "user", "list").output
    unset = run(settings, "user", "password", email, "--password-stdin", given="another long password\n")
    assert "is closed" in refused(unset)
    last = run(settings, "user", "close", second)
    assert f"{slug} has no programme director now" in last.stderr
    again = ["user", "add", email, "--role", "programme-director", "--consultation", slug]
    assert run(settings, *again).exit_code == 0
    given = ["user", "password", email, "--password-stdin"]
    assert "12 to 200" in refused(run(settings, *given, given="short\n"))
    assert run(settings, *given, given="another long password\n").exit_code == 0
    session.expire_all()
    assert sign_in(session, email, "another long password").active
