"""The turn to write is taken last: a form is read while somebody else writes, and what changed meanwhile is seen."""

import pytest
from sqlalchemy import Connection, event, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from consult.meetings.models import Meeting
from consult.web.guards import Invited, guest_writing
from consult.web.participate import answering
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.web.participate.cast import ANSWER, TEXTS, count, opened, stored_texts


def test_a_form_is_read_and_refused_while_somebody_else_writes(
    client: PageClient, app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    form = opened(client, world)
    with app.database.session(writing=True) as other:
        other.execute(text("SELECT 1"))  # on SQLite nobody else writes until this ends
        assert client.submit(form, "/respond/", **TEXTS).status == 422
    assert client.submit(form, "/respond/", **ANSWER).response.request.path == "/respond/receipt"


def test_a_button_pressed_while_the_database_goes_away_can_be_pressed_again(
    client: PageClient, app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    page = client.page(f"/i/{world.participant.secret}")

    def gone(connection: Connection) -> None:
        connection.connection.rollback()
        raise OperationalError("COMMIT", {}, Exception("away"))

    event.listen(app.database.writer, "commit", gone)
    try:
        assert client.submit(page, "/i/").status == 503
    finally:
        event.remove(app.database.writer, "commit", gone)
    assert client.submit(page, "/i/").response.request.path == "/respond/"


@pytest.mark.parametrize("closed", [False, True])
def test_what_changed_between_reading_and_writing_is_seen(
    client: PageClient, world: World, session: Session, monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    form, reads = opened(client, world), []

    def after_a_change(guest: Invited) -> Invited:
        if not reads:
            session.execute(update(Meeting).values(short_title="Renamed a moment ago"))
            if closed:
                world.consultation.opens_at = None
            session.commit()
        reads.append(guest.meeting.short_title)
        return guest_writing(guest)

    monkeypatch.setattr(answering, "guest_writing", after_a_change)
    session.commit()
    page = client.submit(form, "/respond/", **ANSWER)
    assert len(reads) == 2
    assert reads[1] == "Renamed a moment ago"
    if closed:
        assert page.status == 409
        assert TEXTS["text_1"] in page.html
        assert count(session) == 0
    else:
        assert page.response.request.path == "/respond/receipt"
        assert stored_texts(session) == set(TEXTS.values())
