"""A number within limits. Choices: one decimal without needless noughts, e.g. "12.5"."""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol

from consult.consultations.kinds.kind import Given, Kind, Limits, Setting
from consult.consultations.models import Question
from consult.consultations.rules import in_language
from consult.core.errors import N_, Invalid

_WRITTEN = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")
_FEW = 21
_BANDS = 10


class Number(Kind):
    """See the module."""

    code = "number"
    title = N_("Number")
    place = 5
    identifying = True
    missing = N_("Write a number.")
    limits = Limits(
        N_("So much at least"),
        N_("So much at most"),
        N_("Write a number."),
        N_("%(least)s or more"),
        N_("%(most)s or less"),
    )
    settings = (
        Setting("least", "decimal", N_("The least allowed"), ""),
        Setting("most", "decimal", N_("The most allowed"), ""),
        Setting("decimals", "whole", N_("Digits after the point"), 0, most=6),
        Setting("unit", "translations", N_("Unit, e.g. per cent"), {}),
    )

    def problems(self, settings: Mapping[str, Any]) -> list[Invalid]:
        limits = {name: settings.get(name, "") for name in ("least", "most")}
        found = [
            Invalid("Write a number, e.g. 10 or 2.5.", field=name)
            for name, limit in limits.items()
            if limit and not _WRITTEN.fullmatch(limit)
        ]
        if not found and all(limits.values()) and Decimal(limits["most"]) <= Decimal(limits["least"]):
            found.append(Invalid("This must be more than the least allowed.", field="most"))
        return found

    def limit(self, written: str) -> str:
        typed = _in_digits(written)
        if not _WRITTEN.fullmatch(typed):
            raise Invalid("Write a number, e.g. 10 or 2.5.")
        return _plain(Decimal(typed))

    def size(self, code: str) -> Any:
        return Decimal(code)

    def reaches(self, settings: Mapping[str, Any], least: str, most: str) -> bool:
        """Between 2.2 and 2.8 there is no whole number."""
        lows = [Decimal(low) for low in (least, settings.get("least")) if low]
        highs = [Decimal(high) for high in (most, settings.get("most")) if high]
        if not lows or not highs:
            return True
        step = Decimal(1).scaleb(-settings.get("decimals", 0))
        first = (max(lows) / step).to_integral_value(ROUND_CEILING) * step
        return first <= min(highs)

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        typed = _in_digits("".join(values))
        if not typed:
            return Given(())
        if not _WRITTEN.fullmatch(typed):
            raise Invalid("Write a number in digits, e.g. 12 or 2.5.", field="choice")
        number, decimals = Decimal(typed), question.settings.get("decimals", 0)
        if number != round(number, decimals):
            raise Invalid(
                "Write it with %(decimals)s digits after the point at most.",
                field="choice",
                decimals=decimals,
            )
        least, most = question.settings.get("least"), question.settings.get("most")
        if (least and number < Decimal(least)) or (most and number > Decimal(most)):
            if least and most:
                raise Invalid(
                    "Write a number from %(least)s to %(most)s.", field="choice", least=least, most=most
                )
            if least:
                raise Invalid("Write a number of %(least)s or more.", field="choice", least=least)
            raise Invalid("Write a number of %(most)s or less.", field="choice", most=most)
        return Given((_plain(number),))

    def words(self, question: Question, choices: Sequence[str], language: str) -> list[str]:
        """The number with its unit, its point as the language writes it."""
        unit, point = in_language(question.settings.get("unit", {}), language, "en"), _point(language)
        return [f"{code.replace('.', point)} {unit}".strip() for code in choices]

    def from_cell(self, question: Question, cell: str) -> Given:
        return self.read_values(question, [cell], "")

    def band(self, question: Question, code: str) -> str:
        """The number itself where few are possible, else a tenth of what is, else its order of magnitude."""
        number = Decimal(code)
        low, high = question.settings.get("least"), question.settings.get("most")
        if not low or not high:
            return _magnitude(number)
        least, most = Decimal(low), Decimal(high)
        if not question.settings.get("decimals", 0) and most - least < _FEW:
            return code
        width = _round_width((most - least) / _BANDS)
        start = least + ((number - least) / width).to_integral_value(ROUND_FLOOR) * width
        return f"{_plain(start)} … {_plain(min(start + width, most))}"

    def rank(self, band: str) -> Any:
        return Decimal(band.removeprefix("<").split(" … ")[0].strip())


def _point(language: str) -> str:
    try:
        return get_decimal_symbol(Locale.parse(language, sep="-"), numbering_system="latn")
    except (UnknownLocaleError, ValueError):
        return "."


def _in_digits(written: str) -> str:
    """As people write a number, with a point and without spaces."""
    return _SPACES.sub("", written).replace("−", "-").replace(",", ".").removeprefix("+")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _round_width(width: Decimal) -> Decimal:
    """The next wider of 1, 2, 5 times a power of ten."""
    power = Decimal(10) ** width.adjusted()
    return next(step * power for step in map(Decimal, (1, 2, 5, 10)) if step * power >= width)


def _magnitude(number: Decimal) -> str:
    if abs(number) < 1:
        return "0"
    low = Decimal(10) ** number.adjusted()
    return f"{_plain(low)} … {_plain(low * 10)}" if number > 0 else f"{_plain(-low * 10)} … {_plain(-low)}"


KIND = Number()
