"""A clock that is put right, backwards or forwards, while people are at work."""

import time
from datetime import timedelta

import pytest

from consult.core.clock import now
from consult.web import session_cookie
from tests.factories import World
from tests.pages import PageClient
from tests.web.participate.cast import ANSWER, opened

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_clock_that_goes_back_throws_nobody_out(
    client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, true = opened(client, world), time.time
    monkeypatch.setattr(time, "time", lambda: true() - 240)
    monkeypatch.setattr(session_cookie, "now", lambda: now() - timedelta(minutes=4))
    asked_again = client.submit(form, "/respond/", **ANSWER)  # the page's own token comes from the future
    assert "nothing is lost" in asked_again.text
    client.submit(asked_again, "/respond/", follow=False)
    assert client.page("/respond/receipt").status == 200
    assert "Your answer is in" in client.page("/respond/").text


@pytest.mark.parametrize("hours", [-13, 13])
def test_a_cookie_of_another_day_is_no_cookie(
    client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    client.sign_in(world.director)
    monkeypatch.setattr(session_cookie, "now", lambda: now() + timedelta(hours=hours))
    assert client.get("/desk/").status_code == 303
