"""A long export on the desk: watched, fetched on the record by whoever asked, gone with what was taken back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.audit import AuditEntry
from consult.exports.prepared import actions
from consult.exports.prepared.models import PreparedExport
from consult.operations.withdrawal import withdraw_response
from consult.responses.queries import response_by_id
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.reports.scenes import Told, tell

EXPORTS = "/desk/warsaw/exports"
CHOICE = {"format": "csv", "profile": "desk", "meeting": ""}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, exports_folder=str(tmp_path / "exports"))


@pytest.fixture
def told(session: Session, world: World, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 20)
    told = tell(session, world)
    session.commit()
    return told


def recorded(app: TransactionalFlask) -> list[dict[str, object]]:
    with app.database.reading() as session:
        kept = select(AuditEntry.facts).where(AuditEntry.act == "published_view.export")
        return [json.loads(facts) for facts in session.scalars(kept)]


def only(app: TransactionalFlask) -> str:
    with app.database.reading() as session:
        return session.scalars(select(PreparedExport.id)).one()


def test_a_long_export_is_prepared_and_fetched_on_the_record(
    client: PageClient, app: TransactionalFlask, told: Told, settings: Settings
) -> None:
    client.sign_in(told.world.director)
    page = client.page(EXPORTS)
    assert "Prepared files" not in page.text
    streamed = client.post(
        EXPORTS, data=page.form("/exports").values | CHOICE | {"meeting": "may", "columns": "text"}
    )
    assert streamed.status_code == 303, "24 rows are more than 20"
    page = client.page(EXPORTS)
    assert "Waiting to be written." in page.text
    assert "Look again" in page.text
    assert "Download the file" not in page.text
    assert recorded(app) == [], "nothing was given out yet"
    app.extensions["queue"].run_waiting()
    page = client.page(EXPORTS)
    assert "24 rows" in page.text
    assert "Look again" not in page.text
    fetch, remove = (f"/exports/prepared/{only(app)}{more}" for more in ("", "/remove"))
    response = client.post(f"/desk/warsaw{fetch}", data=page.form(fetch).values)
    assert response.status_code == 200
    assert (
        response.headers["Content-Disposition"]
        == "attachment; filename=warsaw-may-answers-not-for-release.csv"
    )
    assert response.data.count(b"\r\n") == 25
    response.close()
    assert recorded(app) == [{"format": "csv", "profile": "desk", "meeting": "may"}]
    colleague = client.application.test_client()
    assert isinstance(colleague, PageClient)
    colleague.sign_in(told.world.second_director)
    theirs = colleague.page(EXPORTS)
    assert "Prepared files" not in theirs.text
    token = {"csrf_token": theirs.form("/exports").values["csrf_token"]}
    assert colleague.post(f"/desk/warsaw{fetch}", data=token).status_code == 404
    assert colleague.post(f"/desk/warsaw{remove}", data=token).status_code == 404
    assert client.post(f"/desk/warsaw{fetch}").status_code == 422
    assert client.submit(client.page(EXPORTS), remove).status == 200
    assert list(Path(settings.exports_folder).iterdir()) == []


def test_a_withdrawal_takes_the_file_away_before_anybody_clears_up(
    client: PageClient, app: TransactionalFlask, session: Session, told: Told
) -> None:
    client.sign_in(told.world.director)
    client.submit(client.page(EXPORTS), "/exports", **CHOICE)
    app.extensions["queue"].run_waiting()
    page, fetch = client.page(EXPORTS), f"/exports/prepared/{only(app)}"
    response = response_by_id(session, told.quotable[0].response_id)
    assert response is not None
    withdraw_response(session, response)
    session.commit()
    answered = client.post(f"/desk/warsaw{fetch}", data=page.form(fetch).values)
    assert answered.status_code == 410
    assert "Prepare it again" in answered.get_data(as_text=True)
    assert recorded(app) == []
    page = client.page(EXPORTS)
    assert "no longer published" in page.text
    assert "Download the file" not in page.text
