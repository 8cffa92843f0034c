"""Public pages and the desk's report in a real browser: light, whole at every width, and open to everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.reports import actions
from tests.browser import Site
from tests.factories import World
from tests.reports.scenes import AWKWARD, approve, publish_approved, tell

pytestmark = pytest.mark.browser

LIGHT = 200_000
PAGES = ("/", "/c/warsaw", "/c/warsaw/report", "/c/elsewhere")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def published(session: Session, world: World) -> Consultation:
    tell(session, world)
    approve(
        session, world, world.asking, "A long answer: " + "كلمة طويلة عن الأمن الجماعي " * 150, "dialogue"
    )
    approve(session, world, world.asking, "Unbreakable" * 40, "unity")
    edition = actions.freeze(session, world.consultation, by=world.director)
    publish_approved(session, world, edition)
    world.consultation.demonstration = True
    session.commit()
    return world.consultation


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_pages_are_whole_and_accessible_at_every_width(
    site: Site, published: Consultation, width: int
) -> None:
    with site.open(width=width) as context:
        page = context.new_page()
        for address in PAGES:
            page.goto(address, wait_until="networkidle")
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{address} is {overflow} px too wide"
            assert violations(page) == [], address


def test_the_story_page_is_light_and_asks_nobody_else(site: Site, published: Consultation) -> None:
    received: list[Response] = []
    with site.open() as context:
        page = context.new_page()
        page.on("response", lambda response: received.append(response))  # noqa: PLW0108 (playwright marks what it is given)
        page.goto("/c/warsaw", wait_until="networkidle")
        assert all(one.url.startswith(site.address) for one in received)
        scripts_of_awkward = [
            one for one in received if ".woff2" in one.url and ("cyrillic" in one.url or "arabic" in one.url)
        ]
        weight = sum(len(one.body()) for one in received if one not in scripts_of_awkward)
    assert weight < LIGHT


def test_words_of_answers_are_shown_as_words(site: Site, published: Consultation) -> None:
    with site.open(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/c/warsaw/report")
        shown = page.inner_text("main")
        assert all(line in shown for words in AWKWARD for line in words.split("\n"))
