"""The report as a Word file: real styles, captions, a table of contents, alt texts.

The same document gives the same bytes.
"""

import io

from consult.exports.editions.contents import outlined
from consult.exports.editions.docx.packing import packed
from consult.exports.editions.docx.parts import Writer
from consult.reports.document import Document


def render(document: Document, language: str | None = None) -> bytes:
    """The file. Letters are the reader's own fonts to draw, so no character is replaced."""
    writer = Writer(outlined(document, language))
    writer.write()
    unpacked = io.BytesIO()
    writer.file.save(unpacked)
    return packed(unpacked.getvalue())
