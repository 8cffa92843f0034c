"""What a roster holds that could stand in an answer: names, organisations, roles, and where people come from.

A hit says what kind of thing was hit and nothing of whom: nothing found here leads back to a participant.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consult.moderation.enums import HintKind
from consult.moderation.hints.rules.folding import Folded, Word, folded, plain_words
from consult.moderation.hints.rules.places import NATIONALITIES, untopical
from consult.moderation.hints.rules.vocabulary import Vocabulary, vocabulary
from consult.moderation.hints.rules.words import word_families, words

SHORTEST_NAME = 3
SHORTEST_STEM = 4
SHORTEST_ALONE = 5
LEAST_GENERIC = 3
"""An organisation named by generic words alone counts from so many words on, and only written as a name."""
ENDINGS = words("endings")
GENERIC = frozenset(words("generic"))
ORDINARY = frozenset(words("ordinary"))
ROLES = vocabulary(word_families("roles"))
_CONNECTING = frozenset(words("connecting"))


@dataclass(frozen=True)
class Person:
    """What a roster says of somebody, as far as hints use it. Not kept."""

    name: str
    email: str = ""
    country: str = ""
    organisation: str = ""
    role: str = ""
    role_label: str = ""
    sector: str = ""


@dataclass
class Roster:
    """The words of a whole roster, ready for matching. `topics` are words that the consultation itself is about."""

    people: Iterable[Person] = ()
    topics: frozenset[str] = frozenset()
    smallest_group: int = 5
    names: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    phrases: dict[str, list[tuple[tuple[str, ...], HintKind]]] = field(default_factory=dict)
    organisations: set[str] = field(default_factory=set)
    """Single words by which an organisation is known."""
    acronyms: set[str] = field(default_factory=set)
    places: Vocabulary = field(default_factory=Vocabulary)
    combinations: Counter[tuple[str, str]] = field(default_factory=Counter)
    unspaced: set[str] = field(default_factory=set)
    """Names in scripts that put no space between words."""

    def __post_init__(self) -> None:
        for person in self.people:
            self._take(person)
        for country in {country for country, _ in self.combinations if country}:
            self.places.add(untopical(country, self.topics), country)

    def _take(self, person: Person) -> None:
        self._name(person.name)
        mailbox = plain_words(person.email.partition("@")[0])
        if len(mailbox) > 1 and all(word.isalpha() and len(word) >= SHORTEST_NAME for word in mailbox):
            self._name(" ".join(mailbox))
        self._organisation(person.organisation)
        if len(role := _without_article(plain_words(person.role))) > 1:
            self._phrase(role, HintKind.ROLE)
        self.combinations[person.country, ""] += 1
        for family in {family_of(person.role), family_of(person.role_label)} - {""}:
            self.combinations[person.country, family] += 1

    def _name(self, name: str) -> None:
        parts = plain_words(name)
        if not parts:
            return
        if not name.isascii() and any(_is_unspaced(c) for c in name):
            self.unspaced.add("".join(parts))
            return
        if len(parts) > 1:
            self._phrase(parts, HintKind.PERSON)
            self._phrase(tuple(reversed(parts)), HintKind.PERSON)
        for word in parts:
            if (
                len(word) >= SHORTEST_NAME
                and word.isalpha()
                and word not in GENERIC
                and word not in _CONNECTING
            ):
                self.names.add(word)
                self.stems.update(stem for stem in _stems(word) if len(stem) >= SHORTEST_STEM)

    def _organisation(self, organisation: str) -> None:
        bare, _, behind = organisation.partition("(")
        for part in (bare, behind.rstrip(") ")):
            parts = plain_words(part)
            if not parts:
                continue
            telling = [word for word in parts if word not in GENERIC and word not in self.topics]
            if telling or len(parts) >= LEAST_GENERIC:
                self._phrase(parts, HintKind.ORGANISATION)
            self.organisations.update(word for word in telling if _tells_apart(word))
            if part.strip().isupper() and telling:
                self.acronyms.add(parts[0])
            initials = "".join(word[0] for word in parts if word not in _CONNECTING)
            if len(initials) >= 4 and telling:
                self.acronyms.add(initials)

    def _phrase(self, parts: tuple[str, ...], kind: HintKind) -> None:
        entry = (parts, kind)
        entries = self.phrases.setdefault(parts[0], [])
        if entry not in entries:
            entries.append(entry)

    def is_rare(self, country: str, family: str) -> bool:
        """Whether fewer than the smallest group share both. Nobody counts as few, so that no hint proves somebody."""
        return self.combinations[country, family] < self.smallest_group


def known_hits(text: Folded, roster: Roster, *, inflected: bool) -> Iterator[tuple[int, int, HintKind]]:
    """Code points and kind of every word or phrase of the roster. `inflected`: also with Polish endings."""
    for index, word in enumerate(text.words):
        for parts, kind in roster.phrases.get(word.plain, ()):
            following = text.words[index : index + len(parts)]
            if tuple(w.plain for w in following) == parts and _stands(text, following, kind):
                yield word.starts, following[-1].ends, kind
        if _is_name(text, word, roster, inflected=inflected):
            yield word.starts, word.ends, HintKind.PERSON
        if (word.plain in roster.acronyms and text.is_upper(word)) or (
            word.plain in roster.organisations and text.text[word.starts].isupper()
        ):
            yield word.starts, word.ends, HintKind.ORGANISATION
    for name in roster.unspaced:
        begins = text.plain.find(name)
        while begins >= 0:
            yield (*text.span(begins, begins + len(name)), HintKind.PERSON)
            begins = text.plain.find(name, begins + len(name))


def topics_in(said: Iterable[str]) -> frozenset[str]:
    """The words that the consultation itself uses in its title, its questions and its meetings' titles."""
    return frozenset(word for text in said for word in plain_words(text) if len(word) > 3)


