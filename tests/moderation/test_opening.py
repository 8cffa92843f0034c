"""Who gave a confidential answer is read by two directors together, once each, in time, and the person is told."""

import json
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.audit import AuditEntry, first_broken
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Invalid, NotFound, Refused
from consult.core.identifiers import new_secret
from consult.core.sealing import Seal
from consult.meetings.queries import askings_at
from consult.moderation.actions import Opened, agree_to_open, ask_to_open, read_opened
from consult.moderation.models import LinkOpening
from consult.moderation.queries import openings_of, openings_to_agree
from consult.responses.actions import GivenAnswer, exchange, submit_unlinked
from consult.responses.models import Answer, Response
from tests.factories import LINK_KEY, World, make_answer, make_world
from tests.pages import PageClient
from tests.responses.test_unlinked import Scene as Unlinked
from tests.web.participate.cast import ANSWER, opened

SEAL = Seal(LINK_KEY)
WHY, AGREED = "A threat to somebody’s life.", "I have read it and agree."


@pytest.fixture
def given(client: PageClient, world: World, session: Session) -> Answer:
    """An answer that the participant gave with their own link."""
    client.submit(opened(client, world), "/respond/", **ANSWER)
    answer = session.scalars(select(Answer).order_by(Answer.question_id)).first()
    assert answer is not None
    return answer


def test_from_asking_to_the_person_being_told(
    client: PageClient, given: Answer, world: World, session: Session
) -> None:
    answer_id, person = given.id, world.participant.participant
    name, email = person.name, person.email
    session.close()
    client.sign_in(world.director)
    assert f"/desk/warsaw/links/{answer_id}" in client.page(f"/desk/warsaw/queue/{answer_id}").html
    ask = client.page(f"/desk/warsaw/links/{answer_id}")
    assert client.submit(ask, f"/links/{answer_id}", reason=" ").status == 422
    waiting = client.submit(ask, f"/links/{answer_id}", reason=WHY)
    assert "Waits for another director" in waiting.text
    assert "/agree" not in waiting.html
    assert client.submit(ask, f"/links/{answer_id}", reason=WHY).status == 409
    opening = session.scalars(select(LinkOpening.id)).one()
    session.close()
    alone = client.post(
        f"/desk/warsaw/links/opening/{opening}/agree", data={**_token(client), "reason": AGREED}
    )
    assert (alone.status_code, "Another director has to agree" in alone.get_data(as_text=True)) == (409, True)
    early = client.post(f"/desk/warsaw/links/opening/{opening}/read", data=_token(client))
    assert (early.status_code, email in early.get_data(as_text=True)) == (409, False)

    client.sign_in(world.second_director)
    assert "1 request to read who gave an answer waits" in client.page("/desk/warsaw").text
    page = client.submit(client.page("/desk/warsaw/links"), "/agree", reason=AGREED)
    assert email not in page.text
    shown = client.submit(page, "/read")
    assert (shown.status, name in shown.text, email in shown.text) == (200, True, True)
    again = client.post(f"/desk/warsaw/links/opening/{opening}/read", data=_token(client))
    assert (again.status_code, email in again.get_data(as_text=True)) == (409, False)
    client.sign_in(world.director)
    assert email in client.submit(client.page("/desk/warsaw/links"), "/read").text
    assert "/read" not in client.page("/desk/warsaw/links").html

    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.act.like("link_opening_%")).order_by(AuditEntry.number)
    ).all()
    assert [entry.act.removeprefix("link_opening_") for entry in entries] == [
        "asked",
        "agreed",
        "read",
        "read",
    ]
    assert {entry.subject for entry in entries} == {answer_id}
    kept = " ".join(entry.facts for entry in entries) + str(
        session.execute(text("SELECT * FROM link_opening")).one()
    )
    assert not any(told in kept for told in (name, email, person.id, world.participant.invitation.id))
    assert json.loads(entries[0].facts)["reason"] == WHY
    assert first_broken(session) is None
    session.close()

    client.hold(world.participant.invitation)
    told = client.page("/respond/").text
    assert "two programme directors were allowed to read that you gave this answer" in told
    assert WHY in told
    assert AGREED in told


