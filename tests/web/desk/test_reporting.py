"""The report on the desk: who may look, freeze, publish and take files away."""

import io
import json
from itertools import product

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.audit import AuditEntry
from consult.jobs.render_edition import render_edition
from consult.reports import actions
from consult.reports.enums import EditionState
from consult.reports.models import Edition
from consult.web.transactions import TransactionalFlask
from tests.factories import World, make_user
from tests.pages import PageClient
from tests.reports.scenes import CANARIES, publish_approved, tell

REPORT = "/desk/warsaw/report"
EXPORTS = "/desk/warsaw/exports"


@pytest.fixture
def told(session: Session, world: World) -> World:
    tell(session, world)
    return world


@pytest.fixture
def edition(session: Session, told: World) -> Edition:
    edition = actions.freeze(session, told.consultation, by=told.director)
    session.commit()
    return edition


def editions(session: Session) -> list[tuple[int, EditionState]]:
    """What stands in the database. Its transaction ends here, so that the next request may write."""
    session.rollback()
    statement = select(Edition.number, Edition.state).order_by(Edition.number)
    found = [(number, state) for number, state in session.execute(statement)]
    session.rollback()
    return found


def hash_of(session: Session) -> str:
    session.rollback()
    found = session.scalars(select(Edition.document_hash).where(Edition.number == 1)).one()
    session.rollback()
    return found


def test_a_director_previews_freezes_publishes_and_downloads(
    client: PageClient, app: TransactionalFlask, session: Session, told: World
) -> None:
    client.sign_in(told.director)
    page = client.page(REPORT)
    assert "As it would be frozen now" in page.text
    assert "Deterrence has to be at the core." in page.text
    page = client.submit(page, "/report/freeze")
    assert editions(session) == [(1, EditionState.FROZEN)]
    app.extensions["queue"].run_waiting()
    page = client.page(REPORT)
    assert "Freeze edition 2" in page.text
    assert "Frozen" in page.text
    page = client.page(f"{REPORT}/editions/1")
    assert "somebody else approves it" in page.text
    token = page.forms[0].values["csrf_token"]
    own = client.post(f"{REPORT}/editions/1/approve", data={"csrf_token": token, "read": hash_of(session)})
    assert own.status_code == 409
    assert client.post(f"{REPORT}/editions/1/publish", data={"csrf_token": token}).status_code == 409
    client.sign_in(told.second_director)
    session.rollback()  # naming her began a transaction, and only one may write
    client.submit(client.page(f"{REPORT}/editions/1"), "/approve")
    client.sign_in(told.director)
    session.rollback()
    page = client.page("/desk/warsaw/report/editions/1/publish")
    assert "Publish edition 1?" in page.text
    page = client.submit(page, "/publish")
    assert editions(session) == [(1, EditionState.PUBLISHED)]
    response = client.post(
        "/desk/warsaw/report/editions/1/file",
        data=page.form("/editions/1/file").values | {"format": "html"},
    )
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == "attachment; filename=warsaw-edition-1.html"
    assert response.mimetype == "application/octet-stream"
    assert response.headers["Cache-Control"] == "no-store"
    for canary in CANARIES:
        assert canary.encode() not in response.data
    assert "/c/warsaw/report/1" in client.page(REPORT).links()


def test_the_preview_holds_no_word_that_was_not_approved(client: PageClient, told: World) -> None:
    page = client.sign_in(told.director).page(REPORT)
    for canary in CANARIES:
        assert canary not in page.html


def test_an_observer_reads_and_neither_freezes_nor_exports(
    client: PageClient, session: Session, edition: Edition, world: World
) -> None:
    page = client.sign_in(world.observer).page(REPORT)
    assert "As it would be frozen now" in page.text
    assert not [form for form in page.forms if "freeze" in form.action]
    assert client.post(f"{REPORT}/freeze", data=page.forms[0].values).status_code == 403
    assert client.post(f"{REPORT}/editions/1/publish", data=page.forms[0].values).status_code == 403
    assert client.get(EXPORTS).status_code == 403
    assert client.post(EXPORTS, data=page.forms[0].values).status_code == 403
    assert editions(session) == [(1, EditionState.FROZEN)]


def test_a_rapporteur_of_one_meeting_sees_published_editions_alone(
    client: PageClient, session: Session, edition: Edition, world: World
) -> None:
    render_edition(session, {"edition": edition.id})
    session.commit()
    page = client.sign_in(world.rapporteur).page(REPORT)
    assert "View 0 at may" not in page.html
    assert "Frozen" not in page.text
    data = page.forms[0].values | {"format": "html"}
    assert client.post(f"{REPORT}/editions/1/file", data=data).status_code == 404
    publish_approved(session, world, edition)
    session.commit()
    assert client.post(f"{REPORT}/editions/1/file", data=data).status_code == 200


