"""Countries as people write them: in English, French or Polish, or as ISO codes of two or three letters."""

import unicodedata
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from consult.core.errors import Invalid

LANGUAGES = ("en", "fr", "pl")
_SHOWN = 40
_ALSO = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "angleterre": "GB",
    "anglia": "GB",
    "wielka brytania": "GB",
    "grande bretagne": "GB",
    "usa": "US",
    "us": "US",
    "u s a": "US",
    "united states of america": "US",
    "etats unis d amerique": "US",
    "stany zjednoczone ameryki": "US",
    "the netherlands": "NL",
    "holland": "NL",
    "czech republic": "CZ",
    "republique tcheque": "CZ",
    "republika czeska": "CZ",
    "slovak republic": "SK",
    "turkey": "TR",
    "turkiye": "TR",
    "macedonia": "MK",
    "moldova republic of": "MD",
    "republic of moldova": "MD",
    "russian federation": "RU",
    "federation de russie": "RU",
    "federacja rosyjska": "RU",
    "republic of korea": "KR",
    "el": "GR",
    "ivory coast": "CI",
    "burma": "MM",
}


@lru_cache(maxsize=1024)
def country_code(written: str) -> str:
    """The country's two-letter code; nothing for nothing. Raises Invalid, naming what was written."""
    plain = _plain(written)
    if not plain:
        return ""
    code = _names().get(plain)
    if code is None:
        raise Invalid(
            "“%(country)s” is not a country that is known here. Write its name in English, French or Polish, "
            "or its code: PL.",
            field="country",
            country=written[:_SHOWN],
        )
    return code


@cache
def _names() -> dict[str, str]:
    known = {code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()} - {
        "ZZ",
        "EU",
        "UN",
    }
    names: dict[str, str] = {}
    for code, aliases in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(aliases) == 1 and aliases[0] in known:
            names[code.lower()] = aliases[0]
    for language in LANGUAGES:
        for code, name in ((str(c), str(n)) for c, n in Locale(language).territories.items()):
            if code in known:
                names[_plain(name)] = code
                names.setdefault(_plain(name.partition("(")[0]), code)
    return names | {code.lower(): code for code in known} | _ALSO


def _plain(text: str) -> str:
    """Lower case without accents, punctuation and "the": what two ways of writing one country have in common."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("&", " and "))
    letters = "".join(c if c.isalnum() else " " for c in apart if not unicodedata.combining(c))
    return " ".join(word for word in letters.split() if word != "the")
