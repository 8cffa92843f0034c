"""A country, named in the reader's language. Choices: one ISO 3166 alpha-2 code."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError

from consult.consultations.kinds.kind import Given, Kind, Option, Tally
from consult.consultations.models import Question
from consult.core.errors import N_, Invalid
from consult.core.text import fold

_ALPHA_2 = re.compile(r"[A-Z]{2}")
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}
_READ_IN = ("en", "fr", "pl")


class Country(Kind):
    """See the module."""

    code = "country"
    title = N_("Country")
    place = 7
    identifying = True
    missing = N_("Choose a country.")

    def listed(self, settings: Mapping[str, Any]) -> list[Option]:
        named = {language: countries(language) for language in _READ_IN}
        return [
            Option(code, {language: names[code] for language, names in named.items() if code in names})
            for code in countries("en")
        ]

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        chosen = [value for value in values if value]
        if len(chosen) > 1:
            raise Invalid("Choose one answer only.", field="choice")
        if chosen and chosen[0] not in countries("en"):
            raise Invalid("“%(value)s” is no country of the list.", field="choice", value=chosen[0][:40])
        return Given(tuple(chosen))

    def words(self, question: Question, choices: Sequence[str], language: str) -> list[str]:
        return [countries(language).get(code, code) for code in choices]

    def code_of(self, question: Question, text: str) -> str:
        plain = fold(text)
        named = {fold(name): code for language in _READ_IN for code, name in countries(language).items()}
        return text.upper() if text.upper() in countries("en") else named.get(plain, text)

    def tally(self, question: Question, given: Iterable[Sequence[str]]) -> Tally:
        """The countries that were given."""
        told = super().tally(question, given)
        return Tally(told.base, {code: number for code, number in told.counts.items() if number})


@cache
def countries(language: str) -> dict[str, str]:
    """Code → name, by name in that language."""
    try:
        territories = Locale(language).territories
    except UnknownLocaleError:
        territories = Locale("en").territories
    named = {
        code: name
        for code, name in territories.items()
        if _ALPHA_2.fullmatch(code) and code not in _NO_COUNTRIES
    }
    return dict(sorted(named.items(), key=lambda item: fold(item[1])))


KIND = Country()
