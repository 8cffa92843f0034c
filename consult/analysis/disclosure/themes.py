"""Themes per meeting and over all of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NotRequired, TypedDict

from sqlalchemy.orm import Session

from consult.analysis.disclosure.figures import Share, ShareEntry, Withheld
from consult.analysis.disclosure.scales import QuantifierEntry, QuantifierRange, Scale, scale_of
from consult.analysis.disclosure.told.printed import Counted
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.models import Theme
from consult.analysis.queries import themes_of
from consult.consultations.models import Consultation, GroundRules


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
    """A table in a document; `meeting` is a slug, or None for all meetings together.

    `base`: respondents who wrote words; `missing`: those who did not, where that is told. Early editions lack it.
    """

    meeting: str | None
    base: int | None
    missing: NotRequired[int | None]
    withheld: str
    shares: list[ShareEntry]


@dataclass(frozen=True)
class ThemeTable:
    """Shares of those who wrote words at one meeting, or at all where `meeting` is None; one for each theme, in order.

    `missing`: respondents who only made choices; None where that is not told.
    """

    meeting: str | None
    base: int | None
    withheld: str
    shares: tuple[Share, ...]
    missing: int | None = None

    def to_document(self) -> ThemeTableEntry:
        return {
            "meeting": self.meeting,
            "base": self.base,
            "missing": self.missing,
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


def release_themes(session: Session, consultation: Consultation, rules: GroundRules) -> ReleasedThemes:
    """Themes per meeting and over all, from a base of ten respondents on, as publications may tell them.

    Counted are those with an approved answer in words that may be counted, each once for a theme. Over all meetings
    respondents are added up: who was at two of them is not known. Figures that differ by too few people from those of
    an earlier publication are the earlier ones: see `disclosure.printed`.
    """
    return released_themes(Publishing(session, consultation, rules))


def released_themes(publishing: Publishing) -> ReleasedThemes:
    """The same of figures that are at hand."""
    codebook = themes_of(publishing.session, publishing.consultation)
    scale = scale_of(publishing.session, publishing.consultation)
    told = publishing.told
    untold, missing = publishing.held_back, publishing.missing
    tables = [
        _table(slug, codebook, told.meetings.get(slug), told.why.get(slug), scale, untold, missing(slug))
        for slug in publishing.now
    ]
    tables.append(_table(None, codebook, told.total, told.why_total, scale, untold, missing(None)))
    return ReleasedThemes(
        codebook=_codebook(codebook),
        tables=tuple(tables),
        differences=_differences([table for table in tables[:-1] if not table.withheld]),
        quantifiers=scale.ranges(),
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


def _table(  # noqa: PLR0917
    meeting: str | None,
    codebook: Sequence[Theme],
    told: Counted | None,
    why: Withheld | None,
    scale: Scale,
    untold: Collection[str],
    missing: int | None,
) -> ThemeTable:
    if told is None:
        reason = why or Withheld.NO_ANSWERS
        shares = tuple(Share.held_back(theme.code, reason) for theme in codebook)
        return ThemeTable(meeting, None, reason.value, shares)
    shares = tuple(
        Share.of(theme.code, told.named[theme.code], told.base, scale)
        if theme.code in told.named and theme.code not in untold
        else Share.held_back(theme.code, Withheld.TOO_CLOSE)
        for theme in codebook
    )
    return ThemeTable(meeting, told.base, "", shares, missing)


def _differences(tables: Sequence[ThemeTable]) -> tuple[Difference, ...]:
    """Of shares as they are printed, so that a difference says nothing that they do not."""
    return tuple(
        Difference(before.theme, earlier.meeting, later.meeting, after.percent - before.percent)
        for earlier, later in combinations(tables, 2)
        for before, after in zip(earlier.shares, later.shares, strict=True)
        if earlier.meeting is not None and later.meeting is not None
        if before.percent is not None and after.percent is not None
    )
