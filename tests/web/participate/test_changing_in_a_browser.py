"""Changing, withdrawing and the two-step exchange in a real browser: accessible, within a phone's width."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser import DESKTOP, PHONE, Site
from tests.factories import World
from tests.responses.test_unlinked import Scene
from tests.web.participate.test_in_a_browser import check, fill

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def looked_at(page: Page, name: str) -> None:
    """Check a page; keep a picture where CONSULT_PICTURES names a folder."""
    check(page)
    if folder := os.environ.get("CONSULT_PICTURES"):
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@SIZES
def test_changing_and_withdrawing(site: Site, world: World, session: Session, size: dict[str, Any]) -> None:
    session.close()
    page = site.open(**size).new_page()
    page.goto(f"/i/{world.participant.secret}")
    page.get_by_role("button", name="Give your answer").click()
    fill(page)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/respond/receipt")
    looked_at(page, "receipt")
    code = page.locator(".receipt__code").inner_text()
    page.goto(f"/i/{world.participant.secret}")
    looked_at(page, "used")
    page.get_by_role("button", name="Read, change or withdraw it").click()
    looked_at(page, "answered")
    page.get_by_role("link", name="Change it").click()
    looked_at(page, "change")
    page.locator("#text_1").fill("Other words.")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_role("status")).to_be_focused()  # a screen reader begins with what was done
    expect(page).to_have_title(re.compile("^Your answer was changed"))
    looked_at(page, "changed")
    other = site.open(**size, java_script_enabled=False).new_page()
    other.goto("/receipt")
    other.get_by_label("Receipt code").fill(code)
    other.get_by_role("button", name="Show my answer").click()
    other.get_by_role("button", name="Change it").click()
    page.goto("/respond/change")
    page.locator("#text_1").fill("Quicker words.")
    page.get_by_role("button", name="Save the change").click()
    other.locator("#text_1").fill("Slower words.")
    other.get_by_role("button", name="Save the change").click()
    expect(other.locator("body")).to_contain_text("Quicker words.")
    expect(other.locator("#text_1")).to_have_value("Slower words.")
    if folder := os.environ.get("CONSULT_PICTURES"):
        other.screenshot(path=Path(folder) / f"stale-{size['width']}.png", full_page=True)
    other.get_by_role("button", name="Save mine instead").click()
    other.get_by_role("button", name="Withdraw it").click()
    other.get_by_role("button", name="Withdraw it and erase its words").click()
    expect(other.locator("body")).to_contain_text("Your answer is withdrawn")
    page.goto("/receipt")
    page.get_by_label("Receipt code").fill(code)
    page.get_by_role("button", name="Show my answer").click()
    looked_at(page, "withdrawn")


@SIZES
def test_the_exchange(site: Site, session: Session, size: dict[str, Any]) -> None:
    guest = Scene(session, 1).invited[0]
    session.close()
    page = site.open(**size).new_page()
    page.goto(f"/i/{guest.secret}")
    looked_at(page, "exchange")
    page.get_by_label("Code", exact=True).fill(guest.code)
    page.get_by_role("button", name="Show my response code").click()
    page.locator(".receipt__code").wait_for()
    looked_at(page, "issued")
    page.get_by_role("button", name="Go to the question").click()
    looked_at(page, "unlinked")
    page.get_by_label("Keep what I write on this device").check()
    page.locator("#text_1").fill("Unity.")
    code = page.locator("input[name=code]").first.input_value()
    page.goto("/receipt")
    page.get_by_label("Receipt code").fill(code)
    page.get_by_role("button", name="Show my answer").click()
    expect(page.locator("#text_1"), "what was written is there again with the code").to_have_value("Unity.")
    assert code not in page.evaluate("JSON.stringify(localStorage)")
    page.locator("input[name=use_1][value=quote_unattributed]").check()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("We have it").wait_for()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    looked_at(page, "have-it")
    page.get_by_role("button", name="Withdraw it").click()
    looked_at(page, "withdraw")
