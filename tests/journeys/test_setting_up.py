"""From a blank consultation to an answer, by the link in the mail that a real mail server took."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.database import Database
from consult.core.mail.sending import SmtpMailer
from consult.jobs.registry import job_queue
from consult.participants.models import Participant
from consult.responses.models import Response
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.browser import PHONE, Site
from tests.factories import World
from tests.journeys.watched import Watched
from tests.mail_server import Script, mail_server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

NAME = "الدكتورة ليلى الأحمد"


def desk_of(user: User, site: Site, app: TransactionalFlask) -> Watched:
    """A browser in which somebody is signed in."""
    desk = Watched(site)
    cookie = app.test_client().sign_in(user).get_cookie("consult")
    assert cookie is not None
    desk.page.context.add_cookies([{"name": "consult", "value": cookie.value, "url": site.address}])
    return desk


def test_from_a_blank_to_an_answer_by_the_link_in_the_mail(
    site: Site,
    world: World,
    session: Session,
    database: Database,
    settings: Settings,
    app: TransactionalFlask,
) -> None:
    """Somebody who never saw a terminal: set up, preview, invite, open; and on a phone, the answer."""
    session.close()
    desk = desk_of(world.director, site, app)
    desk.go("/desk/new")
    desk.look("consultation")
    desk.fill(title="Next steps in Vilnius", slug="vilnius")
    desk.press("Make it")
    desk.look("Next steps in Vilnius")
    desk.go("/desk/vilnius/setup/meetings/new")
    desk.fill(title="Vilnius in June", starts="2027-06", time_zone="Europe/Vilnius", slug="june")
    desk.look("Add a meeting")
    desk.press("Add the meeting")
    desk.look("Vilnius in June")
    desk.go("/desk/vilnius/setup/questions/new")
    desk.fill(prompt_en="Which single step would help most?", code="step")
    desk.look("Add a question")
    desk.press("Add the question")
    desk.look("Which single step")
    if desk.page.locator("[name=wording_0]").input_value() == "":
        desk.page.locator("[name=wording_0]").select_option(index=1)
        desk.press("Save where it is asked")
    desk.go("/desk/vilnius/setup/rules")
    desk.look("Ground rules")
    desk.press("Save the ground rules")
    desk.go("/desk/vilnius/setup/preview/june")
    desk.look("Which single step would help most?")
    desk.go("/desk/vilnius/people/new")
    desk.page.get_by_label("Name", exact=True).fill(NAME)
    desk.page.get_by_label("E-mail address").fill("layla@example.org")
    desk.page.get_by_label("Vilnius in June").check()
    desk.look("Add")
    desk.press("Add to the roster")
    desk.look(NAME)
    desk.go("/desk/vilnius/times")
    desk.look("Opening and closing")
    desk.press("Open now")
    desk.look("Set these times?")
    desk.press("Set these times")
    desk.go("/desk/vilnius/invitations/june/send")
    desk.look("Send 1 invitation?")
    assert NAME in desk.page.content()
    desk.press("Send 1 invitation")
    desk.look("Invitations")
    desk.close()

    script = Script()
    with mail_server(script) as port:
        queue = job_queue(settings, database, SmtpMailer(f"smtp://localhost:{port}", seconds=10))
        queue.run_waiting()
        queue.close()
    mail = next(one for one in script.taken if "layla@example.org" in one["To"])
    text = mail.get_body(("plain",)).get_content()
    assert NAME in text
    parts = urlsplit(next(found for found in re.findall(r"https?://\S+", text) if "/i/" in found))

    visit = Watched(site, **PHONE)
    visit.go(f"{parts.path}?{parts.query}")
    visit.press("Give your answer")
    visit.page.locator("[name=text_1]").fill("وحدة الحلف، مبيّنة في الميزانيات.")
    visit.page.locator("input[name=use_1][value=quote_unattributed]").check()
    visit.press("Submit")
    visit.look("We have it")
    visit.close()
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Response)) == 1
        assert reading.scalars(select(Participant).where(Participant.name == NAME)).one()


PAGES = (
    "/desk/new",
    "setup",
    "setup/about",
    "setup/meetings",
    "setup/meetings/october",
    "setup/questions",
    "setup/questions/outcome",
    "setup/rules",
    "setup/preview/october",
    "setup/pilot",
    "setup/sign-off",
    "people",
    "people/import",
    "team",
    "invitations",
    "invitations/words/invitation/fr",
    "invitations/october/remind",
    "invitations/october/back",
    "join/october",
    "reminders",
    "announce",
    "times",
)


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("pl", 768), ("fr", 1440)])
def test_no_page_of_preparing_shuts_anybody_out(
    site: Site, world: World, session: Session, app: TransactionalFlask, language: str, width: int
) -> None:
    """Every page is no wider than the window, in the languages of longer words, too; and axe finds nothing."""
    session.close()
    desk = desk_of(world.director, site, app)
    for page in PAGES:
        address = page if page.startswith("/") else f"/desk/{world.slug}/{page}"
        desk.go(address.replace("outcome", world.questions[0].code) + f"?lang={language}")
        desk.look(widths=(width,), script=language == "en")
    desk.close()
