"""Somebody on the network: keeps others out, guesses codes and passwords, or reads what a queue leaves behind."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from consult.accounts.actions import set_password
from consult.app import create_app
from consult.core.database import Database
from consult.core.outbox import promise
from consult.jobs.queue import JobQueue
from consult.settings import Settings
from consult.web.account.views import MOST_TRIES
from consult.web.asking import asked_from
from consult.web.participate.views import MOST_WRONG_CODES
from consult.web.transactions import Session, TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.web.scenes import token_for

PASSWORD = "a password of the tests"
LOOPBACK = "127.0.0.1"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def posted(
    app: TransactionalFlask, client: PageClient, path: str, forwarded: str, near: str = LOOPBACK, **data: str
) -> int:
    """The status of a form that comes through the proxy."""
    sent = {"csrf_token": token_for(client, app), **data}
    headers = {"X-Forwarded-For": forwarded}
    return client.post(path, data=sent, headers=headers, environ_base={"REMOTE_ADDR": near}).status_code


def test_one_reader_who_guesses_codes_keeps_no_other_out(
    app: TransactionalFlask, client: PageClient, world: World
) -> None:
    wrong, right = {"code": "ABCDEFGHJ"}, {"code": world.participant.code}
    tried = [
        posted(app, client, "/join", f"{number}.9.9.9, 203.0.113.7", **wrong)
        for number in range(MOST_WRONG_CODES + 1)
    ]
    assert (tried[0], tried[-1]) == (422, 429)  # whatever the reader writes before the proxy's own entry
    assert posted(app, client, "/join", "198.51.100.2", **right) == 303


@pytest.mark.parametrize(
    ("near", "forwarded", "counted"),
    [
        (LOOPBACK, "", LOOPBACK),
        (LOOPBACK, "not an address", LOOPBACK),
        (LOOPBACK, "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8:1:2:a::1", "2001:db8:1:2::/64"),
        ("", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("::ffff:203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("2001:db8:1:2::5", "", "2001:db8:1:2::/64"),
    ],
)
def test_by_whom_a_try_is_counted(app: TransactionalFlask, near: str, forwarded: str, counted: str) -> None:
    """A proxy on this machine is believed, anybody else is not; a network of version 6 is one reader."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with app.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": near}):
        assert asked_from() == counted


def test_nobody_keeps_a_director_out_from_elsewhere(
    app: TransactionalFlask, client: PageClient, session: Session, world: World
) -> None:
    set_password(session, world.director, PASSWORD)
    session.commit()
    email = world.director.email
    wrong = {"email": email, "password": "wrong"}
    tried = [posted(app, client, "/sign-in", "203.0.113.7", **wrong) for _ in range(MOST_TRIES + 1)]
    assert (tried[0], tried[-1]) == (422, 429)
    right = {"email": email, "password": PASSWORD}
    assert posted(app, app.test_client(), "/sign-in", "203.0.113.7", **right) == 429
    assert posted(app, app.test_client(), "/sign-in", "198.51.100.2", **right) == 303


def test_strangers_at_many_addresses_keep_no_director_out_of_their_own_browser(
    app: TransactionalFlask, client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.accounts.actions.matches", lambda _stored, password: password == PASSWORD)
    monkeypatch.setattr("consult.web.account.views.MOST_IN_ALL", 5)
    right = {"email": world.director.email, "password": PASSWORD}
    wrong = right | {"password": "wrong"}
    assert posted(app, client, "/sign-in", "203.0.113.7", **right) == 303
    tried = [
        posted(app, app.test_client(), "/sign-in", f"198.51.100.{number}", **wrong) for number in range(6)
    ]
    assert (tried[0], tried[-1]) == (422, 429)
    assert posted(app, app.test_client(), "/sign-in", "203.0.113.8", **right) == 429
    assert posted(app, client, "/sign-in", "203.0.113.7", **right) == 303, "in the browser they know"
    other = right | {"email": world.second_director.email}
    assert posted(app, client, "/sign-in", "198.51.100.1", **other) == 303, "an account under no attack"
    assert posted(app, client, "/sign-in", "203.0.113.8", **right) == 429, (
        "whose browser it is now says the mark"
    )


def test_a_browser_that_signed_in_before_guesses_no_more_than_a_stranger(
    app: TransactionalFlask, client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.accounts.actions.matches", lambda _stored, password: password == PASSWORD)
    right = {"email": world.director.email, "password": PASSWORD}
    assert posted(app, client, "/sign-in", "203.0.113.7", **right) == 303
    tried = [
        posted(app, client, "/sign-in", f"203.0.113.{number}", **right | {"password": "wrong"})
        for number in range(MOST_TRIES + 1)
    ]
    assert (tried[0], tried[-1]) == (422, 429)


def test_one_address_does_not_try_a_password_on_everybody(
    app: TransactionalFlask, client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.accounts.actions.matches", lambda _stored, _password: False)
    monkeypatch.setattr("consult.web.account.views.MOST_IN_ALL", 5)
    tried = [
        posted(app, client, "/sign-in", "203.0.113.7", email=f"x{number}@example.org", password="wrong")
        for number in range(6)
    ]
    assert (tried[0], tried[-1]) == (422, 429)


ELSEWHERE = (
    "//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "/desk/\r\nSet-Cookie: x=y",
    "/\t/e.example", "//[", "/desk/\u2028", "/desk/\\", "javascript:alert(1)",
)  # fmt: skip


def test_nobody_is_led_elsewhere_or_into_an_error(
    app: TransactionalFlask, client: PageClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.accounts.actions.matches", lambda _stored, _password: True)
    for elsewhere in ELSEWHERE:
        address = f"/sign-in?{urlencode({'next': elsewhere})}"
        signing_in = {"email": world.director.email, "password": "any", "csrf_token": token_for(client, app)}
        assert client.post(address, data=signing_in).location == "/desk/"
        keys = {"keys": "on", "back": elsewhere, "csrf_token": token_for(client, app)}
        assert client.post("/desk/keys", data=keys).location == "/desk/"


def test_with_https_the_cookie_is_taken_from_this_host_alone(settings: Settings, database: Database) -> None:
    """A page of a neighbour under the same domain would else put its own invitation into a reader's browser."""
    app = create_app(replace(settings, base_url="https://localhost", secure_cookies=True), database)
    client = app.test_client()
    cookie = client.get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    app.extensions["queue"].close()
    assert cookie.startswith("__Host-consult=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_job_that_fails_for_good_leaves_no_words_in_the_queue(
    settings: Settings, database: Database
) -> None:
    """The queue's file is in no backup and no rewrite, and would keep the text of the error, and where it came from."""

    def fails(_session: Session, _payload: dict[str, str]) -> None:
        raise ValueError("QUOTED WORDS of an answer")

    queue = JobQueue(settings, database, {"fails": fails})
    with database.transaction() as session:
        promise(session, "fails")
    queue.run_waiting()
    for _ in range(12):
        queue.run_waiting()
    queue.close()
    file = Path(settings.jobs_url)
    kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert kept
    assert b"QUOTED WORDS" not in kept
