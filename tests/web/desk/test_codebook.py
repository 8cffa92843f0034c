"""The codebook's pages: words, files, merging and splitting, by directors alone."""

import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.analysis.models import Theme
from consult.analysis.queries import theme_by_code, theme_codes
from consult.core.database import Database
from consult.reports.actions import set_takeaways
from consult.reports.queries import takeaways_of
from tests.analysis.cases import CANARY, approved, codebook
from tests.factories import World
from tests.pages import Page, PageClient


def at(world: World, *parts: str) -> str:
    return "/".join((f"/desk/{world.slug}/codebook", *parts))


def test_a_director_keeps_the_codebook(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    deterrence, *_ = codebook(session, world)
    set_takeaways(session, world.consultation, [("Talk.", ["deterrence", "dialogue"])])
    first, second = approved(session, world, world.may, deterrence, times=2)
    session.commit()
    client.sign_in(world.director)
    page = client.page(at(world))
    assert page.text.count("no answer yet") == 2, "themes without answers are shown too"
    assert "2 answers" in page.text

    page = client.submit(
        client.page(at(world, "new")), "/new", title="Łódź", examples="One.\nTwo.", parent="unity"
    )
    assert "lodz" in page.html
    wrong = client.submit(client.page(at(world, "new")), "/new", title="", description="Kept as typed")
    assert (wrong.status, "Kept as typed" in wrong.html) == (422, True)

    page = client.page(at(world, "themes", "deterrence"))
    client.submit(page, "themes/deterrence", title="Defence", colour="#14508c")
    page = client.page(at(world, "themes", "deterrence"))
    assert page.form("themes/deterrence").values["title"] == ["Defence"]

    page = client.page(at(world, "themes", "deterrence", "split"))
    form = page.forms[-1]
    missing = Page(client.post(form.action, data={**form.values, "title": "Air policing"}))
    assert (missing.status, "Tick the answers" in missing.text) == (422, True)
    form = missing.forms[-1]
    assert form.values["title"] == ["Air policing"]
    client.post(form.action, data={**form.values, "answers": [second.id]})
    with database.reading() as fresh:
        assert theme_codes(fresh, [first.id, second.id]) == {
            first.id: ("deterrence",),
            second.id: ("air-policing",),
        }

    client.submit(client.page(at(world, "themes", "deterrence")), "/merge", into="dialogue")
    client.submit(client.page(at(world, "themes", "unity")), "/retire")
    with database.reading() as fresh:
        assert theme_codes(fresh, [first.id]) == {first.id: ("dialogue",)}
        assert takeaways_of(fresh, world.consultation)[0].theme_codes == ["dialogue"]
        retired = fresh.scalars(select(Theme.code).where(Theme.retired).order_by(Theme.code)).all()
        assert retired == ["deterrence", "unity"]
    page = client.page(at(world))
    assert "merged into Dialogue" in page.text
    client.submit(client.page(at(world, "themes", "unity")), "/retire")
    with database.reading() as fresh:
        assert theme_by_code(fresh, world.consultation, "unity").retired is False  # type: ignore[union-attr]


def test_files_go_out_and_come_back(session: Session, world: World, client: PageClient) -> None:
    codebook(session, world)
    session.commit()
    client.sign_in(world.director)
    page = client.page(at(world))
    token = page.form("/file").values["csrf_token"]
    for form, start in (("csv", b"\xef\xbb\xbfcode,title"), ("qdc", b"<?xml")):
        response = client.post(at(world, "file"), data={"csrf_token": token, "format": form})
        assert response.data.startswith(start)
        assert f"codebook.{form}" in response.headers["Content-Disposition"]
        sent = {"csrf_token": token, "file": (io.BytesIO(response.data), f"c.{form}")}
        back = client.post(at(world, "import"), data=sent, follow_redirects=True)
        assert "Themes added or changed: 0." in back.get_data(as_text=True)
    bad = client.post(
        at(world, "import"), data={"csrf_token": token, "file": (io.BytesIO(b"a,b\n1,2"), "c.csv")}
    )
    assert (bad.status_code, "needs the columns" in bad.get_data(as_text=True)) == (422, True)
    page = client.submit(client.page(at(world)), "/template", template="meeting-feedback")
    assert "Thanks and praise" in page.text


def test_a_rapporteur_reads_the_codebook_without_the_counts_of_other_meetings(
    session: Session, world: World, client: PageClient
) -> None:
    deterrence, *_ = codebook(session, world)
    approved(session, world, world.may, deterrence, text=CANARY)
    session.commit()
    client.sign_in(world.rapporteur)
    page = client.page(at(world))
    assert "1 answer" not in page.text
    assert "Add a theme" not in page.text
    client.page(at(world, "themes", "deterrence", "split"), status=403)


def test_a_version_says_what_it_changed_and_since_when(
    session: Session, world: World, client: PageClient
) -> None:
    codebook(session, world)
    session.commit()
    client.sign_in(world.director)
    assert client.get(at(world, "versions", "1")).status_code == 404
    client.submit(client.page(at(world, "new")), "/new", title="Air policing", parent="unity")
    client.submit(
        client.page(at(world, "themes", "deterrence")),
        "themes/deterrence",
        title="Defence",
        description="Ready forces.",
    )
    client.submit(client.page(at(world, "themes", "dialogue")), "/merge", into="unity")
    client.submit(client.page(at(world, "themes", "air-policing")), "/retire")
    first = client.page(at(world, "versions", "1"))
    assert "There is no version before it." in first.text
    renamed = client.page(at(world, "versions", "3"))
    assert "<del>Deterrence</del> <ins>Defence</ins>" in renamed.html
    assert "Air policing" not in renamed.text
    assert "merged into Unity" in client.page(at(world, "versions", "4")).text
    since = client.page(at(world, "versions", "5?from=1")).text
    for words in ("Defence", "Ready forces.", "merged into Unity", "Air policing added retired"):
        assert words in since
    assert client.get(at(world, "versions", "6")).status_code == 404
    assert at(world, "versions", "5") in client.page(at(world)).html
    client.sign_in(world.rapporteur)
    client.page(at(world, "versions", "2"))
