"""A tablet that is handed round: whoever comes next sees nothing of whoever was before, whatever they press."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from consult.responses.models import Response
from tests.browser import Site
from tests.factories import World
from tests.pages import Page, PageClient
from tests.web.participate.cast import ANSWER
from tests.web.participate.test_joining import count, poster

WORDS = ANSWER["text_1"]


def sent_again(client: PageClient, page: Page, **fields: str) -> Page:
    """A form as the way back sends it again: its old body, with the cookie of now."""
    form = page.form("/receipt/answer")
    return Page(client.post(form.action, data={**form.values, **fields}, follow_redirects=True))


def test_what_was_sent_in_a_turn_that_is_over_is_shown_to_nobody(
    client: PageClient, session: Session, world: World
) -> None:
    between = client.submit(client.page("/kiosk"), "/kiosk", code=poster(session, world.october))
    first = client.submit(between, "/kiosk/next")
    refused = client.submit(first, "/receipt/answer", text_1=WORDS)
    assert (refused.status, WORDS in refused.html) == (422, True), "their own turn goes on"
    client.page("/kiosk")
    assert "noscript" in refused.html, "without script it empties itself in the end"
    for page, fields in ((first, ANSWER), (refused, {}), (refused, {"act": "page-1"})):
        again = sent_again(client, page, **fields)
        assert (again.status, WORDS in again.html) == (409, False)
        assert "This tablet was handed on" in again.text

    second = client.submit(client.page("/kiosk?lang=pl"), "/kiosk/next")
    assert 'lang="pl"' in second.html, "the language is whoever's turn it is"
    sent = client.post("/receipt/answer", data={**second.form("/receipt/answer").values, **ANSWER})
    assert sent.headers["Location"] == "/kiosk/done"
    twice = sent_again(client, second, **ANSWER)
    code = second.form("/receipt/answer").values["code"][0]
    assert code in twice.text.replace("-", ""), "pressed twice before the receipt was shown"
    for again in (sent_again(client, second, **ANSWER), sent_again(client, first, **ANSWER)):
        assert (again.status, WORDS in again.html, code in again.html) == (409, False, False)
    assert 'lang="en"' in client.page("/kiosk").html
    assert count(session, Response) == 1
    looked_up = client.post("/receipt", data={"code": code})
    assert looked_up.status_code == 409, "nor does a receipt stay on it"
    assert WORDS not in looked_up.get_data(as_text=True)


@pytest.mark.browser
def test_walked_with_the_browsers_own_ways_back(site: Site, session: Session, world: World) -> None:
    """Left lying, in a second tab, and after leaving: the words are gone from every page that can be reached."""
    code = poster(session, world.october)
    session.close()
    page = site.open(width=820, height=1100).new_page()
    page.clock.install()
    page.goto("/kiosk")
    page.get_by_label("Join code").fill(code)
    page.get_by_role("button", name="Hand this device round").click()

    def begun() -> None:
        page.get_by_role("button", name="Begin").click()
        page.locator("textarea").first.fill(WORDS)

    def kept() -> bool:
        return page.evaluate("words => document.documentElement.outerHTML.includes(words)", WORDS) or any(
            area.input_value() == WORDS for area in page.locator("textarea").all()
        )

    begun()
    asked = page.get_by_text("Is somebody still writing?")
    page.clock.run_for(121_000)
    expect(asked).to_be_visible()
    page.get_by_role("button", name="I am still here").click()
    expect(asked).to_be_hidden()
    assert kept(), "nothing is lost to whoever is still there"
    page.clock.run_for(179_000)
    assert kept()
    page.clock.run_for(2_000)
    page.get_by_role("button", name="Begin").wait_for()

    begun()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Choose how we may use").first.wait_for()
    other = page.context.new_page()
    other.goto("/kiosk")
    page.get_by_role("link", name="Leave without answering").wait_for()
    assert not kept(), "another tab is where it goes on"
    page.get_by_role("link", name="Leave without answering").click()
    page.get_by_role("button", name="Begin").wait_for()
    other.close()

    begun()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Choose how we may use").first.wait_for()
    page.goto("/kiosk")
    page.evaluate("history.back()")
    page.wait_for_timeout(300)
    page.reload()
    assert re.search("/kiosk|/receipt/answer", page.url)
    assert not kept()
