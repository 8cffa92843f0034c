"""Tokens of programs, and editions that were taken back: what opens, what does not, and how refusals read."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.audit import AuditEntry, first_broken
from consult.core.clock import now
from consult.core.identifiers import digest
from consult.reports import actions
from consult.reports.models import Edition, EditionFile
from consult.reports.tokens.actions import make_token, revoke_token
from consult.reports.tokens.models import ApiToken
from tests.factories import World, make_consultation
from tests.pages import PageClient
from tests.reports.scenes import CANARIES, publish_approved, tell

HOME = "/api/v1/consultations/warsaw"


@pytest.fixture
def frozen(session: Session, world: World) -> Edition:
    tell(session, world)
    edition = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    return edition


def token(
    session: Session, world: World, *, editions: bool = True, answers: bool = False, days: int = 1
) -> str:
    secret = make_token(
        session,
        world.consultation,
        name="The website",
        editions=editions,
        answers=answers,
        expires_at=now() + timedelta(days=days),
        by=world.director,
    )
    session.commit()
    return secret


def asked(client: PageClient, address: str, secret: str | None = None) -> tuple[int, Any, Any]:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    response = client.get(address, headers=headers)
    assert response.content_type.startswith(("application/json", "application/problem+json")), address
    return response.status_code, json.loads(response.text), response.headers


def test_what_a_token_reads_is_on_record_once_a_day_and_public_reading_is_not(
    client: PageClient, session: Session, world: World, frozen: Edition
) -> None:
    secret = token(session, world, answers=True, days=3)
    held = session.scalars(select(ApiToken.id)).one()
    session.rollback()

    def told() -> list[tuple[str, str]]:
        entries = session.execute(
            select(AuditEntry.subject, AuditEntry.facts).where(AuditEntry.act == "api_token.read")
        )
        found = [(subject, facts) for subject, facts in entries]
        session.rollback()
        return found

    for address in ("editions", "editions/1", "answers", "answers?meeting=may"):
        assert (
            client.get(f"{HOME}/{address}", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
        )
    asked(client, "/api/v1/consultations")
    assert told() == [(held, '{"what": "editions"}'), (held, '{"what": "answers"}')]
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        asked(client, f"{HOME}/editions", secret)
    assert told()[2:] == [(held, '{"what": "editions"}')]
    assert first_broken(session) is None


def test_a_token_opens_its_consultations_frozen_editions_and_nobody_keeps_the_answer(
    client: PageClient, session: Session, world: World, frozen: Edition
) -> None:
    secret = token(session, world)
    assert [held.secret_hash for held in session.scalars(select(ApiToken))] == [digest(secret)]
    session.rollback()
    status, listed, headers = asked(client, f"{HOME}/editions", secret)
    assert (status, [entry["state"] for entry in listed["items"]]) == (200, ["frozen"])
    assert headers["Cache-Control"] == "no-store"
    status, document, _headers = asked(client, f"{HOME}/editions/1", secret)
    assert (status, document["edition"]["number"]) == (200, 1)
    assert asked(client, f"{HOME}/editions/1/answers", secret)[0] == 200
    assert asked(client, f"{HOME}/answers", secret)[0] == 403
    for nobody in (None, "consult_nothing", secret.upper()):
        assert asked(client, f"{HOME}/editions/1", nobody)[0] == (404 if nobody is None else 401)
    other, _rules = make_consultation(session, slug="another")
    session.commit()
    assert asked(client, f"/api/v1/consultations/{other.slug}/editions", secret)[0] == 403
    held = session.scalars(select(ApiToken)).one()
    revoke_token(session, held, by=world.director)
    session.commit()
    status, said, headers = asked(client, f"{HOME}/editions/1", secret)
    assert (status, said["title"]) == (401, "A token is needed")
    assert headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_for_answers_reads_what_directors_may_export_and_no_more(
    client: PageClient, session: Session, world: World, frozen: Edition
) -> None:
    secret = token(session, world, editions=False, answers=True)
    status, view, _headers = asked(client, f"{HOME}/answers", secret)
    assert (status, view["handling"]) == (200, "Not for release")
    assert view["rows"]
    assert not [canary for canary in CANARIES if canary in json.dumps(view, ensure_ascii=False)]
    one = asked(client, f"{HOME}/answers?meeting=october", secret)[1]
    assert {row["meeting"] for row in one["rows"]} == {"october"}
    assert asked(client, f"{HOME}/answers?meeting=nowhere", secret)[0] == 404
    assert asked(client, f"{HOME}/editions", secret)[0] == 403
    assert asked(client, f"{HOME}/answers")[0] == 401


def test_whatever_is_refused_is_refused_as_json(client: PageClient, frozen: Edition) -> None:
    for address in ("/api/v1/nothing", "/api/v2/consultations", "/api/v1/consultations/%00"):
        status, said, _headers = asked(client, address)
        assert (status, said["status"], said["title"]) == (404, 404, "Not found")
    response = client.post("/api/v1/consultations")
    assert (response.status_code, response.content_type) == (405, "application/problem+json")


def test_an_edition_that_was_taken_back_leaves_its_address_and_the_reason(
    client: PageClient, session: Session, world: World, frozen: Edition
) -> None:
    publish_approved(session, world, frozen)
    session.commit()
    assert client.get("/c/warsaw/report/1").status_code == 200
    why = "A table counted one meeting twice."
    actions.withdraw(session, frozen, why=why, by=world.director)
    session.commit()
    for address in ("/c/warsaw/report/1", "/c/warsaw/report"):
        page = client.page(address, 410)
        assert "The convenor took edition 1 back on" in page.text
        assert why in page.text
    assert "Nothing is published yet" in client.page("/c/warsaw").text
    status, said, _headers = asked(client, f"{HOME}/editions/1")
    assert (status, said["title"]) == (410, "Withdrawn")
    assert asked(client, f"{HOME}/editions")[1]["items"] == []
    assert session.scalars(select(EditionFile)).all() == []
    client.page("/c/warsaw/report/2", 404)
    with pytest.raises(actions.Refused, match="not public"):
        actions.withdraw(session, frozen, why=why, by=world.director)
