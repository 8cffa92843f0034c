"""Everything that a file says, taken out of whatever it is packed in, to look for what must or must not be there."""

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pypdf

_ENDS = {b"PK\x03\x04": (b"PK\x05\x06", 22), b"%PDF": (b"%%EOF", 5)}


def unpacked(content: bytes) -> bytes:
    """The bytes themselves, those of every file inside, and every word, name and alternative text of a PDF.

    What follows the end of a file, as headers do in a response, is kept beside it.
    """
    for start, (ending, length) in _ENDS.items():
        if content.startswith(start):
            end = content.rfind(ending) + length
            return _unpacked(content[:end]) + content[end:]
    return content


@lru_cache(maxsize=64)
def _unpacked(content: bytes) -> bytes:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            inside = [unpacked(parts.read(name)) for name in parts.namelist()]
            return b"\n".join([content, *inside, repr(parts.namelist()).encode(), parts.comment])
    return b"\n".join([content, *(piece.encode("utf-8", "replace") for piece in _of_pdf(content))])


@lru_cache(maxsize=16)
def pages_of(content: bytes) -> tuple[str, ...]:
    """The text of each page of a PDF, blanks of every width made plain and line breaks taken out."""
    found = pypdf.PdfReader(io.BytesIO(content))
    return tuple(plain(page.extract_text()) for page in found.pages)


def plain(words: str) -> str:
    """One kind of blank, so that a line that was broken elsewhere compares equal."""
    return " ".join(words.replace("\u202f", " ").replace("\xa0", " ").split())


def _of_pdf(content: bytes) -> list[str]:
    found = pypdf.PdfReader(io.BytesIO(content))
    said = [*pages_of(content), repr(found.metadata), str(found.trailer)]
    for number in range(1, int(found.trailer["/Size"])):
        said += _strings(found.get_object(number))
    return said


def _strings(value: Any) -> list[str]:
    """Every text in an object of a PDF, whatever holds it, streams unpacked."""
    if isinstance(value, pypdf.generic.StreamObject):
        said = [value.get_data().decode("latin-1")] if "/Length1" not in value else []
        return said + [each for inner in dict(value).values() for each in _plain_strings(inner)]
    return _plain_strings(value)


def _plain_strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, bytes):
        return [value.decode("latin-1")]
    if isinstance(value, dict):
        return [each for inner in value.values() for each in _plain_strings(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in _plain_strings(inner)]
    return []


def share_in(share: Mapping[str, Any]) -> str:
    """How a share of a document is printed."""
    return f"under {share['under']} %" if "under" in share else f"{share['percent']} %"
