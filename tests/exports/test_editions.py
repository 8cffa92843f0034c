"""Every format of an edition: the same bytes again, the figures of the gate, and the words of the golden files.

The golden files are renewed by `CONSULT_GOLDEN=write pytest tests/exports/test_editions.py`; read the difference.
"""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import docx
import html5lib
import jsonschema_rs
import pypdf
import pytest
from markdown_it import MarkdownIt

from consult.exports.editions import pdf
from consult.exports.editions.folder import SCHEMA
from consult.exports.editions.presentation import present
from consult.exports.formats import EDITION_FORMATS
from consult.reports.document import Document, abridged, canonical, parsed
from tests.exports.reading import pages_of, plain, share_in, unpacked

GOLDEN = Path(__file__).parent / "golden"
WRITTEN = parsed((GOLDEN / "warsaw-edition.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {code: format_.render(WRITTEN) for code, format_ in EDITION_FORMATS.items()}


def changed(**members: Any) -> Document:
    document: Document = json.loads(json.dumps(WRITTEN)) | members
    return document


def paragraphs(content: bytes) -> list[str]:
    return [
        f"{paragraph.style.name}: {paragraph.text}"
        for paragraph in docx.Document(io.BytesIO(content)).paragraphs
        if paragraph.text
    ]


def told(code: str, content: bytes) -> str:
    """What a file says, as text that a person can compare."""
    if code == "pdf":
        return "\n\n".join(pages_of(content))
    if code == "docx":
        return "\n".join(paragraphs(content))
    if code == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            return "\n".join(folder.namelist())
    if code == "html":
        return "\n".join(cells(content))
    return content.decode("utf-8")


def cells(content: bytes) -> list[str]:
    tree = html5lib.parse(content.decode(), namespaceHTMLElements=False)
    return [
        " ".join("".join(element.itertext()).split())
        for kind in ("h1", "h2", "h3", "blockquote", "tr", "dd")
        for element in tree.iter(kind)
    ]


@pytest.mark.parametrize("code", EDITION_FORMATS)
def test_a_format_says_what_its_golden_file_says(files: dict[str, bytes], code: str) -> None:
    golden = GOLDEN / f"warsaw-{code}.txt"
    if os.environ.get("CONSULT_GOLDEN") == "write":
        golden.write_text(told(code, files[code]) + "\n", "utf-8")
    assert told(code, files[code]) + "\n" == golden.read_text("utf-8")


@pytest.mark.parametrize("code", EDITION_FORMATS)
def test_rendering_again_gives_the_same_bytes(files: dict[str, bytes], code: str) -> None:
    again = parsed(canonical(WRITTEN))
    assert EDITION_FORMATS[code].render(again) == files[code]


def expected_figures() -> list[tuple[str, list[str]]]:
    """(row, figures) of every table, straight from the edition."""
    titles = {theme["code"]: theme["title"] for theme in WRITTEN["codebook"]}
    names = {meeting["slug"]: meeting["short_title"] for meeting in WRITTEN["meetings"]}
    rows = [
        (
            names.get(row["meeting"] or "", "All meetings"),
            [str(row["invited"]), str(row["answered"]), str(row["approved"])],
        )
        for row in WRITTEN["participation"]
    ]
    for code, title in titles.items():
        shares = [
            (share, table["base"])
            for table in WRITTEN["themes"]
            if table["meeting"]
            for share in table["shares"]
            if share["theme"] == code
        ]
        rows.append((title, [share_in(share) for share, _base in shares]))
        rows.append((title, [f"{share['count']} of {base}" for share, base in shares]))
    return rows


def table_rows(code: str, content: bytes) -> list[str]:
    if code == "docx":
        found = docx.Document(io.BytesIO(content))
        return [
            plain(" | ".join(cell.text for cell in row.cells)) for table in found.tables for row in table.rows
        ]
    if code == "md":
        return [plain(line) for line in content.decode().splitlines() if line.startswith("|")]
    tree = html5lib.parse(content.decode(), namespaceHTMLElements=False)
    return [plain(" ".join(row.itertext())) for row in tree.iter("tr")]


@pytest.mark.parametrize("code", ["html", "docx", "md"])
def test_every_figure_in_a_table_is_the_gates(files: dict[str, bytes], code: str) -> None:
    rows = table_rows(code, files[code])
    for label, figures in expected_figures():
        matching = [row for row in rows if label in row]
        assert any(all(figure in row for figure in figures) for row in matching), (label, figures, matching)


def test_every_figure_of_the_pdf_is_the_gates(files: dict[str, bytes]) -> None:
    whole = plain(" ".join(pages_of(files["pdf"])))
    for label, figures in expected_figures():
        for figure in figures:
            assert figure in whole, (label, figure)
    for value in (WRITTEN["figures"]["participants"], WRITTEN["figures"]["countries"]):
        assert str(value) in whole
    for table in WRITTEN["themes"]:
        for share in table["shares"]:
            told_row = f"{share_in(share)} ({share['quantifier']}: {share['count']} of {table['base']})"
            assert told_row in whole


def test_every_quote_stands_in_every_format_as_it_was_approved(files: dict[str, bytes]) -> None:
    quotes = [quote for quote in WRITTEN["quotes"] if not quote.get("withdrawn")]
    assert len(quotes) > 15
    html_of_markdown = MarkdownIt("commonmark").render(files["md"].decode())
    rendered = {
        "docx": plain(" ".join(paragraphs(files["docx"]))),
        "html": plain(
            "".join(html5lib.parse(files["html"].decode(), namespaceHTMLElements=False).itertext())
        ),
        "md": plain("".join(html5lib.parse(html_of_markdown, namespaceHTMLElements=False).itertext())),
    }
    for code, whole in rendered.items():
        for quote in quotes:
            for words, kind in quote["segments"]:
                assert kind or plain(words or "") in whole, (code, words)
        assert "An answer stood here. Its author has withdrawn it." in whole


def test_the_pdf_is_tagged_titled_and_marked_on_every_page(files: dict[str, bytes]) -> None:
    found = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part" in files["pdf"]
    assert found.metadata is not None
    assert found.metadata.title == WRITTEN["consultation"]["title"]
    assert str(found.metadata.creation_date).startswith("2016-06-20")
    assert all("May be published" in page for page in pages_of(files["pdf"]))
    numbered = [f"Page {number} of {len(found.pages)}" for number in range(2, len(found.pages) + 1)]
    assert all(words in page for words, page in zip(numbered, pages_of(files["pdf"])[1:], strict=True))
    assert "Article 5 and forward presence" in unpacked(files["pdf"]).decode("utf-8", "replace")
    fonts = {name for page in found.pages for name in _fonts(page)}
    assert all("SourceS" in name or "NotoNaskh" in name for name in fonts), fonts


def _fonts(page: Any) -> set[str]:
    fonts = page["/Resources"].get("/Font", {})
    return {str(font.get_object()["/BaseFont"]) for font in fonts.values()}


def test_what_no_font_draws_is_named_and_noted_and_stops_nothing(files: dict[str, bytes]) -> None:
    whole = " ".join(pages_of(files["pdf"]))
    assert "‹dove of peace›" in whole
    assert "× CJK›" in whole
    assert "U+1F54A dove of peace" in whole
    rough = "\x00\u0378\ue000\U000f0000 ﷽ ཀྵ 한국 ʇxǝʇ \u202eabc \ufffe é\u0301\u0489"
    quotes = [{**WRITTEN["quotes"][0], "text": rough, "segments": [[rough, None]]}]
    for code in ("pdf", "docx"):
        assert EDITION_FORMATS[code].render(changed(quotes=quotes))


def test_words_are_never_program_text() -> None:
    attack = '#panic("x") $x$ @label <label> `raw` \\ #read("/etc/passwd") http://evil.example *b* _i_ = h'
    quotes = [{**WRITTEN["quotes"][0], "text": attack, "segments": [[attack, None]]}]
    content = pdf.render(changed(quotes=quotes))
    assert plain(attack) in plain(" ".join(pages_of(content)))
    shown = MarkdownIt("commonmark").render(EDITION_FORMATS["md"].render(changed(quotes=quotes)).decode())
    assert "&lt;label&gt;" in shown
    assert "<em>i" not in shown


def test_the_word_file_has_styles_captions_contents_and_alternative_texts(files: dict[str, bytes]) -> None:
    found = docx.Document(io.BytesIO(files["docx"]))
    styles = {paragraph.style.name for paragraph in found.paragraphs}
    assert {
        "Title",
        "Heading 1",
        "Heading 2",
        "Caption",
        "Quote",
        "Quote Line",
        "TOC 1",
        "Takeaway",
    } <= styles
    xml = found.element.xml
    assert 'TOC \\o "1-2"' in xml
    drawings = found.element.xpath("//wp:docPr")
    assert len(drawings) == 2
    assert all("Article 5 and forward presence" in drawing.get("descr") for drawing in drawings)
    assert len(found.element.xpath("//w:tblHeader")) >= 4
    foot = found.sections[0].footer.paragraphs[0].text
    assert foot.startswith("May be published")
    assert str(found.core_properties.created).startswith("2016-06-20")
    anchors = {
        link.get(docx.oxml.ns.qn("w:anchor")) for link in found.element.xpath("//w:hyperlink[@w:anchor]")
    }
    assert anchors == {
        mark.get(docx.oxml.ns.qn("w:name")) for mark in found.element.xpath("//w:bookmarkStart")
    }


def test_the_edition_is_what_its_schema_says(files: dict[str, bytes]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    validator.validate(json.loads(files["json"]))
    with pytest.raises(jsonschema_rs.ValidationError):
        validator.validate(changed(extra=1))
    with pytest.raises(jsonschema_rs.ValidationError):
        validator.validate({key: value for key, value in WRITTEN.items() if key != "quotes"})


def test_the_folder_opens_without_anybody_elses_help(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["zip"])) as folder:
        inside = {Path(name).name: folder.read(name) for name in folder.namelist()}
        assert {str(Path(name).parent) for name in folder.namelist()} == {"warsaw-2016-edition-1"}
    page = inside["index.html"].decode()
    assert inside["report.pdf"] == files["pdf"]
    assert inside["edition.json"] == files["json"]
    assert "url(data:font/woff2" in page
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for element in tree.iter("a"):
        address = element.get("href") or ""
        assert address.startswith(("#", "http")) or address in inside, address
    assert not [*tree.iter("script"), *tree.iter("link"), *tree.iter("img")]
    assert "url(http" not in page


def test_the_abridged_edition_tells_the_story_that_the_whole_tells() -> None:
    many = [
        {**quote, "text": f"{quote['text']} {turn}", "segments": [[f"{quote['text']} {turn}", None]]}
        for turn in range(20)
        for quote in WRITTEN["quotes"]
        if not quote.get("withdrawn")
    ]
    document = changed(quotes=many)
    whole, short = present(document, "en", str), present(abridged(document), "en", str)
    assert len(short.document["quotes"]) < len(many) / 2
    assert short.views_in_all == whole.views_in_all == len(many)
    assert short.wall == whole.wall
    assert [meeting.views for meeting in short.meetings] == [meeting.views for meeting in whole.meetings]
