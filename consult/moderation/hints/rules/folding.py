"""A text folded for comparing, which still knows where each of its letters stands in the text as written.

Spans are code points of the text as written: `łódź` folds to `lodz`, `ﬁ` to two letters, a combining accent to none.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

_LIKE_PLAIN = {
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
}
_MARKS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"}
_JOINERS = "\u200d\ufe0e\ufe0f"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Word:
    """A run of letters and digits: folded, and its code points [starts, ends) in the text as written."""

    plain: str
    starts: int
    ends: int
    begins: int
    """Where it begins in the folded text."""


@dataclass(frozen=True)
class Folded:
    """`plain[i]` stems from the code point `places[i]` of `text`."""

    text: str
    plain: str
    places: tuple[int, ...] | range

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(
            Word(m.group(), *self.span(m.start(), m.end()), m.start()) for m in _WORD.finditer(self.plain)
        )

    def span(self, begins: int, stops: int) -> tuple[int, int]:
        """Code points [starts, ends) as written of a folded stretch that is not empty; accents go with their letter."""
        starts, ends = self.places[begins], self.places[stops - 1] + 1
        while ends < len(self.text) and (
            unicodedata.combining(self.text[ends]) or self.text[ends] in _JOINERS
        ):
            ends += 1
        return starts, ends

    def is_capital(self, word: Word) -> bool:
        """Whether it is written with a capital, or in a script that has none."""
        first = self.text[word.starts]
        return not first.islower()

    def is_upper(self, word: Word) -> bool:
        """Whether it is written in capitals throughout."""
        return self.text[word.starts : word.ends].isupper()

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Where `pattern`, or its group "it", matches the folded text, as code points of the text as written."""
        group: str | int = "it" if "it" in pattern.groupindex else 0
        for match in pattern.finditer(self.plain):
            if match.end(group) > match.start(group):
                yield self.span(match.start(group), match.end(group))


def folded(text: str) -> Folded:
    """Case, accents, ł and its like, ligatures, curled apostrophes and long dashes folded away."""
    if text.isascii():
        return Folded(text, text.lower().replace("`", "'"), range(len(text)))
    pieces = [_plain(character) for character in text]
    places = tuple(place for place, piece in enumerate(pieces) for _ in piece)
    return Folded(text, "".join(pieces), places)


def plain_words(text: str) -> tuple[str, ...]:
    """The folded words alone."""
    return tuple(word.plain for word in folded(text).words)


@lru_cache(maxsize=20_000)
def _plain(character: str) -> str:
    """One code point folded: any number of characters. Space of any kind is one blank, so that patterns stay simple."""
    if character.isspace():
        return "\n" if character in "\n\r\u2028\u2029" else " "
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    bare = (c for c in decomposed if not unicodedata.combining(c) and c not in _JOINERS)
    return "".join(_LIKE_PLAIN.get(c, _MARKS.get(c, c)) for c in bare)
