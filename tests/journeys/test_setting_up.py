"""From a person typed into the roster to an answer, by the link in the mail that a real mail server took."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

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


def test_added_invited_mailed_and_answered(
    site: Site,
    world: World,
    session: Session,
    database: Database,
    settings: Settings,
    app: TransactionalFlask,
) -> None:
    session.close()
    desk = Watched(site)
    cookie = app.test_client().sign_in(world.director).get_cookie("consult")
    assert cookie is not None
    desk.page.context.add_cookies([{"name": "consult", "value": cookie.value, "url": site.address}])
    desk.go(f"/desk/{world.slug}/people/new")
    desk.page.get_by_label("Name", exact=True).fill(NAME)
    desk.page.get_by_label("E-mail address").fill("layla@example.org")
    desk.page.get_by_label(world.october.title).check()
    desk.press("Add to the roster")
    desk.look(NAME)
    desk.go(f"/desk/{world.slug}/invitations/october/send")
    desk.look("Send 2 invitations?")
    assert NAME in desk.page.content()
    desk.press("Send 2 invitations")
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
    link = next(found for found in re.findall(r"https?://\S+", text) if "/i/" in found)
    parts = urlsplit(link)

    visit = Watched(site, **PHONE)
    visit.go(f"{parts.path}?{parts.query}")
    visit.press("Give your answer")
    for number in (1, 2):
        visit.page.locator(f"[name=text_{number}]").fill("وحدة الحلف، مبيّنة في الميزانيات.")
        visit.page.locator(f"input[name=use_{number}][value=quote_unattributed]").check()
    visit.press("Submit")
    visit.look("We have it")
    visit.close()
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Response)) == 1
        assert reading.scalars(select(Participant).where(Participant.name == NAME)).one()
