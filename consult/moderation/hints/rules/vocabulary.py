"""Words with endings, found quickly in a folded text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consult.moderation.hints.rules.folding import Folded, Word
from consult.moderation.hints.rules.words import words as words_in

SHORTEST_STEM = 3
LONGEST_ENDING = 6
"""How many letters `*` stands for at most: enough for English, French and Polish endings."""
NEEDS_CAPITAL = frozenset(words_in("needs_capital"))
NEEDS_CAPITALS = frozenset(words_in("needs_capitals"))


@dataclass
class Vocabulary:
    """Entries such as `norway`, `norweg*`, `new_zealand*`, each standing for some meanings."""

    whole: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    """First word → (the words, with their stars; the meaning)."""
    stems: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)

    def add(self, entries: Iterable[str], meaning: str) -> None:
        """Let each entry stand for `meaning`."""
        for entry in entries:
            words = tuple(entry.replace("'", "_").split("_"))
            first = words[0]
            index = self.stems if first.endswith("*") else self.whole
            index.setdefault(first.rstrip("*"), []).append((words, meaning))

    def found(self, text: Folded) -> Iterator[tuple[int, int, str]]:
        """(index of the first word, index behind the last, meaning) wherever an entry stands."""
        for index, word in enumerate(text.words):
            for words, meaning in self._beginning(word.plain):
                if _follow(text, index, words):
                    yield index, index + len(words), meaning

    def _beginning(self, plain: str) -> Iterator[tuple[tuple[str, ...], str]]:
        yield from self.whole.get(plain, ())
        for length in range(max(SHORTEST_STEM, len(plain) - LONGEST_ENDING), len(plain) + 1):
            yield from self.stems.get(plain[:length], ())


def _follow(text: Folded, index: int, words: tuple[str, ...]) -> bool:
    following = text.words[index : index + len(words)]
    return len(following) == len(words) and all(
        _is(text, word, entry) for word, entry in zip(following, words, strict=True)
    )


def _is(text: Folded, word: Word, entry: str) -> bool:
    if entry.endswith("*"):
        stem = entry[:-1]
        return word.plain.startswith(stem) and len(word.plain) <= len(stem) + LONGEST_ENDING
    if word.plain != entry:
        return False
    if entry in NEEDS_CAPITALS:
        return text.is_upper(word)
    return entry not in NEEDS_CAPITAL or text.is_capital(word)


def vocabulary(families: dict[str, tuple[str, ...]]) -> Vocabulary:
    """A section of words.toml, each key the meaning of its entries."""
    found = Vocabulary()
    for meaning, entries in families.items():
        found.add(entries, meaning)
    return found
