"""Reading one table of a definition: each field with its type and limits, each fault noted where it stands."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from consult.core.errors import Said
from consult.core.text import tidy, unstorable
from consult.operations.definition.lines import Path
from consult.operations.definition.problems import Problem, heading, shown

Choice = TypeVar("Choice", bound=StrEnum)

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
LONGEST_TEXT = 60_000


class Faults:
    """Collects what is wrong, with the line of each."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self.problems: list[Problem] = []

    def note(self, path: Path, what_to_do: Said) -> None:
        """Note a fault at `path`, or at the nearest thing around it that has a line."""
        near = path
        while near and near not in self._lines:
            near = near[:-1]
        self.problems.append(Problem(self._lines.get(near, 1), shown(path), what_to_do))


class Fields:
    """One table. A field that is missing or wrong is noted and read as something harmless."""

    def __init__(self, table: Mapping[str, Any], path: Path, faults: Faults) -> None:
        self._table, self.path, self._faults = table, path, faults
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def note(self, key: str | None, what_to_do: Said) -> None:
        """Note a fault of this table, or of one of its fields."""
        self._faults.note(self.path if key is None else (*self.path, key), what_to_do)

    def finish(self) -> None:
        """Note every key that nothing asked for."""
        for key in self._table.keys() - self._known:
            known = ", ".join(sorted(self._known))
            self.note(
                key, Said("this key is not known here. Remove it, or use one of: %(known)s.", known=known)
            )

    def text(self, key: str, *, longest: int, default: str | None = None) -> str:
        """A text that is not blank, unless there is a default."""
        value = self._value(key, str, Said("a text in quotation marks"), default)
        if value is None:
            return ""
        kept = self._clean(value, (*self.path, key), longest)
        if not value.strip() and default is None:
            self.note(key, Said("this is blank. Write something."))
        return kept

    def slug(self, key: str) -> str:
        """A short name for addresses."""
        value = self.text(key, longest=80)
        if value and not SLUG.fullmatch(value):
            self.note(key, Said("use small letters a to z, digits and single hyphens, e.g. warsaw-2016."))
        return value

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._value(key, int, Said("a whole number"), default)
        if value is None or isinstance(value, bool):
            if value is not None:
                self.note(key, Said("this must be a whole number, without quotation marks."))
            return least
        if not least <= value <= most:
            self.note(key, Said("this must be between %(least)s and %(most)s.", least=least, most=most))
        return int(value)

    def whole_or_none(self, key: str, *, least: int, most: int) -> int | None:
        """The same, where it may be left out."""
        self._known.add(key)
        return self.whole(key, least=least, most=most) if key in self else None

    def switch(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._value(key, bool, Said("true or false, without quotation marks"), default))

    def choice(self, key: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        """One of an enum's values."""
        value = self._value(key, str, Said("a text in quotation marks"), default.value if default else None)
        members = list(kind)
        if value is None:
            return members[0]
        try:
            return kind(value)
        except ValueError:
            self.note(key, Said("this must be one of: %(known)s.", known=", ".join(members)))
            return members[0]

    def instant(self, key: str) -> datetime | None:
        """A date and time with its offset from UTC; absent where it is set by hand."""
        if key not in self:
            self._known.add(key)
            return None
        value = self._value(key, datetime, Said("a date and time like 2016-05-09T09:00:00+02:00"), None)
        if value is None:
            return None
        if value.tzinfo is None:
            self.note(key, Said("add the offset from UTC, like 2016-05-09T09:00:00+02:00."))
            return None
        return value  # type: ignore[no-any-return]

    def written(self, key: str, *kinds: type[date] | type[float]) -> str:
        """A day or a number, or the same in quotation marks, as text; "" where it is left out."""
        self._known.add(key)
        value = self._table.get(key, "")
        number = float in kinds and isinstance(value, int | float) and not isinstance(value, bool)
        day = date in kinds and isinstance(value, date) and not isinstance(value, datetime)
        if number or day:
            return str(value)
        if isinstance(value, str) and not unstorable(value):
            return value.strip()
        if len(kinds) > 1:
            self.note(key, Said("this must be a number, or a day like 2016-07-08."))
        else:
            day_wanted = Said("this must be a day like 2016-07-08.")
            self.note(key, Said("this must be a number.") if float in kinds else day_wanted)
        return ""

    def texts(self, key: str, *, longest: int = 2000, required: bool = False) -> list[str]:
        """A list of texts, none of them blank."""
        values = self._value(key, list, Said("a list of texts in square brackets"), None if required else [])
        kept = []
        for number, value in enumerate(values or []):
            path = (*self.path, key, number)
            if not isinstance(value, str) or not value.strip():
                self._faults.note(path, Said("write a text in quotation marks, or remove this."))
                continue
            kept.append(self._clean(value, path, longest))
        return kept

    def translations(
        self,
        key: str,
        *,
        languages: Sequence[str],
        source: str,
        required: bool = True,
        longest: int = LONGEST_TEXT,
    ) -> dict[str, str]:
        """Language code → text, the consultation's own language among them."""
        table = self.table(key, required=required)
        if table is None:
            return {}
        return table.own_translations(languages=languages, source=source, longest=longest)

    def own_translations(
        self, *, languages: Sequence[str], source: str, longest: int = LONGEST_TEXT
    ) -> dict[str, str]:
        """The same of this very table."""
        if source not in self:
            self.note(
                None, Said("add the text in the consultation's own language: %(code)s = “…”.", code=source)
            )
        kept = {}
        for code in list(self._table):
            if code not in languages:
                self._known.add(code)
                self.note(
                    code,
                    Said(
                        "this language is not among the consultation's: %(known)s.",
                        known=", ".join(languages),
                    ),
                )
                continue
            kept[code] = self.text(code, longest=longest)
        return kept

    def table(self, key: str, *, required: bool = False) -> "Fields | None":
        """A table below this one."""
        value = self._value(
            key, dict, Said("a table: [%(name)s]", name=heading((*self.path, key))), None if required else {}
        )
        if value is None or (not value and key not in self):
            return None
        return Fields(value, (*self.path, key), self._faults)

    def tables(self, key: str, *, required: bool = False) -> "list[Fields]":
        """Tables in double square brackets below this one."""
        name = Said("tables: [[%(name)s]]", name=heading((*self.path, key)))
        values = self._value(key, list, name, None if required else [])
        tables = []
        for number, value in enumerate(values or []):
            path = (*self.path, key, number)
            if isinstance(value, dict):
                tables.append(Fields(value, path, self._faults))
            else:
                self._faults.note(path, Said("this must be written as %(expected)s.", expected=name))
        return tables

    def lists(self) -> dict[str, list[str]]:
        """The whole table as name → list of texts."""
        return {
            self._clean(key, (*self.path, key), 120): self.texts(key, required=True) for key in self._table
        }

    def _value(self, key: str, kind: type[Any], expected: Said, default: Any) -> Any:
        self._known.add(key)
        if key not in self._table:
            if default is None:
                self.note(key, Said("this is missing. Write %(expected)s.", expected=expected))
            return default
        value = self._table[key]
        if not isinstance(value, kind):
            self.note(key, Said("this must be %(expected)s.", expected=expected))
            return default
        return value

    def _clean(self, value: str, path: Path, longest: int) -> str:
        if what := unstorable(value):
            self._faults.note(path, Said("this holds %(what)s. Remove it.", what=what))
            return ""
        kept = tidy(value)
        if len(kept) > longest:
            self._faults.note(
                path,
                Said(
                    "this has %(length)s characters. Shorten it to %(most)s.", length=len(kept), most=longest
                ),
            )
        return kept
