"""The report as one folder to host anywhere, packed as a ZIP: the page with its fonts, and files."""

from collections.abc import Iterator
from pathlib import Path

from consult.exports.editions import html, markdown, pdf
from consult.exports.packing import packed
from consult.exports.speaking import voice
from consult.reports.document import Document, canonical

SCHEMA = Path(__file__).parent / "schema" / "edition-1.json"
FILES = ("report.pdf", "report.md", "edition.json")
"""What the page leads to, beside it in the folder."""


def render(document: Document, language: str | None = None) -> bytes:
    """The file. Open index.html in it, or put the folder on any web server."""
    return b"".join(packed(_files(document, language)))


def _files(document: Document, language: str | None) -> Iterator[tuple[str, list[bytes]]]:
    folder = f"{document['consultation']['slug']}-edition-{document['edition']['number']}"
    chosen = language or document["consultation"]["language"]
    yield f"{folder}/index.html", [html.page(document, chosen, with_fonts=True, files=FILES)]
    yield f"{folder}/report.pdf", [pdf.render(document, chosen)]
    yield f"{folder}/report.md", [markdown.render(document, chosen)]
    yield f"{folder}/edition.json", [canonical(document).encode("utf-8")]
    yield f"{folder}/edition-schema.json", [SCHEMA.read_bytes()]
    yield f"{folder}/README.txt", [_readme(chosen).encode("utf-8")]


def _readme(language: str) -> str:
    speaking = voice(language)
    lines = (
        speaking.gettext("Open index.html in a browser, or put this whole folder on a web server."),
        speaking.gettext("Nothing in it asks another server for anything."),
        speaking.gettext("edition-schema.json says what every member of edition.json means."),
        speaking.gettext("The fonts inside are under the SIL Open Font Licence 1.1."),
    )
    return "\n".join(lines) + "\n"
