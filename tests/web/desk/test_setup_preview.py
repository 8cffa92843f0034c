"""The preview is walked as a participant walks the form, at the desk and by a sign-off link; nothing else is kept."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consult.consultations.actions import make_sign_off_link
from consult.core.clock import now
from consult.core.database import Base, Database
from consult.meetings.models import PilotAnswer
from tests.factories import World
from tests.pages import Page, PageClient


def counted(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.reading() as session:
        return {
            table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
            for table in Base.metadata.tables
        }


def on_two_pages(session: Session, world: World) -> tuple[str, str]:
    """The second question on a page of its own, in a consultation that opens tomorrow; both prompts."""
    first, second = world.questions
    second.page = 2
    world.consultation.opens_at = now() + timedelta(days=1)
    session.commit()
    return first.wordings[0].source_text, second.wordings[0].source_text


def walked(client: PageClient, page: Page, first: str, second: str) -> Page:
    """From the first page over a fault to the last look, as far as the button that sends."""
    assert first in page.text
    assert second not in page.text
    assert "Page 1 of 2" in page.text
    wrong = client.submit(page, "/preview/", button="act=next-1", use_1="quote_unattributed")
    assert wrong.status == 422
    following = client.submit(
        page, "/preview/", button="act=next-1", text_1="Talk more.", use_1="quote_unattributed"
    )
    assert second in following.text
    assert "Page 2 of 2" in following.text
    last = client.submit(
        following, "/preview/", button="act=next-2", text_2="Time.", use_2="quote_unattributed"
    )
    assert last.status == 200
    assert "Check your answers" in last.text
    assert "Talk more." in last.text
    return last


def test_several_pages_are_walked_and_their_end_keeps_a_pilot_answer(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    first, second = on_two_pages(session, world)
    client.sign_in(world.director)
    address = "/desk/warsaw/setup/preview/october"
    page = client.page(address)
    last = walked(client, page, first, second)
    kept = client.submit(last, "/preview/", button="act=send")
    assert kept.status == 200
    with database.reading() as reading:
        assert sorted(reading.scalars(select(PilotAnswer.text))) == ["Talk more.", "Time."]
    whole = client.page(f"{address}?view=whole")
    assert first in whole.text
    assert second in whole.text
    assert "?view=whole" in whole.form("/preview/").action


def test_whoever_signs_off_walks_it_too_and_leaves_nothing_behind(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    first, second = on_two_pages(session, world)
    secret = make_sign_off_link(
        session, world.consultation, made_for="", expires_at=now() + timedelta(days=1), by=world.director
    )
    session.commit()
    before = counted(database)
    page = client.page(f"/preview/{secret}")
    over = client.submit(walked(client, page, first, second), "/preview/", button="act=send")
    assert "This is where the form ends" in over.text
    assert "Talk more." not in over.text
    assert counted(database) == before
    world.consultation.opens_at = now() - timedelta(days=1)
    session.commit()
    client.sign_in(world.director)
    opened = client.page("/desk/warsaw/setup/preview/may")
    assert "kept" not in opened.form("/preview/").action
    last = walked(client, opened, first, second)
    assert "This is where the form ends" in client.submit(last, "/preview/", button="act=send").text
    assert counted(database)["pilot_answer"] == 0