def test_too_late_and_where_there_is_nothing_to_open(given: Answer, world: World, session: Session) -> None:
    late = ask_to_open(session, given, reason=WHY, by=world.director)
    session.flush()
    with pytest.raises(Invalid, match="Write the reason"):
        agree_to_open(session, late, reason=" ", by=world.second_director)
    with pytest.raises(Refused, match="Another director has to agree first"):
        read_opened(session, late, seal=SEAL, by=world.director)
    agree_to_open(session, late, reason=AGREED, by=world.second_director)
    with pytest.raises(Refused, match="Only the two directors"):
        read_opened(session, late, seal=SEAL, by=world.outsider)
    assert read_opened(session, late, seal=SEAL, by=world.director) == Opened(
        world.participant.participant.name,
        world.participant.participant.organisation,
        world.participant.participant.email,
    )
    without_link = make_answer(session, world.consultation, world.rules, world.asking)
    nobody = ask_to_open(session, without_link, reason=WHY, by=world.director)
    agree_to_open(session, nobody, reason=AGREED, by=world.second_director)
    with pytest.raises(NotFound, match="without an invitation"):
        read_opened(session, nobody, seal=SEAL, by=world.director)
    unlinked = Unlinked(session, 1)
    code = new_secret().upper()
    exchange(session, unlinked.invited[0].invitation, code)
    asking = askings_at(session, unlinked.invited[0].invitation.meeting)[0]
    given_unlinked = GivenAnswer(asking, "Unity.", Attribution.QUOTE_UNATTRIBUTED, "en")
    response = session.get_one(Response, submit_unlinked(session, code, [given_unlinked]).response_id)
    with pytest.raises(Refused, match="Only in confidential mode"):
        ask_to_open(session, response.answers[0], reason=WHY, by=world.director)
    session.commit()
    forged = LinkOpening(
        answer_id=response.answers[0].id,
        asked_by=world.director.id,
        asked_at=now(),
        reason=WHY,
        expires_at=now(),
    )
    session.add(forged)
    with pytest.raises(DBAPIError, match="only the link of a confidential answer"):
        session.flush()


@pytest.mark.parametrize(
    "change",
    [
        "agreed_by = asked_by, agreed_at = asked_at, agreed_reason = 'x'",
        "agreed_by = :second, agreed_at = '2099-01-01 00:00:00+00:00', agreed_reason = 'x'",
        "agreed_by = :second, agreed_at = asked_at",
        "asker_read_at = asked_at",
        "reason = 'another'",
    ],
)
def test_the_database_refuses_short_ways(given: Answer, world: World, session: Session, change: str) -> None:
    ask_to_open(session, given, reason=WHY, by=world.director)
    session.commit()
    with pytest.raises(DBAPIError):
        session.execute(text(f"UPDATE link_opening SET {change}"), {"second": world.second_director.id})
    session.rollback()
    with pytest.raises(DBAPIError, match="stays so"):
        session.execute(text("DELETE FROM link_opening"))


def _token(client: PageClient) -> dict[str, str]:
    return {"csrf_token": client.page("/desk/warsaw").forms[0].values["csrf_token"]}


def test_openings_are_not_sought_among_all_answers(sqlite_url: str) -> None:
    """A million answers lie beside a few openings: what comes first must be the openings."""
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    with database.transaction() as session:
        world = make_world(session)
        event.listen(database.writer, "before_cursor_execute", note)
        openings_of(session, world.consultation, [world.october.id])
        openings_to_agree(session, world.consultation, [world.october.id], by=world.director, at=now())
        event.remove(database.writer, "before_cursor_execute", note)
        sought = [(statement, values) for statement, values in asked if "link_opening" in statement]
        assert len(sought) == 2
        for statement, values in sought:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert "link_opening" in plan[0].detail, plan
    database.close()
