"""Two editions side by side: which figures moved, and which words came, went or changed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from consult.analysis.disclosure import Rounded
from consult.analysis.disclosure.figures import rounded_in
from consult.reports.document import Document

LONGEST_COMPARED = 400
"""Pieces of text compared word by word; more are told by number alone."""


@dataclass(frozen=True)
class FigureChange:
    """A figure that differs; None where an edition does not tell it. `unit` is "", "%" or "word"."""

    label: str
    meeting: str
    before: int | str | Rounded | None
    after: int | str | Rounded | None
    unit: str = ""


@dataclass(frozen=True)
class WordChange:
    """A passage of a part. `pieces` are (words, "same" | "gone" | "new")."""

    part: str
    pieces: list[tuple[str, str]]


@dataclass(frozen=True)
class Comparison:
    """What differs from the first edition to the second."""

    figures: list[FigureChange]
    words: list[WordChange]
    quotes_gone: int
    quotes_new: int

    @property
    def same(self) -> bool:
        return not (self.figures or self.words or self.quotes_gone or self.quotes_new)


Label = tuple[str, str, str]
"""What a figure counts, the meeting (its slug, or ""), its unit."""


def compare(before: Document, after: Document) -> Comparison:
    """From the earlier document to the later one."""
    first, second = dict(_figures(before)), dict(_figures(after))
    figures = [
        FigureChange(label[0], label[1], first.get(label), second.get(label), label[2])
        for label in dict.fromkeys([*first, *second])
        if first.get(label) != second.get(label)
    ]
    old, new = dict(_texts(before)), dict(_texts(after))
    words = [
        WordChange(part, _pieces(old.get(part, ""), new.get(part, "")))
        for part in list(dict.fromkeys([*old, *new]))[:LONGEST_COMPARED]
        if old.get(part, "") != new.get(part, "")
    ]
    gone, come = _views(before), _views(after)
    return Comparison(figures, words, len(gone - come), len(come - gone))


def _figures(document: Document) -> Iterator[tuple[Label, int | str | Rounded | None]]:
    for name, value in document["figures"].items():
        yield (name, "", ""), int(str(value))
    for row in document["participation"]:
        for name in ("invited", "answered", "approved"):
            yield (name, row["meeting"] or "*", ""), row[name]  # type: ignore[literal-required]
        yield ("joined", row["meeting"] or "*", ""), row.get("joined", 0)
    titles = {theme["code"]: theme["title"] for theme in document["codebook"]}
    for table in document["themes"]:
        for share in table["shares"]:
            title = titles.get(share["theme"], share["theme"])
            yield (title, table["meeting"] or "*", "%"), rounded_in(share)
            yield (title, table["meeting"] or "*", "word"), share["quantifier"]


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    yield "title", document["consultation"]["title"]
    yield "strapline", document["consultation"]["strapline"]
    for number, takeaway in enumerate(document["takeaways"], start=1):
        yield f"takeaway {number}", takeaway["text"]
    for section in document.get("sections", []):
        words = "\n\n".join(part for part in (section["heading"], section["body"]) if part)
        if words:
            yield section["code"], words
    for meeting in document["meetings"]:
        for number, outcome in enumerate(meeting["outcomes"], start=1):
            yield f"{meeting['short_title']}: {number}", outcome


def _views(document: Document) -> set[tuple[str, str, str]]:
    return {
        (quote["meeting"], quote["question"], quote["text"])
        for quote in document["quotes"]
        if not quote.get("withdrawn")
    }


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    """Word by word: what stayed, what went, what came."""
    old, new = before.split(" "), after.split(" ")
    pieces: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append((" ".join(old[i1:i2]), "same"))
            continue
        if i2 > i1:
            pieces.append((" ".join(old[i1:i2]), "gone"))
        if j2 > j1:
            pieces.append((" ".join(new[j1:j2]), "new"))
    return pieces
