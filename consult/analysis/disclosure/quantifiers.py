"""Whether the words for shares in a text are carried by the counts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consult.analysis.rules import Quantifier

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "nearly all": "nearly all|almost all",
        "most": "most|the majority|a majority",
        "many": "many",
        "some": "some",
        "a few": "a few|few",
        "all": "all",
        "none": "none",
        "nobody": "nobody",
    },
    "fr": {
        "nearly all": "presque tou(?:s|tes)|quasi(?:ment)? tou(?:s|tes)|la quasi-totalité",
        "most": "la plupart|la (?:grande )?majorité|une (?:grande )?majorité",
        "many": "(?:de )?nombreu(?:x|ses)|beaucoup|bon nombre",
        "some": "certaine?s|plusieurs",
        "a few": "quelques(?:-une?s)?|peu de|une poignée|un petit nombre",
        "all": "tous les|toutes les|tous|toutes",
        "none": "aucune?",
        "nobody": "personne(?= n[e’'])",
    },
    "pl": {
        "nearly all": "(?:niemal|prawie) wszy(?:scy|stkich|stkie|stkim)",
        "most": "większoś(?:ć|ci|cią)",
        "many": "wielu|wiele|liczni",
        "some": "niektór(?:zy|ych|ym|e)|część",
        "a few": "nieliczn(?:i|ych|ym)|kilk(?:u|oro|oma|a)|paru",
        "all": "wszy(?:scy|stkich|stkie|stkim)",
        "none": "żad(?:en|na|ne|nego|nej)",
        "nobody": "nikt|nikogo",
    },
}
"""Language → a word of the scale, or for all or nobody → what says it there. The longer stand before the shorter."""
_SAID = {
    language: re.compile(
        r"(?<![\w-])(?:" + "|".join(f"({ways})" for ways in words.values()) + r")(?![\w-])", re.IGNORECASE
    )
    for language, words in _WORDS.items()
}


def may_be_checked(language: str) -> bool:
    """Whether the words of quantity of that language are known here."""
    return language in _SAID


@dataclass(frozen=True)
class Flag:
    """A word in a sentence that the counts do not carry, and the one that they do ("" where nothing is known)."""

    sentence: str
    word: str
    carried: str


def said(sentence: str, language: str) -> list[str]:
    """The quantifiers of a sentence, as the scale names them; none of a language that is not known here."""
    if not may_be_checked(language):
        return []
    names = tuple(_WORDS[language])
    return [names[(match.lastindex or 1) - 1] for match in _SAID[language].finditer(sentence)]


def flags(
    text: str,
    language: str,
    carried: dict[str, Quantifier],
    at: Mapping[str, dict[str, Quantifier]] | None = None,
) -> list[Flag]:
    """Sentences whose quantifier the counts do not carry. `carried`: a theme's title → its word.

    A sentence speaks of the theme whose title it names; a quantifier in a sentence that names none cannot be checked
    and is flagged as such. "All" needs every respondent, which only "nearly all" may stand for. `at`: a meeting's title
    → the same of its own figures, which count from the sentence that names it to the end of the paragraph.
    """
    return [
        flag
        for paragraph in re.split(r"\n\s*\n", text.strip())
        for sentence, known in _sentences(paragraph, carried, at or {})
        for flag in _flags_of(sentence, language, known)
    ]


def _sentences(
    paragraph: str, carried: dict[str, Quantifier], at: Mapping[str, dict[str, Quantifier]]
) -> Iterator[tuple[str, dict[str, Quantifier]]]:
    """Each sentence with the figures that it is about."""
    known = carried
    for sentence in re.split(r"(?<=[.!?])\s+", paragraph.strip()):
        named = [title for title in at if title.casefold() in sentence.casefold()]
        if named:
            known = at[max(named, key=len)]
        yield sentence, known


def _flags_of(sentence: str, language: str, carried: dict[str, Quantifier]) -> list[Flag]:
    words = said(sentence, language)
    if not words:
        return []
    named = {word.value for title, word in carried.items() if title.casefold() in sentence.casefold()}
    if "none" in named:
        named.add("nobody")
    if not named:
        return [Flag(sentence, words[0], "")]
    return [Flag(sentence, word, min(named)) for word in words[:1] if word not in named]
