"""A receipt code shows the answer as stored and what became of it, and nobody else's."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import Page, PageClient

ANSWER = {
    "text_1": "Unity, shown in budgets.",
    "use_1": "quote_unattributed",
    "text_2": "Miscalculation at sea.",
    "use_2": "aggregate_only",
}


def receipt_of(client: PageClient, world: World) -> str:
    client.hold(world.participant.invitation)
    page = client.submit(client.page("/respond/"), "/respond/", **ANSWER)
    found = re.search(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}", page.text)
    assert found, page.text
    return found.group()


def look_up(app: TransactionalFlask, code: str) -> Page:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser.submit(browser.page("/receipt"), "/receipt", code=code)


def test_the_code_leads_to_the_answer_from_any_browser(
    client: PageClient, app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    code = receipt_of(client, world)
    page = look_up(app, code.lower().replace("-", " "))
    assert page.status == 200
    assert code not in page.response.request.url
    assert ANSWER["text_1"] in page.text
    assert "Waiting" in page.text
    assert world.participant.participant.name not in page.text


def test_an_unknown_code_is_refused_with_what_a_code_looks_like(
    client: PageClient, app: TransactionalFlask, world: World
) -> None:
    page = look_up(app, "ABCD-EFGH")
    assert page.status == 422
    assert "It has 26 characters" in page.text
    assert look_up(app, "").status == 422


def test_the_state_is_said_in_plain_words_without_the_moderators_reason(
    client: PageClient, app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    code = receipt_of(client, world)
    first, second = (
        session.scalars(select(Answer).where(Answer.question_id == question.id)).one()
        for question in world.questions
    )
    director = session.merge(world.director)
    decide(
        session,
        first,
        Verdict.APPROVE,
        read=current_revision(session, first).hash,
        read_number=0,
        by=director,
    )
    decide(
        session,
        second,
        Verdict.REJECT,
        read=current_revision(session, second).hash,
        read_number=0,
        by=director,
        reason=next(iter(RejectReason)),
        note="a remark for colleagues",
    )
    session.commit()
    page = look_up(app, code)
    assert "It may be printed like this" in page.text
    assert "A participant, October 2015 meeting" in page.text
    assert "Not published" in page.text
    assert "a remark for colleagues" not in page.html
    assert next(iter(RejectReason)).value not in page.html


def test_the_receipt_page_needs_the_invitation_and_the_code_in_the_cookie(
    client: PageClient, app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    receipt_of(client, world)
    stranger = app.test_client()
    response = stranger.get("/respond/receipt")
    assert (response.status_code, response.location) == (303, "/join")
