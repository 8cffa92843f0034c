"""Fifty answers moderated by keyboard alone, and a pile by the names that a screen reader speaks."""

from collections import Counter

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.moderation.models import Decision, PublishedText
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.web.signing_in import SignedIn
from consult.web.transactions import TransactionalFlask
from tests.browser import Site
from tests.factories import World, make_answer
from tests.journeys.watched import Watched

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)


@pytest.fixture
def pile(session: Session, world: World) -> World:
    """Fifty answers: every tenth names a colonel, every seventh is beside the point."""
    for number in range(50):
        words = f"Number {number}: agree on what counts as an incident at sea."
        if number % 10 == 3:
            words = f"Number {number}: as Zawisza asked, talk first."
        elif number % 7 == 5:
            words = f"Number {number}: the soup was cold."
        make_answer(session, world.consultation, world.rules, world.asking, words)
    session.commit()
    session.close()
    return world


def visit_as_director(app: TransactionalFlask, site: Site, world: World, **options: object) -> Watched:
    """A browser that is signed in, without the cost of a password."""
    visit = Watched(site, **options)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": SignedIn(world.director).get_id(), "_fresh": True})
    name = str(app.config["SESSION_COOKIE_NAME"])
    visit.page.context.add_cookies([{"name": name, "value": value, "url": site.address}])
    return visit


def outcome(database: Database) -> tuple[Counter[AnswerState], int, int]:
    """Answers by state, decisions, published texts that name the colonel."""
    with database.reading() as session:
        states = Counter(session.scalars(select(Answer.state)))
        texts = session.scalars(select(PublishedText.text)).all()
        decisions = len(session.scalars(select(Decision.id)).all())
    return states, decisions, sum("Zawisza" in text for text in texts)


def shown_words(page: Page) -> str:
    return page.locator("[data-span-source]").inner_text().strip()


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_fifty_answers_by_keyboard_alone(
    app: TransactionalFlask, site: Site, pile: World, database: Database
) -> None:
    visit = visit_as_director(app, site, pile)
    page = visit.page
    visit.go("/desk/warsaw/queue")
    page.evaluate("window.stayed = true")
    undone = False
    for done in range(1, 51):
        words = shown_words(page)
        plain = "Zawisza" not in words and "soup" not in words
        if "Zawisza" in words:
            redact_by_keys(page)
            pressed(page, "a")
        elif "soup" in words:
            pressed(page, "r")
            page.keyboard.type("Off")
            pressed(page, "Tab", "Tab", "Enter")
        else:
            pressed(page, "a")
        expect(page.locator(".notice").first).to_contain_text(f"{done} of 50 decided")
        if done >= 7 and plain and not undone:
            undo_and_go_on(page, words, done)
            undone = True
    assert page.evaluate("window.stayed"), "no answer needed a reload"
    states, decisions, named = outcome(database)
    assert states == {AnswerState.APPROVED: 44, AnswerState.REJECTED: 6}
    assert (decisions, named) == (52, 0)
    visit.look()
    visit.close()


def redact_by_keys(page: Page) -> None:
    """Tick the name, say what it gives away, show the result."""
    pressed(page, "e")
    for _ in range(3):  # "Number", "3:", "as" stand before it
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.parentElement.textContent.trim()") == "Zawisza"
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.tagName") != "SELECT":
        page.keyboard.press("Tab")
    page.keyboard.type("Another")
    pressed(page, "Tab", "Enter")
    expect(page.locator("section[aria-labelledby=printed]")).to_contain_text("taken out")


def undo_and_go_on(page: Page, words: str, done: int) -> None:
    """u brings the answer back; a decides it again."""
    pressed(page, "u")
    expect(page.locator(".notice").first).to_contain_text("Reversed.")
    assert shown_words(page) == words
    pressed(page, "a")
    expect(page.locator(".notice").first).to_contain_text(f"{done} of 50 decided")


def test_fifty_answers_by_what_a_screen_reader_speaks(
    app: TransactionalFlask, site: Site, pile: World, database: Database
) -> None:
    visit = visit_as_director(app, site, pile)
    page = visit.page
    visit.go("/desk/warsaw/queue")
    look_for(page, "soup")
    page.get_by_role("button", name="Look over all 6").click()
    expect(page.get_by_role("heading", name="Decide on 6 answers")).to_be_visible()
    page.get_by_role("combobox", name="Why they are not published").select_option(label="Off the topic")
    page.get_by_role("button", name="Reject 6 answers").click()
    expect(page.locator("[data-announcer]")).to_contain_text("6 answers rejected.")
    take_off(page, "soup")
    look_for(page, "Zawisza")
    for done in range(1, 16):
        expect(page.get_by_role("heading", name="What single outcome would you like to see?")).to_be_visible()
        if done <= 5:
            page.get_by_text("Redact…").click()
            page.get_by_role("checkbox", name="Zawisza", exact=True).check()
            page.get_by_role("combobox", name="What they give away").select_option(label="Another person")
            page.get_by_role("button", name="Show what will be published").click()
            expect(page.get_by_role("region", name="As it will be published")).to_contain_text("taken out")
        page.get_by_role("button", name="Approve as shown").click()
        expect(page.locator("[data-announcer]")).to_contain_text("Approved.")
        if done == 5:
            take_off(page, "Zawisza")
        elif done > 5:
            expect(page.locator("[data-announcer]")).to_contain_text(f"{6 + done} of 50 decided")
    page.get_by_role("button", name="Look over all 29").click()
    page.get_by_role("button", name="Approve 29 answers").click()
    expect(page.locator("[data-announcer]")).to_contain_text("29 answers approved.")
    states, decisions, named = outcome(database)
    assert states == {AnswerState.APPROVED: 44, AnswerState.REJECTED: 6}
    assert (decisions, named) == (50, 0)
    visit.close()


