"""Changing and withdrawing in a browser without JavaScript, through the invitation and with the receipt code."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import Page, PageClient

ANSWER = {
    "text_1": "Unity, shown in budgets.",
    "use_1": "quote_unattributed",
    "text_2": "Miscalculation at sea.",
    "use_2": "aggregate_only",
}
CHANGED = {"text_1": "Talks, and soon.", "use_1": "aggregate_only"}


@pytest.fixture(autouse=True)
def answered(client: PageClient, world: World, session: Session) -> str:
    """The receipt code of an answer given in `client`."""
    session.close()
    client.hold(world.participant.invitation)
    page = client.submit(client.page("/respond/"), "/respond/", **ANSWER)
    found = re.search(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}", page.text)
    assert found, page.text
    return found.group()


def stranger(app: TransactionalFlask, code: str) -> tuple[PageClient, Page]:
    """Another browser that shows the answer by its code."""
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser, browser.submit(browser.page("/receipt"), "/receipt", code=code)


def texts(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(text or "" for text in session.scalars(select(Revision.text).where(Revision.current)))


def revisions(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def states(database: Database) -> set[AnswerState]:
    with database.reading() as session:
        return set(session.scalars(select(Answer.state)))


def close(database: Database, ago: timedelta) -> None:
    with database.transaction() as session:
        session.execute(update(Consultation).values(closes_at=now() - ago))


def test_through_the_invitation(client: PageClient, database: Database) -> None:
    assert "Change it now" in client.page("/respond/receipt").text
    page = client.page("/respond/")
    assert ANSWER["text_1"] in page.text
    assert "Waiting" in page.text
    form = client.page("/respond/change")
    assert form.form("/respond/change").values["text_1"] == [ANSWER["text_1"]]
    assert form.form("/respond/change").values["use_2"] == ["aggregate_only"]
    page = client.submit(form, "/respond/change", **CHANGED)
    assert page.response.request.path == "/respond/"
    assert "Your answer was changed" in page.text
    assert texts(database) == ["Miscalculation at sea.", "Talks, and soon."]
    page = client.submit(client.page("/respond/change"), "/respond/change")
    assert "nothing was changed" in page.text


def test_the_link_of_an_answered_invitation_shows_no_words_before_the_button(
    app: TransactionalFlask, world: World
) -> None:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    page = browser.page(f"/i/{world.participant.secret}")
    assert ANSWER["text_1"] not in page.text
    assert ANSWER["text_1"] in browser.submit(page, "/i/").text


def test_with_the_receipt_code_alone(app: TransactionalFlask, answered: str, database: Database) -> None:
    browser, page = stranger(app, answered)
    form = browser.submit(page, "/receipt/form")
    assert form.form("/receipt/change").values["text_2"] == [ANSWER["text_2"]]
    page = browser.submit(form, "/receipt/change", **CHANGED)
    assert (page.status, page.response.request.path) == (200, "/receipt/change")
    assert "Your answer was changed" in page.text
    assert texts(database) == ["Miscalculation at sea.", "Talks, and soon."]
    assert answered not in page.response.request.url
    again = browser.submit(form, "/receipt/change", **CHANGED)  # the same form once more
    assert (again.status, revisions(database)) == (200, 3)


def test_two_people_on_one_saved_link(app: TransactionalFlask, answered: str, database: Database) -> None:
    first, page = stranger(app, answered)
    mine = first.submit(page, "/receipt/form")
    second, page = stranger(app, answered)
    theirs = second.submit(page, "/receipt/form")
    first.submit(mine, "/receipt/change", text_1="Mine.", use_1="aggregate_only")
    page = second.submit(theirs, "/receipt/change", text_1="Theirs.", use_1="quote_unattributed")
    assert page.status == 409
    assert "Mine." in page.text
    assert page.form("/receipt/change").values["text_1"] == ["Theirs."]
    assert texts(database) == ["Mine.", "Miscalculation at sea."]
    page = second.submit(page, "/receipt/change")
    assert page.status == 200
    assert texts(database) == ["Miscalculation at sea.", "Theirs."]


def test_withdrawing_through_the_invitation(client: PageClient, database: Database) -> None:
    page = client.page("/respond/withdraw")
    assert ANSWER["text_1"] in page.text
    assert texts(database)
    page = client.submit(page, "/respond/withdraw")
    assert page.response.request.path == "/respond/withdrawn"
    assert revisions(database) == 0
    assert client.page("/respond/withdraw").response.request.path == "/respond/"
    page = client.submit(client.page("/respond/"), "/respond/", **{**ANSWER, "text_1": "Anew."})
    assert "We have it" in page.text
    assert "Anew." in texts(database)


def test_withdrawing_with_the_code(
    app: TransactionalFlask, client: PageClient, answered: str, database: Database
) -> None:
    browser, page = stranger(app, answered)
    sure = browser.submit(page, "/receipt/sure")
    assert texts(database)
    page = browser.submit(sure, "/receipt/withdraw")
    assert "Your answer is withdrawn" in page.text
    assert ANSWER["text_1"] not in page.text
    assert states(database) == {AnswerState.WITHDRAWN}
    assert browser.submit(sure, "/receipt/withdraw").status == 200  # pressed twice
    page = client.page("/respond/")
    assert page.form("/respond/").values["text_1"] == [""]  # the invitation may answer anew


def test_a_lost_token_loses_no_text(
    app: TransactionalFlask, client: PageClient, answered: str, database: Database
) -> None:
    browser, page = stranger(app, answered)
    form = browser.submit(page, "/receipt/form")
    page = browser.submit(form, "/receipt/change", csrf_token="expired", **CHANGED)
    assert page.status == 422
    assert page.form("/receipt/change").values["text_1"] == [CHANGED["text_1"]]
    assert "changed" in browser.submit(page, "/receipt/change").text
    page = client.submit(client.page("/respond/change"), "/respond/change", csrf_token=None, text_1="Later.")
    assert (page.status, "Later." in page.html) == (422, True)
    sure = browser.submit(stranger(app, answered)[1], "/receipt/sure")
    assert browser.submit(sure, "/receipt/withdraw", csrf_token=None).status == 422
    assert len(texts(database)) == 2


def test_after_the_cut_off_the_text_comes_back_to_copy(
    client: PageClient, app: TransactionalFlask, answered: str, database: Database
) -> None:
    form = client.page("/respond/change")
    browser, shown = stranger(app, answered)
    by_code = browser.submit(shown, "/receipt/form")
    close(database, timedelta(minutes=16))
    for who, opened, action in ((client, form, "/respond/change"), (browser, by_code, "/receipt/change")):
        page = who.submit(opened, action, **CHANGED)
        assert page.status == 409
        assert CHANGED["text_1"] in page.html
    page = browser.submit(shown, "/receipt/sure")
    assert browser.submit(page, "/receipt/withdraw").status == 409
    page = client.page("/respond/")
    assert "ask the people who invited you" in page.text
    assert texts(database) == ["Miscalculation at sea.", "Unity, shown in budgets."]


def test_a_wrong_code_opens_nothing(app: TransactionalFlask, database: Database) -> None:
    browser, page = stranger(app, "A" * 26)
    assert page.status == 422
    for action in ("/receipt/form", "/receipt/change", "/receipt/sure", "/receipt/withdraw"):
        answer = browser.post(action, data={"code": "B" * 26, "text_1": "Not yours."})
        assert answer.status_code == 422
    assert len(texts(database)) == 2


def test_another_invitation_reaches_nothing(
    app: TransactionalFlask, world: World, database: Database
) -> None:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    browser.hold(world.other_participant.invitation)
    for path in ("/respond/change", "/respond/withdraw"):
        page = browser.page(path)
        assert page.response.request.path == "/respond/"
        assert ANSWER["text_1"] not in page.text
    assert len(texts(database)) == 2


def test_another_language_asks_for_the_code_again(client: PageClient) -> None:
    for path in ("/receipt/change?lang=fr", "/receipt/sure?lang=pl"):
        assert client.page(path).response.request.path == "/receipt"
    assert client.page("/exchange?lang=fr").response.request.path == "/join"
