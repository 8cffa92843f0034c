"""A day within limits. Choices: one ISO date, e.g. "2016-07-08"."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from consult.consultations.kinds.kind import Given, Kind, Limits, Setting
from consult.consultations.models import Question
from consult.core.errors import N_, Invalid

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./ ](\d{1,2})[./ ](\d{4})")


class Date(Kind):
    """See the module."""

    code = "date"
    title = N_("Date")
    place = 6
    identifying = True
    missing = N_("Write a date.")
    limits = Limits(
        N_("On or after"),
        N_("On or before"),
        N_("Write a day like 2016-07-08."),
        N_("%(least)s or later"),
        N_("%(most)s or earlier"),
    )
    settings = (
        Setting("earliest", "date", N_("The earliest day allowed"), ""),
        Setting("latest", "date", N_("The latest day allowed"), ""),
    )

    def problems(self, settings: Mapping[str, Any]) -> list[Invalid]:
        limits = {name: settings.get(name, "") for name in ("earliest", "latest")}
        found = [
            Invalid("Write a day that exists, as 2016-07-08.", field=name)
            for name, limit in limits.items()
            if limit and _day(limit) is None
        ]
        if not found and all(limits.values()) and limits["latest"] < limits["earliest"]:
            found.append(Invalid("This is before the earliest day allowed.", field="latest"))
        return found

    def limit(self, written: str) -> str:
        day = _day(_year_first(written))
        if day is None:
            raise Invalid("Write a day that exists, as 2016-07-08.")
        return day.isoformat()

    def reaches(self, settings: Mapping[str, Any], least: str, most: str) -> bool:
        firsts = [day for day in (least, _limit(settings, "earliest")) if day]
        lasts = [day for day in (most, _limit(settings, "latest")) if day]
        return not firsts or not lasts or max(firsts) <= min(lasts)

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        """Of one written date, or of day, month and year."""
        if not any(values):
            return Given(())
        written = values[0] if len(values) == 1 else "-".join(reversed(values))
        day = _day(written)
        if day is None:
            raise Invalid(
                "Write a day that exists: day, month and year in digits, e.g. 8 7 2016.", field="choice"
            )
        earliest, latest = _day(question.settings.get("earliest")), _day(question.settings.get("latest"))
        if earliest and day < earliest:
            raise Invalid("Write %(day)s or a later day.", field="choice", day=earliest.isoformat())
        if latest and day > latest:
            raise Invalid("Write %(day)s or an earlier day.", field="choice", day=latest.isoformat())
        return Given((day.isoformat(),))

    def words(self, question: Question, choices: Sequence[str], language: str) -> list[str]:
        """As "8 July 2017"."""
        try:
            locale = Locale("en", "GB") if language == "en" else Locale(language)
        except UnknownLocaleError:
            locale = Locale("en", "GB")
        return [format_date(date.fromisoformat(code), "long", locale) for code in choices]

    def typed(self, question: Question, choices: Sequence[str]) -> list[str]:
        return [str(int(part)) for part in reversed(choices[0].split("-"))] if choices else []

    def from_cell(self, question: Question, cell: str) -> Given:
        written = _year_first(cell)
        return self.read_values(question, [written] if written else [], "")

    def band(self, question: Question, code: str) -> str:
        """The month."""
        return code[:7]


def _year_first(written: str) -> str:
    """A day as people or machines write it, without a time behind it."""
    found = _DAY_FIRST.fullmatch(written.strip())
    return (
        "-".join(reversed(found.groups())) if found else written.strip().partition("T")[0].partition(" ")[0]
    )


def _limit(settings: Mapping[str, Any], name: str) -> str:
    day = _day(settings.get(name))
    return day.isoformat() if day else ""


def _day(written: str | None) -> date | None:
    found = _ISO.fullmatch(written or "")
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


KIND = Date()
