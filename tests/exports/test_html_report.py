"""The report in one file: pure, whole, and true to its document."""

import json
import re
import shutil
from pathlib import Path

import html5lib
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.exports.editions import html
from consult.exports.editions.presentation import present
from consult.exports.rates import rate
from consult.jobs.render_edition import render_edition
from consult.reports import actions, queries
from consult.reports.document import Document, parsed
from consult.reports.models import Edition, EditionFile
from tests.exports.reading import share_in
from tests.factories import World, make_world
from tests.reports.scenes import CANARIES, tell


def _frozen(session: Session, world: World) -> Edition:
    tell(session, world)
    world.consultation.demonstration = True
    return actions.freeze(session, world.consultation, by=world.director)


@pytest.fixture
def edition(session: Session, world: World) -> Edition:
    edition = _frozen(session, world)
    session.commit()
    return edition


@pytest.fixture(scope="module")
def frozen_once(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What an edition of the same holds: rendering is pure, so one freezing serves all that only renders."""
    file = tmp_path_factory.mktemp("frozen") / "test.db"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    with database.session(writing=True) as session:
        document = _frozen(session, make_world(session)).document
    database.close()
    return document


@pytest.fixture
def document(frozen_once: str) -> Document:
    return parsed(frozen_once)


def words(page: bytes) -> str:
    body = html5lib.parse(page.decode(), namespaceHTMLElements=False).find("body")
    return " ".join("".join(body.itertext()).split())


def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    again = json.loads(json.dumps(document))
    assert html.render(document) == html.render(again)
    assert html.render(document, "fr") != html.render(document, "en")


def test_the_file_is_well_made_and_needs_nothing_from_elsewhere(document: Document) -> None:
    page = html.render(document).decode()
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page)
    assert not parser.errors, parser.errors[:3]
    assert len(list(tree.iter("h1"))) == 1
    assert not list(tree.iter("script"))
    assert not list(tree.iter("link"))
    assert not list(tree.iter("img"))
    assert "@font-face" not in page
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)
    identifiers = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))


def test_no_word_that_was_not_approved_is_in_it(document: Document) -> None:
    page = html.render(document).decode()
    for canary in CANARIES:
        assert canary not in page
    assert "<script>alert" not in page


def test_every_text_and_every_figure_of_the_document_is_in_it(document: Document) -> None:
    page = words(html.render(document))
    for quote in document["quotes"]:
        for text, _kind in quote["segments"]:
            assert " ".join((text or "").split()) in page
    for takeaway in document["takeaways"]:
        assert takeaway["text"] in page
        for shown in takeaway["evidence"]:
            assert share_in(shown) in page.replace("\u202f", " ").replace("\xa0", " ")
    for number in document["figures"].values():
        assert str(number) in page
    assert "Edition 1" in page
    assert "Demonstration." in page


def test_figures_in_tables_equal_the_document(document: Document) -> None:
    tree = html5lib.parse(html.render(document).decode(), namespaceHTMLElements=False)
    tables = [
        {
            "".join(row.find("th").itertext()).strip(): [
                " ".join("".join(cell.itertext()).split()) for cell in row.iter("td")
            ]
            for row in table.find("tbody").iter("tr")
        }
        for table in tree.iter("table")
    ]
    participation, by_meeting, overall = tables
    expected = [
        [
            str(row[key]) if row[key] is not None else "too few to print"
            for key in ("invited", "answered", "approved")
        ]
        for row in document["participation"]
    ]
    assert [[row[0], row[1], row[3]] for row in participation.values()] == expected
    rates = [rate(row["invited"], row["answered"]) for row in document["participation"]]
    assert [row[2] for row in participation.values()] == [
        "not told" if each is None else f"{each.percent} %" for each in rates
    ]
    titles = {theme["code"]: theme["title"] for theme in document["codebook"]}
    for shown, scopes in ((by_meeting, ["october", "may"]), (overall, [None])):
        for code, title in titles.items():
            figures = [
                f"{share_in(share)} ({share['quantifier']}: {share['count']} of {table['base']})"
                for scope in scopes
                for table in document["themes"]
                if table["meeting"] == scope
                for share in table["shares"]
                if share["theme"] == code
            ]
            assert shown[title] == figures


def test_bars_are_as_long_as_their_figures(document: Document) -> None:
    tree = html5lib.parse(html.render(document).decode(), namespaceHTMLElements=False)
    story = present(document, "en", str)
    drawn = [
        bar.findall(".//{*}rect")[1].get("width")
        for figure in tree.iter("figure")
        if figure.get("class") == "bars-figure"
        for bar in figure.iter()
        if "bars__bar" in (bar.get("class") or "")
    ]
    assert drawn == [
        f"{value.share}%"
        for bars in (story.by_meeting, story.overall)
        for row in bars.rows
        for value in row.values
    ]


def test_a_meeting_with_too_few_answers_shows_no_figure(session: Session, world: World) -> None:
    tell(session, world, each=1)
    edition = actions.freeze(session, world.consultation, by=world.director)
    page = words(html.render(parsed(edition.document)))
    assert "withheld" in page
    assert "too few to print" in page


def test_a_link_that_is_no_web_address_is_not_a_link(document: Document) -> None:
    document["meetings"][0]["links"] = [
        {"kind": "report", "title": "A report", "url": "javascript:alert(1)"},
        {"kind": "podcast", "title": "A podcast", "url": None},
    ]
    page = html.render(document).decode()
    assert "javascript:" not in page
    assert page.count("to be published") == 2


def test_the_job_stores_every_format_once(session: Session, edition: Edition) -> None:
    render_edition(session, {"edition": edition.id})
    render_edition(session, {"edition": edition.id})
    session.commit()
    files = session.scalars(select(EditionFile).where(EditionFile.edition_id == edition.id)).all()
    assert sorted(file.format for file in files) == [
        "docx",
        "html",
        "json",
        "md",
        "pdf",
        "preview",
        "story",
        "zip",
    ]
    stored = queries.file_of(session, edition, "html")
    assert stored is not None
    assert stored.content == html.render(parsed(edition.document))
    assert stored.name == "warsaw-edition-1.html"
    as_json = queries.file_of(session, edition, "json")
    assert as_json is not None
    assert as_json.content.decode() == edition.document
    assert queries.file_of(session, edition, "rtf") is None


def test_the_job_passes_over_an_edition_that_is_gone(session: Session) -> None:
    render_edition(session, {"edition": "a" * 26})
