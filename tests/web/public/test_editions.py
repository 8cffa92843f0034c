"""Public pages: the latest published edition, and before one exists nothing of anybody's answers."""

import gzip
import struct
from itertools import product

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.database import Database
from consult.exports.editions import preview
from consult.exports.editions.presentation import UNDER_A_THEME
from consult.exports.formats import EDITION_FORMATS
from consult.jobs.render_edition import render_edition
from consult.reports import actions, queries
from consult.reports.document import abridged, parsed
from consult.reports.models import Edition
from consult.web.pages import LANGUAGES
from tests.exports.reading import unpacked
from tests.factories import World
from tests.pages import PageClient
from tests.reports.scenes import AWKWARD, CANARIES, publish_approved, tell

PAGES = ("/", "/c/warsaw", "/c/warsaw/report", "/c/warsaw/report/1")


@pytest.fixture
def frozen(session: Session, world: World) -> Edition:
    tell(session, world)
    edition = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    return edition


@pytest.fixture
def published(session: Session, world: World, frozen: Edition) -> Edition:
    publish_approved(session, world, frozen)
    session.commit()
    return frozen


def test_before_an_edition_the_story_page_shows_the_question_and_no_answer(
    client: PageClient, frozen: Edition, world: World
) -> None:
    page = client.page("/c/warsaw")
    assert "What single outcome would you like to see?" in page.text
    assert "Open for answers until" in page.text
    assert "NATO and Russia" in page.text
    assert "View 0 at october" not in page.html
    for canary in (*CANARIES, *AWKWARD):
        assert canary not in page.html


def test_a_frozen_edition_is_not_found(client: PageClient, frozen: Edition) -> None:
    client.page("/c/warsaw/report", 404)
    client.page("/c/warsaw/report/1", 404)


def test_what_is_not_there_is_not_found(client: PageClient, published: Edition) -> None:
    for address in ("/c/nowhere", "/c/nowhere/report", "/c/warsaw/report/99999999999999999999"):
        assert "Page not found" in client.page(address, 404).text


def test_the_story_page_has_the_parts_of_the_convenors_own(
    client: PageClient, session: Session, published: Edition
) -> None:
    document = parsed(published.document)
    page = client.page("/c/warsaw")
    for number, label in zip(
        document["figures"].values(),
        ("participants", "countries", "programme directors", "meetings"),
        strict=True,
    ):
        assert f"{label} {number}" in page.text or f"{label}{number}" in page.text
    for takeaway in document["takeaways"]:
        assert takeaway["text"] in page.text
    for meeting in document["meetings"]:
        assert meeting["title"] in page.text
        for outcome in meeting["outcomes"]:
            assert outcome in page.text
    for heading in ("What we take from it", "Meeting by meeting", "Themes, meeting by meeting"):
        assert heading in page.text
    assert "Edition 1" in page.text
    assert "How to cite: The convenor, Consultation warsaw, edition 1" in page.text
    assert "Demonstration." not in page.text
    order = [
        page.html.index(part) for part in ('id="views"', 'id="takeaways"', 'id="meetings"', 'id="themes"')
    ]
    assert order == sorted(order)


def test_the_report_prints_every_quotable_text(client: PageClient, published: Edition) -> None:
    page = client.page("/c/warsaw/report")
    for quote in parsed(published.document)["quotes"]:
        for words, _kind in quote["segments"]:
            assert " ".join((words or "").split()) in page.text
    assert "another person" in page.text


def test_no_public_page_holds_a_word_that_was_not_approved(client: PageClient, published: Edition) -> None:
    for address, language in product(PAGES, LANGUAGES):
        page = client.page(f"{address}?lang={language}")
        assert page.tree.get("lang") == language
        assert not [canary for canary in CANARIES if canary in page.html]


def test_public_pages_show_the_published_edition_whatever_is_frozen_or_approved_later(
    client: PageClient, session: Session, world: World, published: Edition
) -> None:
    before = client.page("/c/warsaw").html
    from tests.reports.scenes import approve

    approve(session, world, world.asking, "CANARYLATER approved after the freeze")
    actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    assert client.page("/c/warsaw").html == before
    assert "CANARYLATER" not in client.page("/c/warsaw/report").html
    client.page("/c/warsaw/report/2", 404)


