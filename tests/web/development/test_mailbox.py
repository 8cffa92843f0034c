"""On a development machine mail is read at a page, and its link leads on; elsewhere there is no such page."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consult.app import create_app
from consult.core.database import Database
from consult.operations.mailing.actions import send_invitations
from consult.settings import Settings, folder
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import Page, PageClient


@pytest.fixture
def development(settings: Settings, database: Database, tmp_path: Path) -> Iterator[TransactionalFlask]:
    """As it comes: with the sender of the settings that nobody has changed."""
    usual = tomllib.loads((folder("config") / "default.toml").read_text(encoding="utf-8"))["mail_from"]
    box = f"mailbox:{tmp_path / 'box'}"
    app = create_app(replace(settings, development=True, mail_url=box, mail_from=usual), database)
    app.testing = True
    app.test_client_class = PageClient
    yield app
    app.extensions["queue"].close()


def test_an_invitation_is_read_in_the_mailbox_and_its_link_opens_the_form(
    development: TransactionalFlask, database: Database, world: World
) -> None:
    client = development.test_client()
    assert isinstance(client, PageClient)
    assert "Nothing yet" in client.page("/dev/mailbox").text
    name = "محمد عبد الله بن عبد العزيز آل سعود"
    with database.transaction() as session:
        session.merge(world.participant.participant).name = name
        send_invitations(session, world.consultation, meeting=world.october)
    development.extensions["queue"].run_waiting()
    shelf = client.page("/dev/mailbox")
    assert f"{name} <{world.participant.participant.email}>" in shelf.text
    (path,) = [link for link in shelf.links() if re.fullmatch(r"/dev/mailbox/[a-z2-7]{26}", link)]
    message = client.page(path)
    assert "Your view is asked: NATO and Russia" in message.text
    assert "What single outcome would you like to see?" in message.text
    (link,) = [link for link in message.links() if "/i/" in link]
    opened = client.submit(client.page(link.removeprefix("http://localhost")))
    assert opened.status == 200
    assert "What single outcome would you like to see?" in opened.text


def test_the_html_part_may_load_and_run_nothing(
    development: TransactionalFlask, database: Database, world: World
) -> None:
    with database.transaction() as session:
        session.merge(world.participant.participant).name = "Zoë <script>alert(1)</script> & {link}"
        send_invitations(session, world.consultation, meeting=world.october)
    development.extensions["queue"].run_waiting()
    client = development.test_client()
    page = Page(client.get("/dev/mailbox", follow_redirects=True))
    (path,) = [link for link in page.links() if re.fullmatch(r"/dev/mailbox/[a-z2-7]{26}", link)]
    development.test_client_class = None
    response = development.test_client().get(f"{path}/html")
    html = response.get_data(as_text=True)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "Zoë &lt;script&gt;alert(1)&lt;/script&gt; &amp; {link}" in html
    assert not re.search(r"<(script|img|link|iframe|object|form)|url\(|@import", html)
    assert f'href="http://localhost/i/{world.participant.secret}?lang=en"' in html


@pytest.mark.parametrize("name", ["x", "a" * 26, "..%2f..%2fconsult.db", "a" * 26 + ".eml"])
def test_what_is_not_in_the_mailbox_is_not_found(development: TransactionalFlask, name: str) -> None:
    client = development.test_client()
    assert client.get(f"/dev/mailbox/{name}").status_code == 404
    assert client.get(f"/dev/mailbox/{name}/html").status_code == 404


def test_an_installation_has_no_mailbox(client: PageClient) -> None:
    assert client.get("/dev/mailbox").status_code == 404
