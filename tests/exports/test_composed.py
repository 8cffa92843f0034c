"""What authors composed stands in every format, in their order, and nothing of it becomes markup."""

import io
import json
import zipfile

import docx
import jsonschema_rs
import pytest

from consult.exports.editions.folder import SCHEMA
from consult.exports.formats import EDITION_FORMATS
from consult.operations.extract import of_meeting
from consult.reports.document import Document, abridged, canonical
from tests.exports.reading import pages_of, plain
from tests.exports.test_editions import WRITTEN

OWN = """Most participants asked for *one* thing, **a standing channel**.

- First item <script>alert(1)</script>
- Second item, see [the page](https://example.org/a_(b)) and [not this](javascript:alert(2))

3. Third place

> Set apart.

## A heading of their own"""


PICKED = [place for place, quote in enumerate(WRITTEN["quotes"]) if quote["text"].isascii()][:4]


@pytest.fixture(scope="module")
def composed() -> Document:
    document: Document = json.loads(json.dumps(WRITTEN))
    document["sections"] = [
        {"code": "text-intro", "heading": "How it began", "body": OWN, "quotes": [PICKED[1], PICKED[0]]},
        {"code": "takeaways", "heading": "What we conclude", "body": "Words of the authors.", "quotes": []},
        {"code": "numbers", "heading": "", "body": "", "quotes": []},
        {"code": "method", "heading": "", "body": "", "quotes": []},
        {"code": "withheld", "heading": "", "body": "", "quotes": []},
    ]
    first = document["takeaways"][0]
    first["dissent"] = [{**first["evidence"][0], "theme": document["codebook"][-1]["code"]}]
    first["quotes"] = [PICKED[2]]
    return document


def words_of(code: str, content: bytes) -> str:
    if code == "pdf":
        return plain(" ".join(pages_of(content)))
    if code == "docx":
        return plain("\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs))
    return plain(content.decode("utf-8"))


@pytest.mark.parametrize("code", ["html", "pdf", "docx", "md"])
def test_it_stands_in_the_format_in_the_authors_order(composed: Document, code: str) -> None:
    content = EDITION_FORMATS[code].render(composed)
    words = words_of(code, content)
    body = words[words.rindex("How it began") if code in {"pdf", "docx"} else words.index("How it began") :]
    order = [
        "How it began",
        "a standing channel",
        "Second item",
        "Third place",
        "Set apart",
        "A heading of their own",
    ]
    order += ["What we conclude", "Words of the authors.", "Against it", "What was withheld"]
    places = [body.index(piece) for piece in order]
    assert places == sorted(places), list(zip(order, places, strict=True))
    assert composed["quotes"][PICKED[1]]["text"][:24] in words
    assert composed["quotes"][PICKED[2]]["text"][:24] in words
    for hidden in ("Meeting by meeting", "Participants’ views"):
        assert hidden not in words
    if code == "html":
        assert b"<script" not in content
        assert b'href="javascript' not in content
        assert b'href="https://example.org/a_(b)"' in content
    if code == "docx":
        packed = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
        assert "<w:b/>" in packed.partition("a standing channel")[0][-200:]
    assert EDITION_FORMATS[code].render(composed) == content


def test_the_schema_knows_it_and_shorter_documents_point_at_the_same_answers(composed: Document) -> None:
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))
    validator.validate(json.loads(canonical(composed)))
    wanted = [composed["quotes"][place]["text"] for place in (PICKED[1], PICKED[0])]
    short = abridged({**composed, "quotes": composed["quotes"]})
    assert [short["quotes"][place]["text"] for place in short["sections"][0]["quotes"]] == wanted
    for meeting in composed["meetings"]:
        part = of_meeting(composed, meeting["slug"])
        kept = [part["quotes"][place] for place in part["sections"][0]["quotes"]]
        assert [quote["text"] for quote in kept] == [
            composed["quotes"][place]["text"]
            for place in (PICKED[1], PICKED[0])
            if composed["quotes"][place]["meeting"] == meeting["slug"]
        ]
        assert {shown["meeting"] for shown in part["takeaways"][0]["dissent"]} <= {meeting["slug"]}