def take_off(page: Page, words: str) -> None:
    filter_that_stands = page.get_by_role("link", name=f"Take off: “{words}”")
    filter_that_stands.click()
    expect(filter_that_stands).to_have_count(0)


def look_for(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="Search the words of answers").fill(words)
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("link", name=f"Take off: “{words}”")).to_be_visible()


def test_two_directors_see_each_other_and_a_late_one_sees_both(
    app: TransactionalFlask, site: Site, pile: World, database: Database
) -> None:
    mine, theirs = (visit_as_director(app, site, pile) for _ in range(2))
    theirs.page.context.clear_cookies()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": SignedIn(pile.second_director).get_id(), "_fresh": True})
    name = str(app.config["SESSION_COOKIE_NAME"])
    theirs.page.context.add_cookies([{"name": name, "value": value, "url": site.address}])
    mine.go("/desk/warsaw/queue")
    with mine.page.expect_response("**/presence"):
        pass
    theirs.go("/desk/warsaw/queue")
    expect(theirs.page.locator(".presence")).to_have_text("Director is on this one too.")
    theirs.page.get_by_role("button", name="Approve as shown").click()
    expect(theirs.page.locator(".notice").first).to_contain_text("Approved.")
    mine.page.get_by_role("button", name="Approve as shown").click()
    expect(mine.page.get_by_role("heading", name="What stands now")).to_be_visible()
    mine.close()
    theirs.close()


def test_an_undo_goes_after_ten_seconds(app: TransactionalFlask, site: Site, pile: World) -> None:
    """With script, also where the lid was closed meanwhile and where somebody is on the button; and without."""
    visit = visit_as_director(app, site, pile)
    page = visit.page
    page.clock.install()
    visit.go("/desk/warsaw/queue")
    undo = page.get_by_role("button", name="Undo")
    for done, seconds in ((1, 2), (2, 600)):
        page.get_by_role("button", name="Approve as shown").click()
        expect(page.locator(".notice").first).to_contain_text(f"{done} of 50 decided")
        expect(undo).to_be_visible()
        undo.focus()
        page.clock.fast_forward(seconds * 1000)
        expect(undo).to_be_visible(visible=seconds < 10)
    expect(page.get_by_role("link", name="Look at it again")).to_be_focused()
    page.reload()
    visit.close()
    plain = visit_as_director(app, site, pile, java_script_enabled=False)
    plain.go("/desk/warsaw/queue")
    plain.press("Approve as shown")
    undo = plain.page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    plain.page.evaluate("document.getAnimations().forEach((running) => { running.currentTime = 10_001 })")
    expect(undo).to_be_hidden()
    plain.close()


OBSCURED = """() => {
  const [at, bar] = [document.activeElement, document.querySelector(".acts")];
  if (at === document.body || bar.contains(at)) return "";
  const { top, bottom } = at.getBoundingClientRect();
  const behind = bottom > bar.getBoundingClientRect().top + 1 || bottom <= 0 || top >= innerHeight;
  return behind && bar.getBoundingClientRect().bottom >= innerHeight - 1 ? at.outerHTML.slice(0, 80) : "";
}"""
"""What has the focus and lies behind the acts where they stick, or out of sight."""


def test_the_acts_stay_in_reach_beside_the_longest_answer(
    app: TransactionalFlask, site: Site, session: Session, world: World
) -> None:
    """Opened too, with and without script; nobody tabs to what lies behind them."""
    words = "We should agree on what counts as an incident at sea. " * 70
    answer = make_answer(session, world.consultation, world.rules, world.asking, words.strip())
    session.commit()
    for options in (
        {"width": 360, "height": 640},
        {"width": 720, "height": 450, "java_script_enabled": False},
    ):
        visit = visit_as_director(app, site, world, **options)
        visit.go(f"/desk/warsaw/queue/{answer.id}")
        acts = [visit.page.get_by_role("button", name="Approve as shown"), visit.page.get_by_text("Reject…")]
        for act in acts:
            expect(act).to_be_in_viewport(ratio=1)
        for _ in range(25):
            visit.page.keyboard.press("Tab")
            assert visit.page.evaluate(OBSCURED) == ""
        acts[1].click()
        expect(visit.page.get_by_role("combobox", name="Why it is not published")).to_be_in_viewport(ratio=1)
        visit.close()


def test_words_typed_while_a_page_is_under_way_stay(app: TransactionalFlask, site: Site, pile: World) -> None:
    visit = visit_as_director(app, site, pile)
    page = visit.page
    held: list[Route] = []
    visit.go("/desk/warsaw/queue")
    box = page.get_by_role("searchbox", name="Search the words of answers")
    page.route("**/decide", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    page.get_by_role("button", name="Approve as shown").click()
    pressed(page, "/")
    page.keyboard.type("sup")
    pressed(page, "ArrowLeft", "ArrowLeft")
    held[0].continue_()
    expect(page.locator(".notice").first).to_contain_text("1 of 50 decided")
    expect(box).to_be_focused()
    page.keyboard.type("o")
    expect(box).to_have_value("soup")
    pressed(page, "Enter")
    expect(page.get_by_role("link", name="Take off: “soup”")).to_be_visible()
    expect(box).not_to_be_focused()
    visit.close()
