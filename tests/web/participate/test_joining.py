"""Answering by a meeting's join code: nobody in particular, once a device, never identified, only while it is open."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.moderation.published import participation_facts
from consult.participants.actions import close_join_code, open_join_code
from consult.participants.models import Invitation
from consult.responses.enums import Source
from consult.responses.models import Answer, Response, ResponseCode, ResponseLink
from tests.factories import LINK_KEY, World
from tests.pages import PageClient
from tests.responses.test_unlinked import Scene
from tests.web.participate.cast import ANSWER

SEAL = Seal(LINK_KEY)


def poster(session: Session, meeting: Meeting, *, fresh: bool = False) -> str:
    """The code on the meeting's poster, which is open now."""
    code = open_join_code(session, meeting, seal=SEAL, fresh=fresh)
    session.commit()
    return SEAL.join_code(meeting.id, code.round)


def count(session: Session, table: type) -> int:
    found = session.scalar(select(func.count()).select_from(table)) or 0
    session.rollback()
    return found


def test_from_the_poster_to_the_receipt_and_once_a_device(
    client: PageClient, session: Session, world: World
) -> None:
    code = poster(session, world.october)
    form = client.submit(client.page(f"/join?code={code}"), "/join")
    assert form.response.request.path == "/joined"
    done = client.submit(form, "/receipt/answer", **ANSWER)
    assert "We have it" in done.text
    assert "Your receipt code" in done.text
    (response,) = session.scalars(select(Response)).all()
    assert (response.source, response.meeting_id) == (Source.JOIN_CODE, world.october.id)
    assert response.participant_id is None
    assert response.country is None
    assert count(session, ResponseLink) == 0
    assert not session.scalars(select(Invitation).where(Invitation.answered)).all()
    assert all(session.scalars(select(Answer.released)))
    (october, may) = participation_facts(session, world.consultation).meetings
    assert (october.answered, october.joined, may.joined) == (0, 1, 0)
    session.rollback()

    again = client.submit(form, "/receipt/answer", **ANSWER)  # the button pressed twice
    assert (again.status, count(session, Response)) == (200, 1)
    same_device = client.submit(client.page("/join"), "/join", code=code.lower())
    assert "An answer came in from this device" in same_device.text
    assert ANSWER["text_1"] not in same_device.text
    other = client.submit(same_device, "/joined")
    assert other.response.request.path == "/join"
    second = client.submit(client.submit(other, "/join", code=code), "/receipt/answer", **ANSWER)
    assert "We have it" in second.text
    assert count(session, Response) == 2


def test_typing_it_again_before_answering_leads_to_the_same_form(
    client: PageClient, session: Session, world: World
) -> None:
    code = poster(session, world.october)
    first = client.submit(client.page("/join"), "/join", code=code)
    again = client.submit(client.page("/join"), "/join", code=code)
    assert first.form("/receipt/answer").values["code"] == again.form("/receipt/answer").values["code"]
    assert count(session, ResponseCode) == 1
    lost = client.page("/join").form("/join").values | {"code": code, "text_1": "Not lost.", "use_1": ""}
    kept = client.post("/join", data=lost)
    assert "Not lost." in kept.get_data(as_text=True)


def test_off_rotated_and_closed(client: PageClient, session: Session, world: World) -> None:
    """A code that is not open is no code, an older round's neither; before opening and after closing it says so."""
    unknown = client.submit(client.page("/join"), "/join", code=SEAL.join_code(world.october.id, 1))
    assert unknown.status == 422
    session.rollback()
    old, new = poster(session, world.october), poster(session, world.october, fresh=True)
    assert client.submit(client.page("/join"), "/join", code=old).status == 422
    session.execute(update(Consultation).values(closes_at=now() - timedelta(days=1)))
    session.commit()
    refused = client.submit(client.page("/join"), "/join", code=new)
    assert (refused.status, "has closed" in refused.text) == (409, True)
    close_join_code(session, world.october)
    session.commit()
    assert client.submit(client.page("/join"), "/join", code=new).status == 422
    assert count(session, ResponseCode) == 0


def test_whoever_opened_an_invitation_here_answers_with_it(
    client: PageClient, session: Session, world: World
) -> None:
    code = poster(session, world.october)
    client.hold(world.participant.invitation)
    page = client.submit(client.page("/join"), "/join", code=code)
    assert page.response.request.path == "/respond/"


def test_unlinked_answers_wait_for_company(client: PageClient, session: Session) -> None:
    scene = Scene(session, 1)
    meeting = scene.invited[0].invitation.meeting
    form = client.submit(client.page("/join"), "/join", code=poster(session, meeting))
    done = client.submit(form, "/receipt/answer", text_1="Unity.", use_1="quote_unattributed")
    assert "We have it" in done.text
    response = session.scalars(select(Response)).one()
    assert (response.source, response.submitted_at) == (Source.JOIN_CODE, None)
    assert not any(session.scalars(select(Answer.released)))


@pytest.mark.parametrize(
    "change", ["country = 'PL'", "submitted_at = '2016-05-14 12:00:00+00:00'", "role_label = 'an envoy'"]
)
def test_the_database_refuses_to_know_who_it_was(
    client: PageClient, session: Session, world: World, change: str
) -> None:
    form = client.submit(client.page("/join"), "/join", code=poster(session, world.october))
    client.submit(form, "/receipt/answer", **ANSWER)
    with pytest.raises(DBAPIError, match="names nobody"):
        session.execute(text(f"UPDATE response SET {change}"))


def test_a_tablet_handed_round_keeps_nothing_of_anybody(
    client: PageClient, session: Session, world: World
) -> None:
    """No text, no code and no way back; personal links stay shut; it stops with the join code."""
    secret, typed = world.participant.secret, world.participant.code
    code = poster(session, world.october)
    session.close()
    client.hold(world.participant.invitation)
    begun = client.submit(client.page("/kiosk"), "/kiosk", code=code)
    assert "Your turn" in begun.text
    assert client.get("/respond/").status_code == 303, "the invitation that was open is forgotten"
    assert client.get(f"/i/{secret}").status_code == 409
    assert client.submit(client.page("/join"), "/join", code=typed).status == 409
    form = client.submit(begun, "/kiosk/next")
    response_code = form.form("/receipt/answer").values["code"][0]
    assert "data-keep" not in form.html
    done = client.submit(form, "/receipt/answer", **ANSWER)
    assert done.response.request.path == "/kiosk/done"
    assert response_code in done.text.replace("-", "")
    assert done.response.headers["Refresh"].endswith("url=/kiosk")
    with client.session_transaction() as cookie:
        assert response_code not in str(dict(cookie))
    again = client.page("/kiosk/done")
    assert again.response.request.path == "/kiosk"
    second = client.submit(again, "/kiosk/next")
    assert second.form("/receipt/answer").values["code"] != [response_code]
    assert not any(text in second.html for text in (response_code, ANSWER["text_1"]))
    assert count(session, Response) == 1
    close_join_code(session, world.october)
    session.commit()
    assert "Hand this device round" in client.page("/kiosk").html
