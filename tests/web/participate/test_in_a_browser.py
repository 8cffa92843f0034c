"""Participants' pages in a real browser: accessible, within a phone's width, and whole without JavaScript."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from tests.browser import DESKTOP, PHONE, Site
from tests.core.test_text import COUNTED
from tests.factories import World
from tests.web.participate.cast import TEXTS, count, stored_texts

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ARABIC = "نأمل أن تخرج القمة بموقف موحد يجمع بين الردع والحوار. " * 25


def check(page: Page) -> None:
    """No finding of axe, and nothing wider than the window."""
    page.wait_for_load_state()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(item["id"], [node["target"] for node in item["nodes"]]) for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill(page: Page, first: str = TEXTS["text_1"]) -> None:
    for number, text in ((1, first), (2, TEXTS["text_2"])):
        page.locator(f"#text_{number}").fill(text)
        page.locator(f"input[name=use_{number}][value=quote_unattributed]").check()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_from_link_to_receipt_is_accessible(
    site: Site, world: World, session: Session, size: dict[str, Any]
) -> None:
    session.close()
    page = site.open(**size).new_page()
    page.goto("/join")
    check(page)
    page.get_by_label("Code", exact=True).fill("nonsense")
    page.get_by_role("button", name="Continue").click()
    check(page)
    page.goto(f"/i/{world.participant.secret}")
    check(page)
    page.get_by_role("button", name="Give your answer").click()
    check(page)
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("There is a problem").wait_for()
    check(page)
    fill(page, ARABIC)
    page.get_by_text("The ground rules in full").click()
    check(page)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/respond/receipt")
    check(page)
    code = page.locator(".receipt__code").inner_text()
    page.goto("/respond/")
    check(page)
    page.goto("/receipt")
    check(page)
    page.get_by_label("Receipt code").fill(code)
    page.get_by_role("button", name="Show my answer").click()
    page.get_by_text("Waiting:").first.wait_for()
    check(page)
    assert stored_texts(session) == {ARABIC.strip(), TEXTS["text_2"]}


def test_all_of_it_works_without_javascript(site: Site, world: World, session: Session) -> None:
    session.close()
    page = site.open(**PHONE, java_script_enabled=False).new_page()
    page.goto(f"/i/{world.participant.secret}")
    page.get_by_role("button", name="Give your answer").click()
    page.locator("#text_1").fill("Half of it.")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#text_1")).to_have_value("Half of it.")
    fill(page)
    page.get_by_role("button", name="Submit").click()
    assert page.locator("h1").inner_text() == "We have it"
    page.reload()
    page.goto("/respond/")
    assert page.locator("h1").inner_text() == "Your answer is in"
    assert count(session) == 1


def test_each_question_previews_its_own_words_as_they_would_be_printed(
    site: Site, world: World, session: Session
) -> None:
    session.close()
    page = site.open(**PHONE).new_page()
    page.goto(f"/i/{world.participant.secret}")
    page.get_by_role("button", name="Give your answer").click()
    previews = page.locator("[data-preview]")
    expect(previews.first).to_be_hidden()
    fill(page)
    page.locator("input[name=use_2][value=aggregate_only]").check()
    expect(previews.nth(0)).to_contain_text(TEXTS["text_1"])
    expect(previews.nth(0)).to_contain_text("A participant, October 2015 meeting")
    expect(previews.nth(1)).to_contain_text("counted, and not printed")
    expect(previews.nth(1)).not_to_contain_text(TEXTS["text_2"])


def test_the_browser_counts_as_the_server_does(site: Site, world: World, session: Session) -> None:
    """And both as the browser's own segmenter, on texts that are more code points than characters."""
    session.close()
    page = site.open(**PHONE).new_page()
    page.goto(f"/i/{world.participant.secret}")
    counted = page.evaluate(
        """async (texts) => {
          const { characters } = await import("/static/js/characters.js");
          const own = new Intl.Segmenter("en");
          return texts.map((text) => [characters(text), [...own.segment(text)].length]);
        }""",
        list(COUNTED),
    )
    assert counted == [[count, count] for count in COUNTED.values()]
    page.get_by_role("button", name="Give your answer").click()
    page.locator("#text_1").fill("👩‍👩‍👧‍👦" * 1490)
    expect(page.locator("[data-count-message]").first).to_have_text("Characters left: 10")


