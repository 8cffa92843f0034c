"""Whether the words for shares in a text are carried by the counts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consult.analysis.rules import Quantifier

_SAID = re.compile(
    r"\b(a few|few|some|many|most|nearly all|almost all|the majority|a majority|all|none|nobody)\b",
    re.IGNORECASE,
)
_MEANT = {"few": "a few", "almost all": "nearly all", "the majority": "most", "a majority": "most"}


@dataclass(frozen=True)
class Flag:
    """A word in a sentence that the counts do not carry, and the one that they do ("" where nothing is known)."""

    sentence: str
    word: str
    carried: str


def said(sentence: str) -> list[str]:
    """The quantifiers of a sentence, as the scale names them."""
    found = [match.group().lower() for match in _SAID.finditer(sentence)]
    return [_MEANT.get(word, word) for word in found]


def flags(
    text: str, carried: dict[str, Quantifier], at: Mapping[str, dict[str, Quantifier]] | None = None
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
        for flag in _flags_of(sentence, known)
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


def _flags_of(sentence: str, carried: dict[str, Quantifier]) -> list[Flag]:
    words = said(sentence)
    if not words:
        return []
    named = {word.value for title, word in carried.items() if title.casefold() in sentence.casefold()}
    if "none" in named:
        named.add("nobody")
    if not named:
        return [Flag(sentence, words[0], "")]
    return [Flag(sentence, word, min(named)) for word in words[:1] if word not in named]
