"""A director's journey: from the password to the published edition and a file in the hand."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.actions import set_password
from consult.analysis.actions import ensure_theme
from consult.analysis.models import Coding
from consult.core.database import Database
from consult.moderation.models import Decision, PublishedText
from consult.reports.actions import approve
from consult.reports.models import Edition
from consult.web.transactions import TransactionalFlask
from tests.browser import Site
from tests.factories import World, make_answer, make_user
from tests.journeys.watched import Watched

pytestmark = pytest.mark.browser

PASSWORD = "a long pass phrase of the tests"
TEXTS = (
    "A standing channel between the staffs, as Colonel Zawisza of Riga asked, would help.",
    "Agree on what counts as an incident at sea.",
    "My neighbour at dinner is a fool.",
)


@pytest.fixture
def desk(session: Session, world: World) -> World:
    """Three answers wait, two themes are in the codebook, and the director has a password."""
    for text in TEXTS:
        make_answer(session, world.consultation, world.rules, world.asking, text)
    for code in ("channels", "incidents"):
        ensure_theme(session, world.consultation, code=code, title=code.capitalize())
    set_password(session, world.director, PASSWORD)
    session.commit()
    session.close()
    return world


def open_answer(visit: Watched, words: str, state: str = "waiting") -> None:
    visit.go(f"/desk/warsaw/queue?state={state}")
    with visit.page.expect_navigation():
        visit.page.locator("a.item__link", has_text=words).first.click()


def select_words(page: Page, words: str) -> None:
    """Drag the mouse over some words of the answer as submitted."""
    box = page.evaluate(
        """words => {
            const source = document.querySelector("[data-span-source]");
            const walker = document.createTreeWalker(source, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const starts = node.data.indexOf(words);
                if (starts < 0) continue;
                const range = document.createRange();
                range.setStart(node, starts);
                range.setEnd(node, starts + words.length);
                const rects = range.getClientRects();
                const first = rects[0], last = rects[rects.length - 1];
                return {x1: first.left, y1: first.top + first.height / 2,
                        x2: last.right, y2: last.top + last.height / 2};
            }
        }""",
        words,
    )
    page.mouse.move(box["x1"] + 1, box["y1"])
    page.mouse.down()
    page.mouse.move(box["x2"], box["y2"], steps=8)
    page.mouse.up()


def test_from_sign_in_to_a_published_edition(
    app: TransactionalFlask, site: Site, desk: World, database: Database, tmp_path: Path
) -> None:
    visit = Watched(site, accept_downloads=True)
    sign_in(visit, desk.director.email)
    approve_and_undo(visit)
    redact(visit, database)
    reject(visit)
    assign_themes(visit, database)
    freeze_and_publish(app, visit)
    download(visit, tmp_path)
    assert len(visit.looked_at) >= 16
    visit.close()


def sign_in(visit: Watched, email: str) -> None:
    visit.go("/desk/warsaw")
    visit.look("Sign in")
    visit.page.get_by_label("E-mail address").fill(email)
    visit.page.get_by_label("Password").fill("not the password")
    visit.press("Sign in")
    visit.look("There is a problem")
    assert visit.page.get_by_label("E-mail address").input_value() == email
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.press("Sign in")
    assert visit.page.url.endswith("/desk/warsaw"), "back to the page that was asked for"
    visit.look()
    visit.go("/desk/")
    visit.look()


def approve_and_undo(visit: Watched) -> None:
    open_answer(visit, "incident at sea")
    visit.look()
    visit.press("Approve as shown")
    visit.press("Undo")
    visit.look()
    open_answer(visit, "incident at sea")
    visit.press("Approve as shown")


def redact(visit: Watched, database: Database) -> None:
    open_answer(visit, "standing channel")
    select_words(visit.page, "Colonel Zawisza of Riga")
    visit.page.get_by_label("What they give away").select_option("identifies_other")
    visit.page.get_by_role("button", name="Show what will be published").click()
    visit.page.locator("section[aria-labelledby=printed]").get_by_text("taken out").wait_for()
    visit.look()
    assert "Zawisza" not in visit.page.locator("section[aria-labelledby=printed]").inner_text()
    visit.press("Approve as shown")
    with database.reading() as session:
        texts = set(session.scalars(select(PublishedText.text)))
    assert len(texts) == 2
    assert not any("Zawisza" in text or "Riga" in text for text in texts)


def reject(visit: Watched) -> None:
    open_answer(visit, "neighbour")
    visit.page.locator("details#reject summary").click()
    visit.page.get_by_role("button", name="Reject", exact=True).click()
    visit.page.get_by_text("Choose why this answer is not published.").first.wait_for()
    visit.look()
    visit.page.get_by_label("Why it is not published").select_option("off_topic")
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name="Reject", exact=True).click()
    visit.look("Queue")


def assign_themes(visit: Watched, database: Database) -> None:
    visit.go("/desk/warsaw/coding")
    for _ in range(2):
        visit.look()
        visit.page.get_by_label("Channels").check()
        visit.press("Save and go on")
    visit.look("Every approved answer here has a theme")
    with database.reading() as session:
        assert len(session.scalars(select(Coding)).all()) == 2
        assert len(session.scalars(select(Decision)).all()) == 5


def freeze_and_publish(app: TransactionalFlask, visit: Watched) -> None:
    visit.go("/desk/warsaw/report")
    visit.look()
    visit.press("Freeze edition 1")
    app.extensions["queue"].run_waiting()
    visit.page.reload()
    visit.look()
    with visit.page.expect_download() as downloaded:
        visit.page.get_by_role("button", name="HTML").click()
    assert "standing channel" in Path(downloaded.value.path()).read_text(encoding="utf-8")
    with app.database.transaction() as session:
        edition = session.scalars(select(Edition)).one()
        approve(session, edition, read=edition.document_hash, by=make_user(session, "Second director"))
    visit.page.reload()
    visit.follow("Publish edition 1")
    visit.look()
    visit.press("Publish edition 1")
    visit.go("/c/warsaw")
    assert "standing channel" in visit.page.content()
    assert "Zawisza" not in visit.page.content()


def download(visit: Watched, tmp_path: Path) -> None:
    visit.go("/desk/warsaw/exports")
    visit.look()
    visit.page.locator("input[name=profile][value=publication]").check()
    visit.page.locator("input[name=format][value=csv]").check()
    with visit.page.expect_download() as downloaded:
        visit.page.get_by_role("button", name="Download").click()
    path = tmp_path / "export.csv"
    downloaded.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert not any("Zawisza" in row["text"] for row in rows)
