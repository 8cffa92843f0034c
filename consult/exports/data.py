"""What the data exports render: rows that passed the gate, with what a reader must know about them.

Every format has the same columns in the same order, in questions' form order and shuffled within.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from consult.analysis.disclosure import Profile
from consult.analysis.disclosure.themes import ThemeTableEntry
from consult.reports.document import GroundRulesEntry

NOT_FOR_RELEASE = "Not for release"
FOR_RELEASE = "May be published"


HANDLING = {Profile.DESK: NOT_FOR_RELEASE, Profile.PUBLICATION: FOR_RELEASE}
"""The words that every file of a profile carries."""


class Row(NamedTuple):
    """One answer that may be quoted. Its fields, in this order, are the columns of every format; names are stable."""

    consultation: str
    meeting: str
    question: str
    text: str
    attribution: str
    language: str
    themes: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """The same as text, theme codes separated by blanks."""
        return (*self[:-1], " ".join(self.themes))


COLUMNS: tuple[str, ...] = Row._fields


@dataclass(frozen=True)
class Released:
    """A data export before it has a format. `rows` can be walked once."""

    consultation: str
    title: str
    demonstration: bool
    profile: Profile
    meeting: str | None
    """The slug of the one meeting exported, or None for all of them."""
    ground_rules: GroundRulesEntry
    theme_titles: dict[str, str]
    themes: list[ThemeTableEntry]
    rows: Iterable[Row]

    @property
    def handling(self) -> str:
        """How the file may travel."""
        return HANDLING[self.profile]

    def notes(self) -> list[tuple[str, str]]:
        """What to know before using the file, as (what, words)."""
        lines = [
            ("Consultation", self.title),
            ("Meeting", self.meeting or "All meetings"),
            ("Profile", self.profile.value),
            ("Handling", self.handling),
        ]
        if self.demonstration:
            lines.append(("Demonstration", "The answers were written for demonstration. Nobody said them."))
        return [
            *lines,
            ("Rows", "One row for each approved answer that may be quoted, in a shuffled order."),
            ("Text", "As published: words taken out stand as [kind] in square brackets."),
            ("Themes", "Codes of the codebook, separated by blanks."),
        ]


def file_name(consultation: str, profile: Profile, meeting: str | None) -> str:
    """A file name without its ending, from slugs; one that is not for release says so."""
    kept = "-".join(part for part in (consultation, meeting or "", "answers") if part)
    return f"{kept}-not-for-release" if profile is Profile.DESK else kept
