"""What python-docx's empty file brings along and a report does without, or needs otherwise."""

from typing import Any

from docx.oxml.ns import nsdecls, qn

_FACES = {"Source Serif 4": ("Georgia", "roman"), "Source Sans 3": ("Calibri", "swiss")}
"""Each of our faces with the one that Word has in its stead where a machine lacks it."""
_FONT = (
    '<w:font w:name="{face}"><w:altName w:val="{instead}"/><w:charset w:val="00"/>'
    '<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
)


def tidied(file: Any) -> None:
    """A file of today's Word, with the stand-ins of our faces and without the picture of the empty page."""
    compat = file.settings.element.find(qn("w:compat"))
    for element in list(compat):
        if element.tag == qn("w:useFELayout"):
            compat.remove(element)
        elif element.get(qn("w:name")) == "compatibilityMode":
            element.set(qn("w:val"), "15")
    package = file.part.package
    for key, related in list(package.rels.items()):
        if related.reltype.endswith("/thumbnail"):
            del package.rels[key]
    for related in file.part.rels.values():
        if related.reltype.endswith("/fontTable"):
            fonts = "".join(
                _FONT.format(face=face, instead=instead, family=family)
                for face, (instead, family) in _FACES.items()
            )
            table = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
            related.target_part._blob = table.encode("utf-8")
