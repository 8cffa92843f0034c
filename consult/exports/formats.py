"""Which formats there are: of an edition, and of the published view as data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consult.core.errors import N_
from consult.exports.data import bundle, csv, json, sav, xlsx
from consult.exports.data.released import Released
from consult.exports.editions import docx, folder, html, markdown, pdf
from consult.reports.document import Document, canonical


@dataclass(frozen=True)
class DataFormat:
    """A format of the published view: `title` is a sentence of the catalogues, `render` gives the file in pieces."""

    code: str
    title: str
    content_type: str
    render: Callable[[Released], Iterator[bytes]]


@dataclass(frozen=True)
class EditionFormat:
    """A format of an edition. `render` is a pure function of the document."""

    code: str
    title: str
    content_type: str
    render: Callable[[Document], bytes]


def _document(document: Document) -> bytes:
    return canonical(document).encode("utf-8")


DATA_FORMATS: dict[str, DataFormat] = {
    format_.code: format_
    for format_ in (
        DataFormat(
            "xlsx",
            N_("Excel workbook (XLSX)"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            xlsx.render,
        ),
        DataFormat("csv", N_("Comma-separated values (CSV)"), "text/csv; charset=utf-8", csv.render),
        DataFormat("json", "JSON", "application/json", json.render),
        DataFormat("jsonl", N_("JSON Lines"), "application/jsonl", json.lines),
        DataFormat("sav", N_("SPSS (SAV)"), "application/x-spss-sav", sav.render),
    )
}
"""The first is the one offered."""

EDITION_FORMATS: dict[str, EditionFormat] = {
    format_.code: format_
    for format_ in (
        EditionFormat("html", N_("Web page in one file (HTML)"), "text/html; charset=utf-8", html.render),
        EditionFormat("pdf", N_("For reading and printing (PDF)"), "application/pdf", pdf.render),
        EditionFormat(
            "docx",
            N_("Word document (DOCX)"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            docx.render,
        ),
        EditionFormat(
            "md", N_("Text with marks (Markdown)"), "text/markdown; charset=utf-8", markdown.render
        ),
        EditionFormat("json", N_("Edition document (JSON)"), "application/json", _document),
        EditionFormat("zip", N_("Folder to host anywhere (ZIP)"), "application/zip", folder.render),
    )
}


def bundled(format_: DataFormat) -> DataFormat:
    """The same in a ZIP with its data dictionary, response rates, codebook and read-me."""

    def render(released: Released) -> Iterator[bytes]:
        return bundle.render(released, f"answers.{format_.code}", format_.render)

    return DataFormat(f"{format_.code}.zip", format_.title, "application/zip", render)
