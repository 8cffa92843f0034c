"""Writing codebooks and projects: the same content always gives the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from consult.core.qda.shapes import Case, Code, Project, Source

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Consult"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def codebook_file(codes: Iterable[Code]) -> bytes:
    """A .qdc file. REFI-QDA knows no codebook without a code, so one at least must be given."""
    root = ET.Element("CodeBook", {"xmlns": CODEBOOK, "origin": ORIGIN})
    _codes(root, codes)
    return _document(root)


def project_file(project: Project) -> bytes:
    """A .qdpx file: the project and, beside it, each source as plain text."""
    root = ET.Element("Project", {"xmlns": PROJECT, "name": _plain(project.name), "origin": ORIGIN})
    _people_and_codes(root, project)
    _variables_and_cases(root, project)
    if project.sources:
        sources = ET.SubElement(root, "Sources")
        for source in project.sources:
            _source(sources, source)
    if project.description:
        ET.SubElement(root, "Description").text = _plain(project.description)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "project.qde", _document(root))
        for source in project.sources:
            _add(archive, f"sources/{source.guid}.txt", _plain(source.text).encode("utf-8"))
    return written.getvalue()


def _people_and_codes(root: ET.Element, project: Project) -> None:
    if project.coders:
        users = ET.SubElement(root, "Users")
        for coder in project.coders:
            ET.SubElement(users, "User", {"guid": coder.guid, "name": _plain(coder.name)})
    if project.codes:
        _codes(ET.SubElement(root, "CodeBook"), project.codes)


def _variables_and_cases(root: ET.Element, project: Project) -> None:
    if project.variables:
        variables = ET.SubElement(root, "Variables")
        for guid, name in project.variables.items():
            ET.SubElement(variables, "Variable", {"guid": guid, "name": name, "typeOfVariable": "Text"})
    if project.cases:
        cases = ET.SubElement(root, "Cases")
        for case in project.cases:
            _case(cases, case)


def _codes(parent: ET.Element, codes: Iterable[Code]) -> None:
    holder = ET.SubElement(parent, "Codes")
    for code in codes:
        _code(holder, code)


def _code(parent: ET.Element, code: Code) -> None:
    facts = {"guid": code.guid, "name": _plain(code.name), "isCodable": "true" if code.codable else "false"}
    element = ET.SubElement(parent, "Code", facts | ({"color": code.colour} if code.colour else {}))
    if code.description:
        ET.SubElement(element, "Description").text = _plain(code.description)
    for under in code.under:
        _code(element, under)


def _case(parent: ET.Element, case: Case) -> None:
    element = ET.SubElement(parent, "Case", {"guid": case.guid, "name": _plain(case.name)})
    for variable, value in case.values:
        holder = ET.SubElement(element, "VariableValue")
        ET.SubElement(holder, "VariableRef", {"targetGUID": variable})
        ET.SubElement(holder, "TextValue").text = _plain(value)
    ET.SubElement(element, "SelectionRef", {"targetGUID": case.passage})


def _source(parent: ET.Element, source: Source) -> None:
    facts = {
        "guid": source.guid,
        "name": _plain(source.name),
        "plainTextPath": f"internal://{source.guid}.txt",
    }
    element = ET.SubElement(parent, "TextSource", facts)
    for passage in source.passages:
        where = {"startPosition": str(passage.starts), "endPosition": str(passage.ends)}
        selection = ET.SubElement(element, "PlainTextSelection", {"guid": passage.guid, **where})
        for given in passage.given:
            by = {"creatingUser": given.coder} if given.coder else {}
            coding = ET.SubElement(selection, "Coding", {"guid": given.guid, **by})
            ET.SubElement(coding, "CodeRef", {"targetGUID": given.code})


def _plain(text: str) -> str:
    """What XML can hold, character for character, so that positions stay."""
    return _FORBIDDEN.sub("\ufffd", text)


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
