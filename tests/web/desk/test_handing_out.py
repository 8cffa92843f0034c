"""A file for release is worked out while others write, and what is entered among the publications is what it holds."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Publication
from consult.analysis.kept import ReleasedFigures
from consult.consultations.models import Consultation, GroundRules
from consult.core.audit import AuditEntry
from consult.exports import entering
from consult.operations.withdrawal import withdraw_response
from consult.responses.models import Answer
from consult.responses.queries import response_by_id
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.reports.scenes import Told, tell

EXPORTS = "/desk/warsaw/exports"
FILES = {
    "/exports": {"format": "csv", "profile": "publication", "meeting": ""},
    "/exports/project": {"profile": "publication", "meeting": "", "file": "qdpx"},
}


@pytest.fixture
def told(session: Session, world: World) -> Told:
    told = tell(session, world)
    session.commit()
    return told


@pytest.mark.parametrize("address", FILES)
def test_who_writes_meanwhile_does_not_wait_and_is_seen(
    client: PageClient,
    app: TransactionalFlask,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    """Somebody withdraws while the publication is worked out: at once, and not one word of theirs is handed out."""
    client.sign_in(told.world.director)
    page = client.page(f"/desk/warsaw{address}")
    leaving = [told.quotable[0], told.quotable[1]]
    work_out: Callable[[Session, Consultation, GroundRules], Publication] = entering.publication_now
    worked_out = []

    def meanwhile(session: Session, consultation: Consultation, rules: GroundRules) -> Publication:
        if leaving:
            withdraw(app, leaving.pop())
        worked_out.append(work_out(session, consultation, rules))
        return worked_out[-1]

    monkeypatch.setattr(entering, "publication_now", meanwhile)
    file = client.post(f"/desk/warsaw{address}", data=page.form(address).values | FILES[address])
    assert file.status_code == 200
    assert len(worked_out) == 3, "what was worked out before something was taken back is not entered"
    with app.database.reading() as session:
        entered = session.scalars(select(ReleasedFigures.document)).all()
        kept = session.scalars(
            select(AuditEntry.facts).where(AuditEntry.act == "published_view.export")
        ).all()
    assert entered == [worked_out[-1].document]
    assert [json.loads(facts)["profile"] for facts in kept] == ["publication"]
    words = "".join(written_in(file.data)) if address.endswith("project") else file.data.decode("utf-8-sig")
    code = told.world.questions[0].code
    said = [f"View {number} at october on {code}." for number in range(3)]
    assert [each in words for each in said] == [False, False, True]
    file.close()


def written_in(project: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(project)) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode("utf-8", "replace")


def withdraw(app: TransactionalFlask, answer: Answer) -> None:
    with app.database.transaction() as session:
        response = response_by_id(session, answer.response_id)
        assert response is not None
        withdraw_response(session, response)
