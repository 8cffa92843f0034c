"""A rapporteur codes thirty answers by keyboard, a director reads some again unseen, settles the rest and compares."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.agreement.actions import code_twice
from consult.analysis.agreement.queries import agreement, disagreements
from consult.analysis.models import Coding, SecondReading
from consult.analysis.queries import theme_codes
from consult.analysis.queries.codebook import STANDS
from consult.core.database import Database
from consult.web.signing_in import SignedIn
from consult.web.transactions import TransactionalFlask
from tests.analysis.cases import approved, codebook
from tests.browser import Site
from tests.factories import World

TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
ANSWERS, MAY, AT_ONCE = 30, 12, 3


def at_desk(site: Site, app: TransactionalFlask, user: User) -> Page:
    context = site.open()
    with app.test_request_context():
        serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        value = serializer.dumps({"_user_id": SignedIn(user).get_id(), "_fresh": True})
    context.add_cookies([{"name": "consult", "value": value, "url": site.address}])
    return context.new_page()


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_thirty_answers_are_coded_by_keyboard_and_differences_settled(
    session: Session,
    world: World,
    database: Database,
    app: TransactionalFlask,
    site: Site,
) -> None:
    themes = codebook(session, world)
    revisions = approved(session, world, times=ANSWERS)
    approved(session, world, world.may, themes[1], times=MAY)
    code_twice(session, world.consultation, 30, by=world.director)
    session.commit()

    page = at_desk(site, app, world.rapporteur)
    page.goto(f"/desk/{world.slug}/coding")
    page.evaluate("window.stayed = true")
    for done in range(AT_ONCE, ANSWERS + 1, AT_ONCE):
        for _ in range(AT_ONCE):  # faster than the pages come: no key is lost meanwhile
            page.keyboard.press("1")
            page.keyboard.press("s")
        expect(page.locator("main")).to_contain_text(
            "Every approved answer here has a theme"
            if done == ANSWERS
            else f"{done} of {ANSWERS} have a theme"
        )
    assert page.evaluate("window.stayed"), "no answer needed a reload"
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Coding).where(STANDS)) == ANSWERS + MAY

    page = at_desk(site, app, world.director)
    page.goto(f"/desk/{world.slug}/coding/again")
    waiting = int(page.locator(".coding__progress").inner_text().split()[0])
    for twice in range(1, waiting + 1):
        assert page.get_by_role("checkbox", checked=True).count() == 0, "nothing of the first coder is shown"
        page.keyboard.press("2" if twice % 2 else "1")
        page.keyboard.press("s")
        expect(page.locator(".coding__progress")).to_contain_text(f"{waiting - twice} answer")
    page.goto(f"/desk/{world.slug}/agreement")
    assert Axe().run(page, options=TAGS).response["violations"] == []
    with database.reading() as fresh:
        meetings = [world.october.id, world.may.id]
        assert fresh.scalar(select(func.count()).select_from(SecondReading)) == twice
        assert agreement(fresh, world.consultation, meetings).answers == twice
        left = len(disagreements(fresh, world.consultation, meetings))
    assert left == 2 * ((twice + 1) // 2)
    for _ in range(left):
        with page.expect_navigation():
            page.keyboard.press("n")
    expect(page.locator("main")).to_contain_text("Nothing is left to settle.")
    with database.reading() as fresh:
        standing = theme_codes(fresh, [revision.id for revision in revisions])
        assert len(standing) == ANSWERS - (twice + 1) // 2, "where neither applies, none is left"

    page.goto(f"/desk/{world.slug}/figures")
    compared = page.locator("#comparison")
    expect(compared).to_contain_text("“Deterrence” was named less often at the later meeting: 0 % instead of")
    expect(compared).to_contain_text(
        "“Dialogue” was named more often at the later meeting: 100 % instead of 0 %."
    )
    assert Axe().run(page, options=TAGS).response["violations"] == []


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_thirty_themes_have_keys_for_answers_and_for_words(
    session: Session, world: World, database: Database, app: TransactionalFlask, site: Site
) -> None:
    codes = [f"theme-{number:02}" for number in range(1, 31)]
    codebook(session, world, *codes)
    [revision] = approved(session, world, text="Allies first, and dialogue after.")
    session.commit()
    page = at_desk(site, app, world.rapporteur)
    page.goto(f"/desk/{world.slug}/coding")
    for number in (9, 10, 30):
        keys = page.locator(f"label[for=theme-theme-{number:02}] kbd").all_inner_texts()
        for key in keys:
            page.keyboard.press(key.lower())
        expect(page.locator(f"#theme-theme-{number:02}")).to_be_checked()
    page.keyboard.press("0")
    page.keyboard.press("j")
    expect(page.locator("#theme-theme-29")).to_be_checked()
    page.keyboard.press("s")
    expect(page.locator("main")).to_contain_text("Every approved answer here has a theme")
    page.goto(f"/desk/{world.slug}/coding?theme=all")
    page.evaluate(
        """() => {
          const text = document.querySelector("[data-span-source]").firstChild;
          document.getSelection().setBaseAndExtent(text, 0, text, 6);
        }"""
    )
    expect(page.locator("[data-span-end]")).to_have_value("6")
    page.keyboard.press("0")
    page.keyboard.press("2")
    expect(page.locator(".coding__parts")).to_contain_text("Theme 11")
    with database.reading() as fresh:
        assert theme_codes(fresh, [revision.id])[revision.id] == tuple(
            codes[n - 1] for n in (9, 10, 11, 29, 30)
        )
