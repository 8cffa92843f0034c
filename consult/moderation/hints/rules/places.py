"""Countries as they are named: their names from Babel; their people, adjectives and capitals from words.toml."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from consult.moderation.hints.rules.folding import plain_words
from consult.moderation.hints.rules.vocabulary import vocabulary
from consult.moderation.hints.rules.words import word_families

LANGUAGES = ("en", "fr", "pl")

_PLACES = {country: frozenset(entries) for country, entries in word_families("places").items()}


def untopical(country: str, topics: frozenset[str]) -> frozenset[str]:
    """A country's entries without those that the consultation is about, and none of a country that it names itself.

    Where everybody was asked about Russia, "Russia" tells nobody apart.
    """
    names, others = _names_of(country), _PLACES.get(country, frozenset())
    if any(_is_topic(name, topics) for name in names):
        return frozenset()
    topical = {entry[:3] for entry in others if _is_topic(entry, topics)}
    return frozenset(entry for entry in names | others if entry[:3] not in topical)


def _is_topic(entry: str, topics: frozenset[str]) -> bool:
    return all(any(topic.startswith(part.rstrip("*")) for topic in topics) for part in entry.split("_"))


@lru_cache(maxsize=512)
def _names_of(country: str) -> frozenset[str]:
    """What Babel calls a country in all three languages, as entries."""
    return frozenset(
        "_".join(named)
        for language in LANGUAGES
        if (named := plain_words(_territories(language).get(country, "")))
    )


@lru_cache(maxsize=8)
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale(language).territories)
    except UnknownLocaleError:
        return {}


NATIONALITIES = vocabulary(word_families("places"))
"""Every country in the list, on the roster or not, for phrases such as "as the Estonian …"."""
