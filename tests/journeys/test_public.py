"""A reader's journey: from the list to the story and the report, light and from nowhere else."""

from typing import Any

import pytest
from playwright.sync_api import Response
from sqlalchemy.orm import Session

from consult.settings import Settings
from tests.browser import DESKTOP, PHONE, Site
from tests.factories import World
from tests.journeys.watched import Watched
from tests.web.scenes import QUOTED, make_scene

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

MOST_BYTES = 200_000


def weight(site: Site, path: str, size: dict[str, Any]) -> dict[str, int]:
    """The bytes of everything that a first visit to a page fetches, by address."""
    context = site.open(**size)
    page, received = context.new_page(), list[Response]()

    def note(response: Response) -> None:
        received.append(response)

    page.on("response", note)
    page.goto(path, wait_until="networkidle")
    found = {response.url: len(response.body()) for response in received}
    context.close()
    assert len(found) > 2, "the page and its styles"
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_list_to_the_report(
    site: Site, session: Session, world: World, settings: Settings, size: dict[str, Any]
) -> None:
    make_scene(session, world, settings)
    session.close()
    visit = Watched(site, **size)
    visit.go("/")
    visit.look()
    visit.follow(world.consultation.title)
    visit.look(world.consultation.title)
    assert QUOTED in visit.page.content()
    assert sum(weight(site, "/c/warsaw", size).values()) < MOST_BYTES
    visit.go("/c/warsaw/report")
    visit.look()
    assert QUOTED in visit.page.content()
    visit.go("/c/warsaw/report/1")
    visit.look()
    visit.go("/c/warsaw/report/2", status=404)
    visit.wrong = [line for line in visit.wrong if "status of 404" not in line]
    visit.look()
    visit.close()


def test_before_an_edition_the_story_page_holds_no_answer(site: Site, session: Session, world: World) -> None:
    session.close()
    visit = Watched(site, **PHONE)
    visit.go("/c/warsaw")
    visit.look(world.consultation.title)
    visit.close()
