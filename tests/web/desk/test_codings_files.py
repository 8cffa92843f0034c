"""Coded answers leave as a project, and codings made elsewhere come in once somebody has seen what they bring."""

import io
from zipfile import ZipFile

from sqlalchemy.orm import Session

from consult.analysis.queries import theme_by_code, theme_codes
from consult.core.database import Database
from consult.core.storage import StoredFile
from tests.analysis.cases import approved, codebook
from tests.factories import World
from tests.pages import Page, PageClient


def upload(client: PageClient, world: World, content: bytes, name: str) -> str:
    """Sent as a browser does; the address of the preview."""
    form = client.page(f"/desk/{world.slug}/coding/import").form("/import")
    answer = client.post(form.action, data={**form.values, "file": (io.BytesIO(content), name)})
    assert answer.status_code == 303
    return answer.location


def test_a_project_is_downloaded_and_its_codings_come_back_after_a_look(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    deterrence, *_ = codebook(session, world)
    [coded] = approved(session, world, world.october, deterrence, text="Allies first.")
    [plain] = approved(session, world, text="Only in the table.")
    session.commit()
    client.sign_in(world.director)
    form = client.page(f"/desk/{world.slug}/exports/project").form("/project")
    chosen = {**form.values, "meeting": "", "profile": "desk"}
    project = client.post(form.action, data={**chosen, "file": "qdpx"})
    assert "warsaw" in project.headers["Content-Disposition"]
    assert "project.qde" in ZipFile(io.BytesIO(project.data)).namelist()
    book = client.post(form.action, data={**chosen, "file": "qdc"})
    assert book.data.startswith(b"<?xml")

    table = b"text,themes\nOnly in the table.,unity;Dialogue\nNobody said this.,unity\nAllies first.,peace\n"
    preview = upload(client, world, table, "c.csv")
    page = client.page(preview)
    for words in ("2 codings", "Nobody said this.", "peace", "Nothing has been taken yet."):
        assert words in page.text
    with database.reading() as fresh:
        assert theme_codes(fresh, [plain.id]) == {}, "a look gives nothing"
    done = client.submit(page, "/import/")
    assert "2 codings were taken in." in done.text
    with database.reading() as fresh:
        assert theme_codes(fresh, [coded.id, plain.id]) == {
            coded.id: ("deterrence",),
            plain.id: ("dialogue", "unity"),
        }
        assert fresh.query(StoredFile).count() == 0, "the file is gone once it is taken in"
    assert client.get(preview).status_code == 404

    again = client.page(upload(client, world, project.data, "p.qdpx"))
    assert "There is nothing to take in." in again.text


def test_what_has_changed_since_the_look_is_shown_again(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    codebook(session, world)
    [plain] = approved(session, world, text="Only in the table.")
    session.commit()
    client.sign_in(world.director)
    page = client.page(upload(client, world, b"text,themes\nOnly in the table.,unity\n", "c.csv"))
    unity = theme_by_code(session, world.consultation, "unity")
    assert unity is not None
    unity.title, unity.retired = "Unity", True
    session.commit()
    form = page.form("/import/")
    stale = Page(client.post(form.action, data=form.values))
    assert (stale.status, "Something has changed since." in stale.text) == (409, True)
    with database.reading() as fresh:
        assert theme_codes(fresh, [plain.id]) == {}


def test_a_file_that_cannot_be_read_is_told_and_a_rapporteur_takes_none(
    session: Session, world: World, client: PageClient
) -> None:
    codebook(session, world)
    session.commit()
    client.sign_in(world.director)
    form = client.page(f"/desk/{world.slug}/coding/import").form("/import")
    for content, name in ((b"no zip", "p.qdpx"), (b"words,codes\na,b\n", "c.csv")):
        refused = client.post(form.action, data={**form.values, "file": (io.BytesIO(content), name)})
        assert refused.status_code == 422
        assert "Error" in Page(refused).text
    client.sign_in(world.rapporteur)
    assert client.get(f"/desk/{world.slug}/coding/import").status_code == 403
    assert client.get(f"/desk/{world.slug}/exports/project").status_code == 403
