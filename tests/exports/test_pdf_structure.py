"""What a screen reader is told of a PDF: every word in its element, tables row by row as the gate released them."""

from itertools import pairwise

import pytest

from consult.exports.formats import EDITION_FORMATS
from tests.exports.reading import share_in
from tests.exports.tags import Element, structure, untold
from tests.exports.test_editions import WRITTEN

KNOWN = {
    "", "Document", "Div", "Span", "P", "Title", "H1", "H2", "H3", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody",
    "TR", "TH", "TD", "Caption", "Figure", "Quote", "TOC", "TOCI", "Reference", "Link",
}  # fmt: skip


@pytest.fixture(scope="module")
def content() -> bytes:
    return EDITION_FORMATS["pdf"].render(WRITTEN)


@pytest.fixture(scope="module")
def elements(content: bytes) -> list[Element]:
    return [element for page in structure(content) for top in page for element in top.every()]


def test_every_word_belongs_to_an_element_that_readers_know(content: bytes, elements: list[Element]) -> None:
    assert untold(content) == []
    assert {element.kind for element in elements} <= KNOWN
    headings = [int(element.kind[1]) for element in elements if element.kind in {"H1", "H2", "H3"}]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    pictures = [element for element in elements if element.kind == "Figure"]
    assert len(pictures) == 2
    assert all("Article 5 and forward presence" in picture.alternative for picture in pictures)
    quotes = [element.text for element in elements if element.kind == "Quote"]
    assert sum("A clear commitment to Article 5." in quote for quote in quotes) == 2
    notes = [element.text for element in elements if element.kind == "P"]
    assert any(note.startswith("Nothing is known of what those who did not answer think.") for note in notes)


def test_tables_hold_the_gates_figures_row_by_row(elements: list[Element]) -> None:
    tables = [element for element in elements if element.kind == "Table"]
    rows = [[cell.text for cell in row.parts] for table in tables for row in table.every("TR")]
    for table in tables:
        if any(table.every("THead")):
            assert all(cell.kind == "TH" for cell in next(table.every("TR")).parts)
    names = {meeting["slug"]: meeting["short_title"] for meeting in WRITTEN["meetings"]}
    for entry in WRITTEN["participation"]:
        name = names.get(entry["meeting"] or "", "All meetings")
        (row,) = [row for row in rows if row[0].startswith(name)]
        assert [row[1], row[2], row[4]] == [str(entry[key]) for key in ("invited", "answered", "approved")]
    titles = {theme["code"]: theme["title"] for theme in WRITTEN["codebook"]}
    told = {table["meeting"]: table for table in WRITTEN["themes"]}
    assert len(told) == 3

    def cells(code: str, meetings: list[str | None]) -> list[str]:
        found = []
        for meeting in meetings:
            (share,) = [share for share in told[meeting]["shares"] if share["theme"] == code]
            found.append(
                f"{share_in(share)} ({share['quantifier']}: {share['count']} of {told[meeting]['base']})"
            )
        return found

    for code, title in titles.items():
        of_theme = [row[1:] for row in rows if row[0] == title]
        assert cells(code, list(names)) in of_theme
        assert cells(code, [None]) in of_theme
