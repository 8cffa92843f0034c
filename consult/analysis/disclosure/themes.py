"""Themes per meeting and over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypedDict

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import (
    Share,
    ShareEntry,
    Withheld,
    base_withheld,
    total_withheld,
)
from consult.analysis.models import Theme
from consult.analysis.queries import themes_of
from consult.analysis.queries.tallies import respondents, respondents_by_theme
from consult.analysis.rules import QUANTIFIER_RANGES, opened
from consult.consultations.models import Consultation, GroundRules
from consult.meetings.queries import meetings_of


class ThemeEntry(TypedDict):
    """A codebook entry in a document; `parent` is a code or None."""

    code: str
    title: str
    description: str
    drawn_from: str
    parent: str | None


@dataclass(frozen=True)
class ReleasedTheme:
    """A codebook entry. A codebook is the convenor's own words and may always be shown."""

    code: str
    title: str
    description: str
    drawn_from: str
    parent: str | None

    def to_document(self) -> ThemeEntry:
        return {
            "code": self.code,
            "title": self.title,
            "description": self.description,
            "drawn_from": self.drawn_from,
            "parent": self.parent,
        }


class ThemeTableEntry(TypedDict):
    """A table in a document; `meeting` is a slug, or None for all meetings together."""

    meeting: str | None
    base: int | None
    withheld: str
    shares: list[ShareEntry]


@dataclass(frozen=True)
class ThemeTable:
    """Shares of the respondents of one meeting, or of all where `meeting` is None; one for each theme, in order."""

    meeting: str | None
    base: int | None
    withheld: str
    shares: tuple[Share, ...]

    def to_document(self) -> ThemeTableEntry:
        return {
            "meeting": self.meeting,
            "base": self.base,
            "withheld": self.withheld,
            "shares": [share.to_document() for share in self.shares],
        }


class DifferenceEntry(TypedDict):
    """A difference in a document; `points` is later minus earlier."""

    theme: str
    earlier: str
    later: str
    points: int


@dataclass(frozen=True)
class Difference:
    """How a theme's rounded share moved from one meeting to a later one, in percentage points."""

    theme: str
    earlier: str
    later: str
    points: int

    def to_document(self) -> DifferenceEntry:
        return {
            "theme": self.theme,
            "earlier": self.earlier,
            "later": self.later,
            "points": self.points,
        }


class QuantifierEntry(TypedDict):
    """A range in a document, in per cent, both ends included."""

    word: str
    at_least: int
    at_most: int


@dataclass(frozen=True)
class QuantifierRange:
    """What a word stands for, in whole per cent, both ends included. Of nobody the word is "none"."""

    word: str
    at_least: int
    at_most: int

    def to_document(self) -> QuantifierEntry:
        return {"word": self.word, "at_least": self.at_least, "at_most": self.at_most}


class ThemesEntry(TypedDict):
    """Everything about themes in a document."""

    codebook: list[ThemeEntry]
    tables: list[ThemeTableEntry]
    differences: list[DifferenceEntry]
    quantifiers: list[QuantifierEntry]


@dataclass(frozen=True)
class ReleasedThemes:
    """The codebook and its figures. `tables` has one for each meeting in order, then one for all."""

    codebook: tuple[ReleasedTheme, ...]
    tables: tuple[ThemeTable, ...]
    differences: tuple[Difference, ...]
    quantifiers: tuple[QuantifierRange, ...]

    def at(self, meeting: str | None) -> ThemeTable:
        """The table of the meeting with that slug, or of all of them. Raises StopIteration for another."""
        return next(table for table in self.tables if table.meeting == meeting)

    def to_document(self) -> ThemesEntry:
        return {
            "codebook": [theme.to_document() for theme in self.codebook],
            "tables": [table.to_document() for table in self.tables],
            "differences": [difference.to_document() for difference in self.differences],
            "quantifiers": [span.to_document() for span in self.quantifiers],
        }


def quantifier_ranges() -> tuple[QuantifierRange, ...]:
    """The words of reports with their ranges, to be printed in them."""
    return tuple(
        QuantifierRange(word.value, least, below if below == 100 else below - 1)
        for word, least, below in QUANTIFIER_RANGES
    )


def release_themes(session: Session, consultation: Consultation, rules: GroundRules) -> ReleasedThemes:
    """Themes per meeting and over all, from a base of ten respondents on. Six queries.

    A respondent is someone with an approved answer that may be counted, and counts once for a theme. Over all meetings
    respondents are added up: who was at two of them is not known.
    """
    codebook = themes_of(session, consultation)
    meetings = meetings_of(session, consultation)
    bases, named = (
        opened(respondents(session, consultation)),
        opened(respondents_by_theme(session, consultation)),
    )
    per_meeting = {meeting.id: bases.get((meeting.id,), 0) for meeting in meetings}
    tables = [
        _table(
            meeting.slug,
            codebook,
            per_meeting[meeting.id],
            {theme.id: named.get((meeting.id, theme.id), 0) for theme in codebook},
            base_withheld(per_meeting[meeting.id], rules.smallest_group),
        )
        for meeting in meetings
    ]
    summed = {
        theme.id: sum(named.get((meeting_id, theme.id), 0) for meeting_id in per_meeting)
        for theme in codebook
    }
    bases_of_all = list(per_meeting.values())
    why = total_withheld(bases_of_all, rules.smallest_group)
    tables.append(_table(None, codebook, sum(bases_of_all), summed, why))
    return ReleasedThemes(
        codebook=_codebook(codebook),
        tables=tuple(tables),
        differences=_differences([table for table in tables[:-1] if not table.withheld]),
        quantifiers=quantifier_ranges(),
    )


def _codebook(themes: Sequence[Theme]) -> tuple[ReleasedTheme, ...]:
    codes = {theme.id: theme.code for theme in themes}
    return tuple(
        ReleasedTheme(
            code=theme.code,
            title=theme.title,
            description=theme.description,
            drawn_from=theme.drawn_from,
            parent=codes.get(theme.parent_id) if theme.parent_id else None,
        )
        for theme in themes
    )


def _table(
    meeting: str | None, codebook: Sequence[Theme], base: int, named: Mapping[str, int], why: Withheld
) -> ThemeTable:
    if why is not Withheld.NOT_WITHHELD:
        return ThemeTable(
            meeting, None, why.value, tuple(Share.held_back(theme.code, why) for theme in codebook)
        )
    shares = tuple(Share.of(theme.code, named[theme.id], base) for theme in codebook)
    return ThemeTable(meeting, base, why.value, shares)


def _differences(tables: Sequence[ThemeTable]) -> tuple[Difference, ...]:
    """Of shares as they are printed, so that a difference says nothing that they do not."""
    return tuple(
        Difference(before.theme, earlier.meeting, later.meeting, after.percent - before.percent)
        for earlier, later in combinations(tables, 2)
        for before, after in zip(earlier.shares, later.shares, strict=True)
        if earlier.meeting is not None and later.meeting is not None
        if before.percent is not None and after.percent is not None
    )