def family_of(role: str) -> str:
    """The family of roles that a label belongs to, or none: "a NATO official" is an official."""
    text = folded(role)
    return next((meaning for _, _, meaning in ROLES.found(text)), "")


def begins_sentence(text: Folded, word: Word) -> bool:
    """Whether nothing or the end of a sentence stands before it, so that its capital says nothing."""
    before = text.text[max(word.starts - 20, 0) : word.starts].rstrip(" \t\"'“”„«»‘’()[]-–—•*")
    return not before or before[-1] in ".!?…:;\n"


def _tells_apart(word: str) -> bool:
    """Whether one word of an organisation's name is enough to know it: no small, ordinary or national word."""
    national = next(NATIONALITIES.found(folded(word.capitalize())), None)
    return len(word) >= SHORTEST_ALONE and word.isalpha() and word not in ORDINARY and national is None


def _is_name(text: Folded, word: Word, roster: Roster, *, inflected: bool) -> bool:
    plain = word.plain
    if plain not in roster.names and not (
        inflected and any(plain[: -len(end)] in roster.stems for end in ENDINGS if plain.endswith(end))
    ):
        return False
    if not text.is_capital(word) or (plain not in roster.names and plain in ORDINARY):
        return False
    return plain not in ORDINARY or not (begins_sentence(text, word) or text.is_upper(word))


def _stands(text: Folded, named: tuple[Word, ...], kind: HintKind) -> bool:
    """Whether the words are written as a name is. A role may stand in small letters."""
    if kind is HintKind.PERSON:
        return any(not w.plain.isalpha() for w in named) or all(text.is_capital(w) for w in named)
    if kind is HintKind.ORGANISATION and all(w.plain in GENERIC for w in named):
        return all(text.is_capital(w) for w in named if w.plain not in _CONNECTING)
    return kind is HintKind.ROLE or any(text.is_capital(w) for w in named)


def _without_article(named: tuple[str, ...]) -> tuple[str, ...]:
    return named[1:] if named and named[0] in {"a", "an", "the", "un", "une", "le", "la"} else named


def _stems(word: str) -> set[str]:
    """What stays of a Polish name when it is declined: Kowalski → kowalsk, Zawisza → zawisz, Marek → mark."""
    stems = {word}
    if word[-1] in "aeiouy":
        stems.add(word[:-1])
        if word.endswith("ka"):
            stems.add(word[:-2] + "c")
        if word.endswith(("ta", "da")):
            stems.add(word[:-1] + ("i" if word.endswith("ta") else "z"))
    if len(word) > 4 and word[-2] == "e" and word[-1] in "kcl":
        stems.add(word[:-2] + word[-1])
    return stems


def _is_unspaced(character: str) -> bool:
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\U00020000" <= character <= "\U0003134f"
    )
