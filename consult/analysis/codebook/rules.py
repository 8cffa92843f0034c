"""What a theme says of itself, how a codebook is written down, and where a merged theme has gone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from consult.analysis.models import Theme
from consult.analysis.rules import (
    LONGEST_CODE,
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    RESERVED_CODES,
    checked_code,
    checked_text,
)
from consult.core.errors import Invalid
from consult.core.text import fold

LONGEST_NOTE = 2000
LONGEST_EXAMPLE = 500
MOST_EXAMPLES = 20
MOST_THEMES = 500
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Entry:
    """A theme in words alone, as files and versions carry it. `parent` is a code or empty."""

    code: str
    title: str
    description: str = ""
    includes: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = ()
    colour: str = ""
    parent: str = ""
    retired: bool = False
    merged_into: str = ""
    split_from: str = ""

    def spoken(self) -> str:
        """One text for programs that know a description only; each part begins a line of its own."""
        lines = [self.description] if self.description else []
        lines += [f"Includes: {self.includes}"] if self.includes else []
        lines += [f"Excludes: {self.excludes}"] if self.excludes else []
        return "\n".join([*lines, *(f"Example: {example}" for example in self.examples)])

    def to_document(self) -> dict[str, object]:
        return {
            "code": self.code,
            "title": self.title,
            "description": self.description,
            "includes": self.includes,
            "excludes": self.excludes,
            "examples": list(self.examples),
            "colour": self.colour,
            "parent": self.parent,
            "retired": self.retired,
            "merged_into": self.merged_into,
            "split_from": self.split_from,
        }


def entry_of(theme: Theme, codes: Mapping[str, str]) -> Entry:
    """The words of a theme. `codes`: theme id → code."""
    return Entry(
        code=theme.code,
        title=theme.title,
        description=theme.description,
        includes=theme.includes,
        excludes=theme.excludes,
        examples=tuple(theme.examples),
        colour=theme.colour,
        parent=codes.get(theme.parent_id or "", ""),
        retired=theme.retired,
        merged_into=codes.get(theme.merged_into_id or "", ""),
        split_from=codes.get(theme.split_from_id or "", ""),
    )


def entries_of(themes: Sequence[Theme]) -> list[Entry]:
    """The words of a whole codebook, in the order given."""
    codes = {theme.id: theme.code for theme in themes}
    return [entry_of(theme, codes) for theme in themes]


@dataclass(frozen=True)
class ThemeWords:
    """What a director writes about one theme."""

    title: str
    description: str = ""
    includes: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = field(default=())
    colour: str = ""

    def checked(self) -> "ThemeWords":
        """The same as it is kept. Raises Invalid naming the field."""
        return replace(
            self,
            title=checked_text(self.title, "title", LONGEST_TITLE, needed=True),
            description=checked_text(self.description, "description", LONGEST_DESCRIPTION),
            includes=checked_text(self.includes, "includes", LONGEST_NOTE),
            excludes=checked_text(self.excludes, "excludes", LONGEST_NOTE),
            examples=_examples(self.examples),
            colour=checked_colour(self.colour),
        )


def checked_colour(colour: str) -> str:
    """A colour as "#rrggbb", or empty. Raises Invalid."""
    short = re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", colour.strip().lower())
    kept = "#" + "".join(2 * digit for digit in short.groups()) if short else colour.strip().lower()
    if kept and not _COLOUR.fullmatch(kept):
        raise Invalid(
            "“%(colour)s” is no colour. Write it as #0f6e6e, or leave it out.", field="colour", colour=colour
        )
    return kept


def _examples(examples: Iterable[str]) -> tuple[str, ...]:
    kept = tuple(text for one in examples if (text := checked_text(one, "examples", LONGEST_EXAMPLE)))
    if len(kept) > MOST_EXAMPLES:
        raise Invalid(
            "These are %(count)s examples. Keep the best %(most)s.",
            field="examples",
            count=len(kept),
            most=MOST_EXAMPLES,
        )
    return kept


def checked_entries(entries: Sequence[Entry]) -> list[Entry]:
    """A codebook from elsewhere: every code once, every parent there, no theme above itself. Raises Invalid."""
    if not entries:
        raise Invalid("There is no theme in this file.", field="file")
    if len(entries) > MOST_THEMES:
        raise Invalid(
            "This codebook has %(count)s themes; %(most)s can be kept.",
            field="file",
            count=len(entries),
            most=MOST_THEMES,
        )
    by_code: dict[str, Entry] = {}
    for entry in entries:
        checked_code(entry.code)
        if entry.code in by_code:
            raise Invalid("The code “%(code)s” stands twice in this file.", field="file", code=entry.code)
        words = words_of(entry).checked()
        by_code[entry.code] = replace(entry, **{name: getattr(words, name) for name in WORDS})
    for entry in entries:
        above, seen = entry.parent, {entry.code}
        while above:
            if above not in by_code:
                raise Invalid(
                    "“%(code)s” stands under “%(parent)s”, which is not in this file.",
                    field="file",
                    code=entry.code,
                    parent=above,
                )
            if above in seen:
                raise Invalid("“%(code)s” would stand above itself.", field="file", code=entry.code)
            seen.add(above)
            above = by_code[above].parent
    return list(by_code.values())


WORDS = ("title", "description", "includes", "excludes", "examples", "colour")


def words_of(entry: Entry | Theme) -> ThemeWords:
    """What is written about one theme."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in WORDS}
    return ThemeWords(**{**values, "examples": tuple(values["examples"])})


def code_from(title: str, taken: Iterable[str]) -> str:
    """A code that nobody has, made from a title: letters that are not Latin leave a number."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(title).replace(" ", "-")).strip("-")[: LONGEST_CODE - 5]
    wanted, reserved = plain.strip("-") or "theme", {*taken, *RESERVED_CODES}
    number, code = 1, wanted
    while code in reserved or not code.replace("-", ""):
        number += 1
        code = f"{wanted}-{number}"
    return code


def gone_to(themes: Iterable[Theme]) -> dict[str, str]:
    """Theme id → the id of the theme in which it is counted now: itself, or where merging has brought it."""
    into = {theme.id: theme.merged_into_id for theme in themes}
    found: dict[str, str] = {}
    for theme_id in into:
        reached, seen = theme_id, {theme_id}
        while (further := into.get(reached)) and further not in seen:
            seen.add(further)
            reached = further
        found[theme_id] = reached
    return found