def test_a_superseded_edition_stays_readable_and_says_so(
    client: PageClient, session: Session, world: World, published: Edition
) -> None:
    second = actions.freeze(session, world.consultation, by=world.director)
    publish_approved(session, world, second)
    session.commit()
    first = client.page("/c/warsaw/report/1")
    assert "There is a later edition" in first.text
    assert "Edition 2" in client.page("/c/warsaw/report").text
    assert "There is a later edition" not in client.page("/c/warsaw/report/2").text


def test_a_demonstration_says_so_on_every_page(client: PageClient, session: Session, world: World) -> None:
    world.consultation.demonstration = True
    session.commit()
    assert "Demonstration" in client.page("/").text
    assert "Demonstration." in client.page("/c/warsaw").text
    tell(session, world)
    edition = actions.freeze(session, world.consultation, by=world.director)
    publish_approved(session, world, edition)
    session.commit()
    for address in PAGES:
        assert "Demonstration" in client.page(address).text


def test_the_list_names_every_consultation_and_its_state(client: PageClient, published: Edition) -> None:
    page = client.page("/")
    assert "/c/warsaw" in page.links()
    assert "/c/elsewhere" in page.links()
    assert "Report published" in page.text
    assert "Open for answers until" in page.text


def test_public_pages_may_be_kept_and_are_asked_for_again(client: PageClient, published: Edition) -> None:
    for address in PAGES:
        first = client.get(address)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        assert {"Accept-Language", "Cookie"} <= set(first.vary)
        assert "Set-Cookie" not in first.headers
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
    assert client.get("/c/warsaw?lang=fr").headers["Cache-Control"] == "no-store"


def test_reading_takes_the_same_queries_for_few_and_many_answers(
    session: Session, world: World, database: Database
) -> None:
    from consult.reports.drafting import draft

    def count() -> int:
        statements: list[str] = []
        with database.reading() as reading:
            consultation = reading.get_one(type(world.consultation), world.consultation.id)
            listen = lambda *facts: statements.append(facts[2])  # noqa: E731
            event.listen(database.reader, "before_cursor_execute", listen)
            draft(reading, consultation, number=1, on=world.october.starts_on)
            queries.listed(reading)
            event.remove(database.reader, "before_cursor_execute", listen)
        return len(statements)

    tell(session, world, each=1)
    few = count()
    tell(session, world, each=12)
    assert count() == few


