"""A participant's journey: from the link to the receipt, with impatient fingers, on a phone."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.responses.models import Response, Revision
from tests.browser import PHONE, Site
from tests.factories import PROMISE, World
from tests.journeys.watched import Watched

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

TEXTS = ("Keep the hotline of the staffs open, zażółć gęślą jaźń.", "An incident that nobody wanted.")


def responses(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0


def fill(visit: Watched) -> None:
    for number, text in enumerate(TEXTS, 1):
        visit.page.locator(f"[name=text_{number}]").fill(text)
        visit.page.locator(f"input[name=use_{number}][value=quote_unattributed]").check()


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
def test_from_link_to_receipt_once(
    site: Site, world: World, session: Session, database: Database, script: bool
) -> None:
    session.close()
    visit = Watched(site, **PHONE, java_script_enabled=script)
    for _ in range(3):
        visit.go(f"/i/{world.participant.secret}")
    visit.look(world.consultation.title, script=script)
    visit.press("Give your answer")
    assert world.participant.secret not in visit.page.url
    assert PROMISE["en"] in visit.page.content()
    assert visit.page.locator("input[type=radio]:checked").count() == 0, "nothing is chosen beforehand"
    visit.look(script=script)
    visit.press("Submit")
    visit.look("There is a problem", script=script)
    visit.go("/respond/")
    fill(visit)
    assert responses(database) == 0
    visit.page.get_by_role("button", name="Submit").dblclick(no_wait_after=True)
    visit.page.wait_for_url("**/respond/receipt")
    visit.look("We have it", script=script)
    code = visit.page.locator(".receipt__code").inner_text()
    assert responses(database) == 1
    visit.page.reload()
    assert visit.page.locator(".receipt__code").inner_text() == code
    visit.page.go_back()
    visit.look(script=script)
    assert visit.page.url.endswith("/respond/")
    assert visit.page.get_by_role("button", name="Submit").count() == 0
    visit.go("/receipt")
    visit.look(script=script)
    visit.page.get_by_label("Receipt code").fill(code.lower())
    visit.press("Show my answer")
    visit.look(script=script)
    assert TEXTS[0] in visit.page.content()
    assert responses(database) == 1
    with database.reading() as reading:
        assert set(reading.scalars(select(Revision.text))) == set(TEXTS)
    visit.close()


def test_the_same_form_sent_again_from_an_old_tab_leads_to_the_same_receipt(
    site: Site, world: World, session: Session, database: Database
) -> None:
    session.close()
    visit = Watched(site, **PHONE)
    visit.go(f"/i/{world.participant.secret}")
    visit.press("Give your answer")
    fill(visit)
    sent = visit.page.evaluate(
        "Object.fromEntries(new FormData(document.querySelector('form[data-keep]')).entries())"
    )
    visit.press("Submit")
    code = visit.page.locator(".receipt__code").inner_text()
    again = visit.page.context.request.post(f"{site.address}/respond/", form=sent)
    assert again.url.endswith("/respond/receipt")
    visit.page.reload()
    assert visit.page.locator(".receipt__code").inner_text() == code
    changed = visit.page.context.request.post(
        f"{site.address}/respond/", form={**sent, "text_1": "Other words."}
    )
    assert changed.status == 409
    assert "Other words." in changed.text()
    assert responses(database) == 1
    visit.close()
