"""Whoever keeps a proxy or a cache between readers and this program, and whoever is handed what it kept."""

from datetime import timedelta

import pytest

from consult.core.clock import now
from consult.web import session_cookie
from tests.factories import World
from tests.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_no_answer_that_others_are_handed_signs_them_in(
    client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A director's cookie is renewed once an hour, and a style sheet of theirs is kept for everybody for a year."""
    client.sign_in(world.director)
    with client.session_transaction() as cookie:
        cookie.permanent = True
    monkeypatch.setattr(session_cookie, "now", lambda: now() + timedelta(hours=2))
    address = f"/c/{world.slug}"
    style = next(
        element.get("href", "")
        for element in client.page(address).tree.iter("link")
        if element.get("rel") == "stylesheet"
    )
    for kept in (style, "/", address):
        with client.get(kept) as response:
            assert response.cache_control.public, kept
            assert "Set-Cookie" not in response.headers, kept
    assert "Set-Cookie" in client.get("/desk/").headers
    chosen = client.get(f"{address}?lang=pl")
    assert "Set-Cookie" in chosen.headers
    assert not chosen.cache_control.public
