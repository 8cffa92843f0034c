"""What has moved since an edition was frozen: its figures, and the sentences that rest on one of those. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consult.analysis.disclosure import Rounded
from consult.analysis.disclosure.quantifiers import said
from consult.reports.comparing import FigureChange, compare
from consult.reports.document import Document

_NUMBER = re.compile(r"(?<![\w.,-])\d[\d\u202f\u2009 ]*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")
COUNTED = frozenset({"participants", "countries", "programme_directors", "meetings"})
"""Large figures, which are the convenor's or the roster's: decisions about answers do not move them."""


@dataclass(frozen=True)
class Moved:
    """Figures that would be others if the edition were frozen now, and the authors' sentences that say one."""

    figures: list[FigureChange]
    sentences: list[str]

    def __bool__(self) -> bool:
        return bool(self.figures)


def moved(edition: Document, now: Document) -> Moved:
    """`now`: the document as it would be frozen now; of both the figures and the authors' texts are looked at."""
    unquoted: Document = {**now, "quotes": []}
    figures = [
        change
        for change in compare({**edition, "quotes": []}, unquoted).figures
        if change.label not in COUNTED and change.before is not None
    ]
    language = edition["consultation"]["language"]
    return Moved(figures, [words for words in _sentences(edition) if _rests_on(words, language, figures)])


def _sentences(document: Document) -> Iterator[str]:
    texts = [takeaway["text"] for takeaway in document["takeaways"]]
    texts += [section["body"] for section in document.get("sections", [])]
    for text in texts:
        yield from (words.strip() for words in _SENTENCE.split(text) if words.strip())


def _rests_on(sentence: str, language: str, figures: list[FigureChange]) -> bool:
    """Whether it says a figure that moved, or a word of quantity of a theme whose share did."""
    numbers = {int(re.sub(r"\D", "", found)) for found in _NUMBER.findall(sentence)}
    words = set(said(sentence, language))
    folded = sentence.casefold()
    return any(
        any(number > 1 and number in numbers for number in _numbers(change.before))
        or (change.unit == "word" and change.before in words and change.label.casefold() in folded)
        for change in figures
    )


def _numbers(figure: int | str | Rounded | None) -> list[int]:
    """As a sentence may give it."""
    if isinstance(figure, Rounded):
        return [number for number in figure if number is not None]
    return [figure] if isinstance(figure, int) else []
