"""The rules of moderation are set at the desk and stand in the queue from the next page on."""

from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.audit import first_broken
from consult.core.database import Database
from tests.factories import World, make_answer
from tests.pages import PageClient

RULES = "/desk/warsaw/setup/moderation"


def kept(database: Database, world: World) -> tuple[bool, dict[str, str]]:
    with database.reading() as reading:
        consultation = reading.get_one(Consultation, world.consultation.id)
        assert first_broken(reading) is None
        return consultation.second_approval, consultation.reason_labels


def test_two_approvals_and_the_names_of_reasons(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    answer = make_answer(session, world.consultation, world.rules, world.asking)
    session.commit()
    client.sign_in(world.director)
    page = client.page(RULES)
    assert page.form("/moderation").values["off_topic"] == ["Off the topic"]
    assert "Saved." in client.submit(page, "/moderation").text
    assert kept(database, world) == (False, {}), "what was left as it is stays in each reader's language"
    changed = {"second_approval": "y", "off_topic": " Not about  the summit ", "duplicate": ""}
    saved = client.submit(client.page(RULES), "/moderation", **changed)
    assert kept(database, world) == (True, {"off_topic": "Not about the summit", "duplicate": ""})
    assert saved.form("/moderation").values["duplicate"] == [""]
    queue = client.page(f"/desk/warsaw/queue/{answer.id}")
    assert "Not about the summit" in queue.text
    assert "Sent twice" not in queue.text
    once = client.submit(queue, "/decide", button="act=approve")
    assert "Another person’s approval publishes it." in once.text
    refused = client.submit(saved, "/moderation", other=" ", sensitive="x" * 121)
    assert refused.status == 422
    assert "Write something here." in refused.text
    assert "Shorten this to 120 characters." in refused.text
    assert refused.form("/moderation").values["off_topic"] == ["Not about the summit"]
    again = client.submit(saved, "/moderation", duplicate="Sent twice", off_topic="Off the topic")
    assert "Saved." in again.text
    assert kept(database, world) == (True, {})