def test_a_page_that_stands_ready_is_the_page_itself_and_goes_with_its_edition(
    session: Session, client: PageClient, published: Edition, database: Database
) -> None:
    """Without a cookie the second reader is answered before a request is made of it: nobody may tell the difference."""
    first, ready = client.get("/c/warsaw"), client.get("/c/warsaw")
    client.set_cookie("consult", "none")
    usual = client.get("/c/warsaw")
    client.delete_cookie("consult")
    assert first.data == ready.data == usual.data
    heads = [
        sorted(header for header in page.headers if header[0] != "Date") for page in (first, ready, usual)
    ]
    assert heads[0] == heads[1] == heads[2]
    assert "no-store" not in ready.headers["Cache-Control"]
    again = client.get("/c/warsaw", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    for _each in range(2):
        packed = client.get("/c/warsaw", headers={"Accept-Encoding": "gzip, br"})
        assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", first.data)
        assert "Accept-Encoding" in packed.headers["Vary"]
        kept = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        assert client.get("/c/warsaw", headers=kept).status_code == 304
    assert client.get("/c/warsaw", headers={"Accept-Encoding": "gzip;q=0"}).data == first.data
    polish = client.get("/c/warsaw", headers={"Accept-Language": "pl"})
    assert 'lang="pl"' in polish.text
    assert client.get("/c/warsaw", headers={"Accept-Language": "pl"}).data == polish.data != first.data
    client.get("/c/warsaw?lang=fr")
    assert 'lang="fr"' in client.get("/c/warsaw").text
    client.delete_cookie("consult")
    assert _queries(database, client) == 0
    published.document_hash = "0" * 64
    session.commit()
    assert _queries(database, client) > 1, "the page of another document is made anew"
    assert _queries(database, client) == 0


def _queries(database: Database, client: PageClient) -> int:
    """How many statements one reading of the story page takes, but for the glance at which edition is published."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(database.reader, "before_cursor_execute", note)
    try:
        assert client.get("/c/warsaw").status_code == 200
    finally:
        event.remove(database.reader, "before_cursor_execute", note)
    return len(asked)


def test_a_shared_address_shows_a_picture_of_ours_and_of_nobodys_answers(
    client: PageClient, session: Session, published: Edition
) -> None:
    document = parsed(published.document)
    words = {quote["text"] for quote in document["quotes"]}
    render_edition(session, {"edition": published.id})
    session.commit()
    head = client.page("/c/warsaw").tree.find("head")
    assert head is not None
    told = {one.get("property") or one.get("name"): one.get("content", "") for one in head.iter("meta")}
    assert told["og:title"] == document["consultation"]["title"]
    assert not words & set(told.values())
    address = told["og:image"]
    assert address.startswith("http")
    assert address.endswith("/c/warsaw/report/1/preview.png")
    picture = client.get("/c/warsaw/report/1/preview.png")
    assert picture.content_type == "image/png"
    assert picture.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture.data[16:24]) == (preview.WIDTH, preview.HEIGHT)
    assert picture.data == preview.render(abridged(document)), "the same bytes again"
    assert client.get("/c/warsaw/report/2/preview.png").status_code == 404


def test_views_unfold_theme_by_theme_as_far_as_the_edition_tells_their_themes(
    client: PageClient, session: Session, published: Edition
) -> None:
    document = parsed(published.document)
    page = client.page("/c/warsaw")
    unfolding = [each for each in page.tree.iter("details") if each.get("class") == "unfolds"]
    by_title = {"".join(each.find("summary").itertext()).strip(): each for each in unfolding}  # type: ignore[union-attr]
    for theme in document["codebook"]:
        given = {quote["text"] for quote in document["quotes"] if theme["code"] in quote["themes"]}
        assert (theme["title"] in by_title) == bool(given)
        if given:
            shown = " ".join("".join(by_title[theme["title"]].itertext()).split())
            printed = [text for text in given if " ".join(text.split()) in shown]
            assert 0 < len(printed) <= UNDER_A_THEME


def test_a_published_edition_is_taken_away_as_it_is_stored(
    client: PageClient, session: Session, published: Edition, frozen: Edition
) -> None:
    assert "Take it with you" not in client.page("/c/warsaw/report").text, "nothing is stored yet"
    render_edition(session, {"edition": published.id})
    session.commit()
    page = client.page("/c/warsaw/report/1")
    offered = [
        link.get("href", "")
        for link in page.tree.iter("a")
        if link.get("href", "").startswith("/c/warsaw/report/1/")
    ]
    assert offered == [f"/c/warsaw/report/1/{code}" for code in EDITION_FORMATS]
    for address in offered:
        file = client.get(address)
        stored = queries.file_of(session, published, address.rpartition("/")[2])
        assert stored is not None
        assert file.data == stored.content
        assert "attachment" in file.headers["Content-Disposition"]
        assert "public" in file.headers["Cache-Control"]
        again = client.get(address, headers={"If-None-Match": file.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert not [canary for canary in CANARIES if canary.encode() in unpacked(file.data)]
    for nothing in ("story", "preview", "exe"):
        assert client.get(f"/c/warsaw/report/1/{nothing}").status_code == 404
    actions.withdraw(session, published, why="A table was wrong.", by=published_by(session, published))
    session.commit()
    assert client.get(offered[0]).status_code == 410


def published_by(session: Session, edition: Edition) -> User:
    return session.get_one(User, edition.frozen_by)
