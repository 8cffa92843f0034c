"""Reading codebooks and projects that strangers made: sizes are checked first, and nothing outside the file is read."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from consult.core.errors import Invalid
from consult.core.qda.shapes import Code, CodeGiven, Coder, Passage, Project, Source

LARGEST_FILE = 64 * 1024 * 1024
MOST_SOURCES = 5000
DEEPEST = 40


def read_codebook(content: bytes, name: str) -> tuple[Code, ...]:
    """The codes of a .qdc file, or of the codebook inside a .qdpx file. Raises Invalid with one sentence."""
    if content.startswith(b"PK\x03\x04"):
        return read_project(content, name).codes
    root = _parsed(content, name)
    if _tag(root) not in {"CodeBook", "Project"}:
        raise Invalid("%(file)s is no REFI-QDA codebook.", field="file", file=name)
    return _codes(root, name)


def read_project(content: bytes, name: str) -> Project:
    """What of a .qdpx file speaks of codes and coded texts. Raises Invalid with one sentence."""
    files = _unpacked(content, name)
    inner = next((path for path in files if path.lower().endswith(".qde")), None)
    if inner is None:
        raise Invalid(
            "%(file)s is no REFI-QDA project: there is no project.qde in it.", field="file", file=name
        )
    root = _parsed(files[inner], name)
    if _tag(root) != "Project":
        raise Invalid("%(file)s is no REFI-QDA project.", field="file", file=name)
    return Project(
        name=root.get("name", ""),
        coders=tuple(
            Coder(_guid(user.get("guid")), user.get("name") or user.get("id") or "")
            for user in _all(root, "User")
        ),
        codes=_codes(root, name),
        sources=tuple(
            source for element in _all(root, "TextSource") if (source := _source(element, files)) is not None
        ),
    )


def _codes(root: ET.Element, name: str) -> tuple[Code, ...]:
    holder = next(iter(_all(root, "Codes")), None)
    return tuple(_code(element, name, 1) for element in _under(holder, "Code")) if holder is not None else ()


def _code(element: ET.Element, name: str, depth: int) -> Code:
    if depth > DEEPEST:
        raise Invalid("The codes of %(file)s are nested too deeply.", field="file", file=name)
    description = next(iter(_under(element, "Description")), None)
    return Code(
        guid=_guid(element.get("guid")),
        name=(element.get("name") or "").strip(),
        description=(description.text or "") if description is not None else "",
        colour=element.get("color") or "",
        codable=element.get("isCodable") != "false",
        under=tuple(_code(child, name, depth + 1) for child in _under(element, "Code")),
    )


def _source(element: ET.Element, files: Mapping[str, bytes]) -> Source | None:
    """A text source with its coded passages; None where its text is not in the file."""
    inline = next(iter(_under(element, "PlainTextContent")), None)
    path = (element.get("plainTextPath") or "").removeprefix("internal://")
    if inline is not None:
        text = inline.text or ""
    elif f"sources/{path}" in files:
        text = files[f"sources/{path}"].decode("utf-8-sig", errors="replace")
    else:
        return None
    return Source(
        guid=_guid(element.get("guid")),
        name=element.get("name") or "",
        text=text,
        passages=tuple(
            passage
            for selection in _under(element, "PlainTextSelection")
            if (passage := _passage(selection, len(text))) is not None
        ),
    )


def _passage(element: ET.Element, length: int) -> Passage | None:
    starts, ends = (_whole(element.get(side)) for side in ("startPosition", "endPosition"))
    if starts is None or ends is None or not 0 <= starts < ends <= length:
        return None
    given = tuple(
        CodeGiven(_guid(coding.get("guid")), _guid(ref.get("targetGUID")), _guid(coding.get("creatingUser")))
        for coding in _under(element, "Coding")
        for ref in _under(coding, "CodeRef")
    )
    return Passage(_guid(element.get("guid")), starts, ends, given)


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """The texts of the archive. The sizes that it states are held against what comes out."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        wanted = [
            entry
            for entry in archive.infolist()
            if re.fullmatch(r"[^/]+\.qde|sources/[^/]+\.txt", entry.filename, re.IGNORECASE)
        ]
        if len(wanted) > MOST_SOURCES or sum(entry.file_size for entry in wanted) > LARGEST_FILE:
            raise Invalid("%(file)s unpacks to more than can be read here.", field="file", file=name)
        files: dict[str, bytes] = {}
        for entry in wanted:
            with archive.open(entry) as opened:
                files[entry.filename] = opened.read(entry.file_size + 1)[: entry.file_size]
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        raise Invalid("%(file)s is broken or locked with a password.", field="file", file=name) from error
    return files


def _parsed(content: bytes, name: str) -> ET.Element:
    if len(content) > LARGEST_FILE:
        raise Invalid("%(file)s is larger than can be read here.", field="file", file=name)
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content.replace(b"\x00", b""), re.IGNORECASE):
        raise Invalid(
            "%(file)s declares a document type, which no REFI-QDA file does.", field="file", file=name
        )
    try:
        return ET.fromstring(content)  # noqa: S314 - no document type, so no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Invalid("%(file)s is no well-formed XML.", field="file", file=name) from error


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ET.Element, tag: str) -> list[ET.Element]:
    return [each for each in element.iter() if _tag(each) == tag]


def _under(element: ET.Element, tag: str) -> list[ET.Element]:
    return [each for each in element if _tag(each) == tag]


def _guid(value: str | None) -> str:
    return (value or "").strip("{} ").lower()


def _whole(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"[0-9]{1,10}", value) else None