def test_an_outsider_finds_nothing(client: PageClient, edition: Edition, world: World) -> None:
    client.sign_in(world.outsider)
    for address in (REPORT, EXPORTS, f"{REPORT}/editions/1/publish"):
        assert client.get(address).status_code == 404
    for address in (EXPORTS, f"{REPORT}/freeze", f"{REPORT}/editions/1/publish", f"{REPORT}/editions/1/file"):
        assert client.post(address).status_code == 404


def test_an_expired_token_freezes_nothing_and_gives_the_button_back(
    client: PageClient, session: Session, told: World
) -> None:
    client.sign_in(told.director)
    page = client.submit(client.page(REPORT), "/freeze", csrf_token="old")
    assert page.status == 422
    assert "Freeze edition 1" in page.text
    assert editions(session) == []
    assert client.submit(page, "/freeze").status == 200
    assert editions(session) == [(1, EditionState.FROZEN)]


def test_with_nothing_approved_the_page_says_what_to_do(
    client: PageClient, session: Session, world: World
) -> None:
    client.sign_in(world.director)
    page = client.page(REPORT)
    assert "There is nothing to freeze yet." in page.text
    token = page.forms[0].values
    response = client.post(f"{REPORT}/freeze", data=token)
    assert response.status_code == 409
    assert "Approve at least one" in response.get_data(as_text=True)
    assert editions(session) == []


def test_an_edition_is_published_once(
    client: PageClient, session: Session, edition: Edition, world: World
) -> None:
    client.sign_in(world.director)
    page = client.page(f"{REPORT}/editions/1/publish")
    client.submit(page, "/publish")
    assert client.submit(page, "/publish").status == 409
    assert client.get(f"{REPORT}/editions/7/publish").status_code == 404


def test_an_export_is_downloaded_and_on_record(client: PageClient, session: Session, told: World) -> None:
    client.sign_in(told.director)
    values = client.page(EXPORTS).form("/exports").values
    asked = [
        {"format": code, "profile": profile, "meeting": "may"}
        for code, profile in product(("csv", "xlsx", "json"), ("desk", "publication"))
    ]
    for choice in asked:
        response = client.post(EXPORTS, data=values | choice)
        assert response.status_code == 200
        name = "warsaw-may-answers" + ("-not-for-release" if choice["profile"] == "desk" else "")
        disposition = f"attachment; filename={name}.{choice['format']}"
        assert response.headers["Content-Disposition"] == disposition
        assert _holds_may_alone(choice["format"], response.data)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "published_view.export")).all()
    assert sorted(map(repr, (json.loads(entry.facts) for entry in entries))) == sorted(
        repr({"format": one["format"], "meeting": "may", "profile": one["profile"]}) for one in asked
    )
    assert {entry.user_id for entry in entries} == {told.director.id}


def _holds_may_alone(code: str, content: bytes) -> bool:
    """Twelve answers to each of two questions, under a heading where the format has one."""
    if code == "json":
        rows = json.loads(content)["rows"]
        return len(rows) == 24 and {row["meeting"] for row in rows} == {"may"}
    if code == "xlsx":
        return openpyxl.load_workbook(io.BytesIO(content))["answers"].max_row == 25
    return content.count(b"\r\n") == 25


def test_a_wrong_choice_is_answered_at_the_field_and_nothing_is_on_record(
    client: PageClient, session: Session, told: World
) -> None:
    client.sign_in(told.director)
    wrong: list[tuple[dict[str, str | None], str]] = [
        ({"profile": None}, "Choose for whom the file is."),
        ({"format": "exe"}, "Not a valid choice"),
        ({"meeting": "june"}, "Not a valid choice"),
        ({"csrf_token": "old"}, "please send it again"),
    ]
    for choice, sentence in wrong:
        given = {"format": "csv", "profile": "desk", "meeting": ""} | choice
        page = client.submit(client.page(EXPORTS), "/exports", **given)
        assert page.status == 422
        assert sentence in page.text
    assert session.scalar(select(func.count()).where(AuditEntry.act == "published_view.export")) == 0


def test_a_file_that_is_not_made_yet_says_so(client: PageClient, session: Session, told: World) -> None:
    actions.freeze(session, told.consultation, by=told.director)
    session.commit()
    page = client.sign_in(told.director).page(REPORT)
    assert "Being made" in page.text
    response = client.post(f"{REPORT}/editions/1/file", data=page.forms[0].values | {"format": "html"})
    assert response.status_code == 404
    assert "still being made" in response.get_data(as_text=True)
    response = client.post(f"{REPORT}/editions/1/file", data=page.forms[0].values | {"format": "exe"})
    assert response.status_code == 422


def test_a_stranger_is_sent_to_sign_in(client: PageClient, session: Session, edition: Edition) -> None:
    for address in (REPORT, EXPORTS):
        response = client.get(address)
        assert response.status_code == 303
        assert "/sign-in" in response.headers["Location"]
    client.sign_in(make_user(session, "New colleague"))
    session.commit()
    assert client.get(REPORT).status_code == 404
