"""Codebooks to begin with, as CSV files beside the consultations that come with the program."""

from collections.abc import Mapping

from consult.analysis.codebook.files import from_file
from consult.analysis.codebook.rules import Entry
from consult.core.errors import Invalid
from consult.settings import folder

TEMPLATES: Mapping[str, str] = {
    "policy-outcomes": "Outcomes asked of a summit or a policy",
    "meeting-feedback": "What participants say of a meeting",
}
"""File name without its ending → title."""


def template(name: str) -> list[Entry]:
    """The themes of a template. Raises Invalid where there is none of that name."""
    if name not in TEMPLATES:
        raise Invalid("Choose one of the codebooks offered.", field="template")
    file = f"{name}.csv"
    return from_file((folder("config") / "codebooks" / file).read_bytes(), file)