def test_text_that_names_its_writer_is_pointed_out(site: Site, world: World, session: Session) -> None:
    session.close()
    page = site.open(**PHONE).new_page()
    page.goto(f"/i/{world.participant.secret}")
    page.get_by_role("button", name="Give your answer").click()
    warning = page.locator("[data-warning]").first
    page.locator("#text_1").fill("More budgets.")
    expect(warning).to_be_hidden()
    page.locator("#text_1").fill("We in Poland want more.")
    expect(warning).to_be_visible()


def test_text_survives_a_reload_and_a_line_that_is_away(site: Site, world: World, session: Session) -> None:
    session.close()
    context = site.open(**PHONE)
    page = context.new_page()
    page.goto(f"/i/{world.participant.secret}")
    page.get_by_role("button", name="Give your answer").click()
    fill(page)
    page.reload()
    expect(page.locator("#text_1")).to_have_value(TEXTS["text_1"])
    fill(page)
    context.set_offline(True)
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("You are offline.").wait_for()
    expect(page.locator("#text_1")).to_have_value(TEXTS["text_1"])
    context.set_offline(False)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/respond/receipt")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    assert count(session) == 1


def test_what_is_typed_before_the_script_is_here_survives_a_reload(
    site: Site, world: World, session: Session
) -> None:
    session.close()
    page = site.open(**PHONE).new_page()
    page.goto(f"/i/{world.participant.secret}")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/participate.js*", hold)
    page.get_by_role("button", name="Give your answer").click()
    page.locator("#text_1").fill(TEXTS["text_1"])
    held.pop().continue_()
    page.unroute_all()
    expect(page.get_by_label("Keep what I write on this device"), "the script is here").to_be_visible()
    assert page.evaluate("sessionStorage.length") == 1
    page.reload()
    expect(page.locator("#text_1")).to_have_value(TEXTS["text_1"])


def test_what_is_written_stays_on_the_device_only_where_that_was_asked_for(
    site: Site, world: World, session: Session
) -> None:
    """Another tab finds it while it is a day old at most; submitting forgets it. The way back shows no form to send."""
    session.close()
    context = site.open(**PHONE)
    page = context.new_page()
    page.goto(f"/i/{world.participant.secret}")
    page.get_by_role("button", name="Give your answer").click()
    fill(page)
    assert page.evaluate("localStorage.length") == 0
    page.get_by_label("Keep what I write on this device").check()
    other = context.new_page()
    other.goto("/respond/")
    expect(other.locator("#text_1")).to_have_value(TEXTS["text_1"])
    other.evaluate(
        "for (const k of Object.keys(localStorage)) { const v = JSON.parse(localStorage[k]); v.at -= 90000000;"
        " localStorage[k] = JSON.stringify(v); }"
    )
    other.evaluate("sessionStorage.clear()")
    other.goto("/respond/")
    expect(other.locator("#text_1")).to_have_value("")
    assert other.evaluate("localStorage.length") == 0
    page.locator("#text_2").fill("Typed while the line was cut, and العربية beside it.")
    assert page.evaluate("localStorage.length") == 1
    page.goto("/respond/?lang=fr")
    kept = re.compile("العربية")
    expect(page.locator("#text_2"), "another language of the page keeps the text").to_have_value(kept)
    page.goto("/respond/?lang=en")
    fill(page)
    page.get_by_text("Let it say more than the ground rules do").first.click()
    check(page)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/respond/receipt")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    check(page)
    page.go_back()
    assert page.get_by_role("button", name="Submit").count() == 0
    other.locator("#text_1").fill("A second tab, too late.")
    other.locator("#text_2").fill("Kept.")
    for number in (1, 2):
        other.locator(f"input[name=use_{number}][value=quote_unattributed]").check()
    other.get_by_role("button", name="Submit").click()
    other.get_by_text("This text was not sent").wait_for()
    expect(other.locator("body")).to_contain_text("A second tab, too late.")
    assert count(session) == 1
