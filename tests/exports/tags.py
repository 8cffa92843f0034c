"""What a PDF says to a screen reader: its structure, page by page, with the words that belong to each element."""

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pypdfium2
from pypdfium2 import raw

from tests.exports.reading import plain


@dataclass
class Element:
    """One element as a page has it: its kind, what stands for it where it is a picture, its words and its parts."""

    kind: str
    alternative: str
    words: str
    parts: list["Element"] = field(default_factory=list)

    def every(self, *kinds: str) -> Iterator["Element"]:
        """This and what is in it, of those kinds, in the order of reading."""
        if not kinds or self.kind in kinds:
            yield self
        for part in self.parts:
            yield from part.every(*kinds)

    @property
    def text(self) -> str:
        """All words in it."""
        return plain(" ".join([self.words, *(part.text for part in self.parts)]))


def structure(content: bytes) -> list[list[Element]]:
    """The elements at the top of each page."""
    file = pypdfium2.PdfDocument(content)
    try:
        return [list(_of_page(page)) for page in file]
    finally:
        file.close()


def untold(content: bytes) -> list[str]:
    """Words that are printed and belong neither to an element nor to what repeats on every page."""
    file = pypdfium2.PdfDocument(content)
    try:
        return [
            words
            for page in file
            for mark, words, repeated in _texts(page)
            if mark < 0 and not repeated and words.strip()
        ]
    finally:
        file.close()


def _of_page(page: Any) -> Iterator[Element]:
    words: dict[int, str] = defaultdict(str)
    for mark, text, _repeated in _texts(page):
        words[mark] += text
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    for place in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield _element(raw.FPDF_StructTree_GetChildAtIndex(tree, place), words)
    raw.FPDF_StructTree_Close(tree)


def _element(handle: Any, words: dict[int, str]) -> Element:
    made = Element(
        _said(raw.FPDF_StructElement_GetType, handle), _said(raw.FPDF_StructElement_GetAltText, handle), ""
    )
    for place in range(raw.FPDF_StructElement_CountChildren(handle)):
        inner = raw.FPDF_StructElement_GetChildAtIndex(handle, place)
        if inner:
            made.parts.append(_element(inner, words))
            continue
        mark = raw.FPDF_StructElement_GetChildMarkedContentID(handle, place)
        if mark >= 0:
            made.parts.append(Element("", "", words.get(mark, "")))
    return made


def _texts(page: Any) -> Iterator[tuple[int, str, bool]]:
    """(marked content, words, whether they are marked as repeated) of each piece of text."""
    text = page.get_textpage()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=4):
        marks = [
            raw.FPDFPageObj_GetMark(item.raw, place) for place in range(raw.FPDFPageObj_CountMarks(item.raw))
        ]
        names = {_named(mark) for mark in marks}
        yield (
            raw.FPDFPageObj_GetMarkedContentID(item.raw),
            _said(partial(_text, text.raw), item.raw, wide=True),
            "Artifact" in names,
        )
    text.close()


def _text(page: Any, handle: Any, room: Any, size: int) -> int:
    return int(raw.FPDFTextObj_GetText(handle, page, room, size))


def _named(mark: Any) -> str:
    size = ctypes.c_ulong()
    raw.FPDFPageObjMark_GetName(mark, None, 0, size)
    room = (ctypes.c_ushort * (size.value // 2 + 1))()
    raw.FPDFPageObjMark_GetName(mark, room, size.value, size)
    return bytes(room).decode("utf-16-le").rstrip("\0")


def _said(ask: Callable[..., int], handle: Any, *, wide: bool = False) -> str:
    """What PDFium answers in UTF-16, into a buffer as long as it says."""
    size = ask(handle, None, 0)
    if size <= 2:
        return ""
    room = (ctypes.c_ushort * (size // 2 + 1))() if wide else ctypes.create_string_buffer(size + 2)
    ask(handle, room, size)
    return bytes(room)[:size].decode("utf-16-le").rstrip("\0")
