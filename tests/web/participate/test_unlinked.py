"""The two-step exchange in a browser without JavaScript: looking uses nothing up, nothing remembers the invitation."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database
from consult.core.identifiers import new_secret
from consult.participants.models import Invitation, Participant
from consult.responses.actions import exchange
from consult.responses.models import Response, ResponseCode, Revision
from consult.web.guards import INVITATION
from consult.web.transactions import TransactionalFlask
from tests.factories import Invited, World
from tests.pages import Page, PageClient
from tests.responses.test_unlinked import Scene

ANSWER = {"text_1": "Unity, shown in budgets.", "use_1": "quote_unattributed"}


@pytest.fixture
def invited(session: Session) -> Invited:
    scene = Scene(session, 2)
    session.close()
    return scene.invited[0]


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def issued(client: PageClient, invited: Invited) -> tuple[Page, str]:
    """The page with the response code, and the code."""
    page = client.submit(client.page(f"/i/{invited.secret}"), "/exchange", code=invited.code)
    found = re.search(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}", page.text)
    assert found, page.text
    return page, found.group()


def test_looking_and_opening_use_nothing_up(client: PageClient, invited: Invited, database: Database) -> None:
    page = client.page(f"/i/{invited.secret}")
    assert "No link between you and your answer is stored" in page.text
    client.post(f"/i/{invited.secret}")  # what a scanner may do
    client.submit(page, "/exchange", code="")
    assert count(database, ResponseCode) == 0


def test_from_the_start_code_to_the_receipt(client: PageClient, invited: Invited, database: Database) -> None:
    page, code = issued(client, invited)
    assert invited.participant.name not in page.text
    assert not [link for link in page.links() if "lang=" in link]  # it would lead away from the code
    with client.session_transaction() as cookie:
        assert INVITATION not in cookie
        assert not [value for value in cookie.values() if invited.invitation.id in str(value)]
    form = client.submit(page, "/receipt")
    assert form.response.request.path == "/receipt"
    assert code not in form.text
    assert "No link between you and your answer is kept." in form.text
    done = client.submit(form, "/receipt/answer", **ANSWER)
    assert (done.status, "We have it" in done.text) == (200, True)
    assert ANSWER["text_1"] in done.text
    assert code in done.text  # for whoever hurried past it
    assert "Once a report is published, it stands here" in done.text
    again = client.submit(form, "/receipt/answer", **ANSWER)  # the button pressed twice
    assert (again.status, count(database, Response)) == (200, 1)
    conflict = client.submit(form, "/receipt/answer", text_1="Other.", use_1="aggregate_only")
    assert conflict.status == 409
    assert "Other." in conflict.html
    assert ANSWER["text_1"] in conflict.html


def test_by_the_typed_code(client: PageClient, invited: Invited, database: Database) -> None:
    page = client.submit(client.page("/join"), "/join", code=invited.code.lower())
    assert page.form("/exchange").values["code"] == [invited.code.lower()]
    assert count(database, ResponseCode) == 0
    assert "Your response code" in client.submit(page, "/exchange").text
    with client.session_transaction() as cookie:
        assert INVITATION not in cookie


def test_a_page_lost_on_the_way_is_sent_again(
    client: PageClient, invited: Invited, database: Database
) -> None:
    page = client.page(f"/i/{invited.secret}")
    codes = set()
    for _time in range(2):
        shown = client.submit(page, "/exchange", code=invited.code, csrf_token=None)
        assert shown.status == 422  # the cookie was emptied: one more press of the button
        shown = client.submit(shown, "/exchange", code=invited.code)
        codes.add(re.search(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}", shown.text).group())  # type: ignore[union-attr]
    assert (len(codes), count(database, ResponseCode)) == (1, 1)


def test_a_used_invitation_says_what_a_lost_code_means(client: PageClient, invited: Invited) -> None:
    page = client.page(f"/i/{invited.secret}")
    issued(client, invited)
    assert "Nobody can find a lost code" in client.page(f"/i/{invited.secret}").text
    second = client.submit(client.page("/join"), "/join", code=invited.code)
    refused = client.submit(second, "/exchange")
    assert refused.status == 409
    assert "was shown for this invitation already" in refused.text
    assert page.status == 200


def test_a_forged_response_code_is_not_taken(
    client: PageClient, invited: Invited, database: Database
) -> None:
    page = client.page(f"/i/{invited.secret}")
    assert client.submit(page, "/exchange", code=invited.code, fresh="A" * 26).status == 422
    assert client.submit(page, "/exchange", code="WRONG-ONE").status == 422
    assert count(database, ResponseCode) == 0


def test_coming_back_with_the_code(
    client: PageClient, app: TransactionalFlask, invited: Invited, database: Database
) -> None:
    _page, code = issued(client, invited)
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    form = browser.submit(browser.page("/receipt"), "/receipt", code=code)
    for fields in ({"text_1": "", "use_1": "quote_unattributed"}, {"text_1": "Kept.", "use_1": None}):
        shown = browser.submit(form, "/receipt/answer", **fields)
        assert shown.status == 422
        assert fields["text_1"] in shown.html
    expired = browser.submit(form, "/receipt/answer", csrf_token=None, **ANSWER)
    assert (expired.status, ANSWER["text_1"] in expired.html) == (422, True)
    assert "We have it" in browser.submit(expired, "/receipt/answer").text
    stored = browser.submit(browser.page("/receipt"), "/receipt", code=code)
    change = browser.submit(stored, "/receipt/form")
    page = browser.submit(change, "/receipt/change", text_1="Changed.")
    assert "Your answer was changed" in page.text
    with database.reading() as session:
        assert session.scalars(select(Revision.text)).all() == ["Changed."]
    page = browser.submit(browser.submit(page, "/receipt/sure"), "/receipt/withdraw")
    assert "withdrawn" in page.text
    assert count(database, Revision) == 0


def test_after_the_cut_off_the_text_comes_back(
    client: PageClient, invited: Invited, database: Database
) -> None:
    page, _code = issued(client, invited)
    form = client.submit(page, "/receipt")
    with database.transaction() as session:
        session.execute(update(Consultation).values(closes_at=now() - timedelta(hours=1)))
        assert session.scalars(select(Invitation.issued).where(Invitation.issued)).all() == [True]
    refused = client.submit(form, "/receipt/answer", **ANSWER)
    assert (refused.status, ANSWER["text_1"] in refused.html) == (409, True)
    with database.transaction() as session:
        session.query(ResponseCode).delete()  # as closing does
    refused = client.submit(form, "/receipt/answer", **ANSWER)
    assert (refused.status, ANSWER["text_1"] in refused.html) == (422, True)
    assert count(database, Response) == 0


def test_words_that_name_somebody_on_the_roster_are_pointed_out_once(
    client: PageClient, session: Session, world: World
) -> None:
    """A response code leads to the roster alone; an invitation, without script, to one's own particulars."""
    scene = Scene(session, 1)
    named = Participant(
        consultation_id=scene.invited[0].participant.consultation_id,
        name="Zbigniew Brzozowski",
        email="zb@example.org",
    )
    session.add(named)
    session.flush()
    code = new_secret().upper()
    exchange(session, scene.invited[0].invitation, code)
    session.commit()
    session.close()
    form = client.submit(client.page("/receipt"), "/receipt", code=code)
    assert "Brzozowski" not in form.html
    said = {"text_1": "As Brzozowski said.", "use_1": "quote_unattributed"}
    warned = client.submit(form, "/receipt/answer", **said)
    assert (warned.status, "that readers may know" in warned.text) == (422, True)
    assert warned.html.count("Brzozowski") == 1, "what was typed, and no name beside it"
    assert "We have it" in client.submit(warned, "/receipt/answer", **said).text

    mine = {**ANSWER, "text_1": "We in Poland want more.", "text_2": "Drift.", "use_2": "quote_unattributed"}
    form = client.submit(client.page(f"/i/{world.participant.secret}"), "/i/")
    page = client.submit(form, "/respond/", **mine, warned=None)
    assert (page.status, "Whoever reads them could tell" in page.text) == (422, True)
    assert "We have it" in client.submit(page, "/respond/", **mine).text
