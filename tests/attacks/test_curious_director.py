"""A director who has the whole desk, alone, and wants to know who wrote what."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult.core.database import Database
from consult.core.sealing import Seal
from consult.responses.models import Answer
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY, World
from tests.pages import Page, PageClient
from tests.web.participate.cast import ANSWER, TEXTS, opened
from tests.web.scenes import token_for

SEAL = Seal(LINK_KEY)
OTHER = {
    "text_1": "Nothing at all.",
    "text_2": "Nothing either.",
    "use_1": "not_for_use",
    "use_2": "not_for_use",
}
SHOWN_BY_A_LINK = (
    ("GET", "/respond/"),
    ("GET", "/respond/change"),
    ("GET", "/respond/withdraw"),
    ("GET", "/respond/receipt"),
    ("POST", "/respond/"),
    ("POST", "/respond/change"),
    ("POST", "/respond/held"),
    ("POST", "/respond/withdraw"),
)

Way = Callable[[PageClient, World], str]


def pressed(director: PageClient, page: Page, act: str, **others: str) -> TestResponse:
    """The form of a person's page that does that, sent."""
    form = next(form for form in page.forms if form.values.get("act") == [act] or form.action.endswith(act))
    return director.post(form.action, data={k: v[0] for k, v in form.values.items()} | others)


def printed(director: PageClient, world: World) -> str:
    """The link out of the letters, which the director reads before handing them out."""
    page = director.page(f"/desk/{world.slug}/invitations")
    letters = PdfReader(BytesIO(pressed(director, page, "october/letters").data))
    code = world.participant.code
    assert f"{code[:3]}-{code[3:6]}-{code[6:]}" in letters.pages[0].extract_text()
    return world.participant.secret


def readdressed(director: PageClient, world: World) -> str:
    """The link out of the mail that goes to an address of the director's own."""
    person = world.participant.participant.id
    page = director.page(f"/desk/{world.slug}/people/{person}")
    assert pressed(director, page, person, email="director@example.org", send="1").location.endswith("=sent")
    return world.participant.secret


def readdressed_and_replaced(director: PageClient, world: World) -> str:
    """The same with a new link, to which the answer goes over."""
    readdressed(director, world)
    address = f"/desk/{world.slug}/people/{world.participant.participant.id}"
    pressed(director, director.page(address), "replace")
    fresh = next(form for form in director.page(address).forms if form.values.get("act") == ["replace"])
    return SEAL.invitation_secret(fresh.values["invitation"][0])


@pytest.mark.parametrize("way", [printed, readdressed, readdressed_and_replaced])
def test_a_link_that_the_desk_has_had_shows_changes_and_withdraws_nothing(
    app: TransactionalFlask, client: PageClient, database: Database, world: World, way: Way
) -> None:
    """Not a word, and no move in the queue either, by which the director would see whose answer it was."""
    client.submit(opened(client, world), "/respond/", **ANSWER)
    director, thief = app.test_client(), app.test_client()
    assert isinstance(director, PageClient)
    assert isinstance(thief, PageClient)
    secret = way(director.sign_in(world.director), world)
    before = states(database)

    opening = thief.post(f"/i/{secret}", data={"csrf_token": token_for(thief, app)})
    assert opening.location == "/respond/"
    for method, address in SHOWN_BY_A_LINK:
        data = {} if method == "GET" else {"csrf_token": token_for(thief, app), **OTHER}
        response = thief.open(address, method=method, data=data, follow_redirects=True)
        content = response.get_data()
        if response.mimetype == "application/zip":
            content = b"".join(ZipFile(BytesIO(content)).read(name) for name in ("held.json", "read-me.txt"))
        for words in TEXTS.values():
            assert words.encode() not in content, (method, address)
    assert states(database) == before
    assert "receipt code" in thief.page("/respond/").text

    if way is readdressed_and_replaced:
        return  # the author's own link is gone
    assert TEXTS["text_1"] in client.page("/respond/").text  # in the browser that sent it
    receipt = client.page("/respond/receipt")
    code = next(form for form in receipt.forms if "code" in form.values).values["code"][0]
    again = {"csrf_token": token_for(thief, app), "code": code}  # and with the receipt code in any
    assert TEXTS["text_1"] in thief.post("/receipt", data=again).text


def test_a_link_that_only_its_reader_has_opens_the_answer(
    app: TransactionalFlask, client: PageClient, database: Database, world: World
) -> None:
    """The control: the same acts with a link that the desk never had."""
    client.submit(opened(client, world), "/respond/", **ANSWER)
    before, phone = states(database), app.test_client()
    phone.post(f"/i/{world.participant.secret}", data={"csrf_token": token_for(phone, app)})
    assert TEXTS["text_1"] in phone.get("/respond/").text
    assert phone.post("/respond/withdraw", data={"csrf_token": token_for(phone, app)}).status_code == 303
    assert states(database) != before


def states(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(Answer.id, Answer.state).order_by(Answer.id))]
