"""The picture shown where somebody shares a report's address. Pure: the same document gives the same bytes.

It says what the top of the story page says, and nothing of anybody's answers.
"""

import json

from consult.exports.editions.contents import outlined
from consult.exports.editions.marks import Marks
from consult.exports.editions.outline import Numbers
from consult.exports.editions.pdf import PREVIEW_SETTER, pictured
from consult.reports.document import Document

WIDTH, HEIGHT = 1200, 630


def render(document: Document) -> bytes:
    """A PNG of WIDTH by HEIGHT, in the consultation's own language."""
    outline, marks = outlined(document), Marks()
    shown = next((block.items for block in outline.blocks if isinstance(block, Numbers)), [])
    card = {
        "language": outline.language,
        "above": marks.printable(outline.cover.above),
        "title": marks.printable(outline.cover.title),
        "below": marks.printable(outline.cover.below),
        "mark": marks.printable(outline.cover.demonstration),
        "by": marks.printable(outline.convenor),
        "numbers": shown,
    }
    return pictured(PREVIEW_SETTER.read_bytes(), {"card": json.dumps(card)}, dots_per_inch=72)
