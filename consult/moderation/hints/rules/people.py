"""What a roster holds that could stand in an answer: names, organisations, roles, and where people come from.

A hit says what kind of thing was hit and nothing of whom: nothing found here leads back to a participant.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consult.moderation.enums import HintKind
from consult.moderation.hints.rules.folding import Folded, Word, folded, plain_words
from consult.moderation.hints.rules.places import demonym_words, names_of, words_of
from consult.moderation.hints.rules.roles import GENERIC, ORDINARY, ROLE_GROUPS, TITLES
from consult.moderation.hints.rules.vocabulary import Vocabulary

SHORTEST_NAME = 3
SHORTEST_STEM = 4
LEAST_GENERIC = 3
"""An organisation named by generic words alone counts from so many words on, and only written as a name."""
ENDINGS = frozenset(
    "a e i o u y em ie owi iem om ami ach ow owie ego emu im ich imi ej ia ii iej ska skiej skiego cie ce owa owej ow".split()
)
"""Polish case endings, folded."""
_CONNECTING = frozenset("of for and the de des du la le les et i w na do von van der den di da s".split())


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
        for role in (person.role, person.role_label):
            words = _without_article(plain_words(role))
            if len(words) > 1 and role == person.role:
                self._phrase(words, HintKind.ROLE)
        self.combinations[person.country, ""] += 1
        for family in {family_of(person.role), family_of(person.role_label)} - {""}:
            self.combinations[person.country, family] += 1

    def _name(self, name: str) -> None:
        words = plain_words(name)
        if not words:
            return
        if not name.isascii() and any(_is_unspaced(c) for c in name):
            self.unspaced.add("".join(words))
            return
        if len(words) > 1:
            self._phrase(words, HintKind.PERSON)
            self._phrase(tuple(reversed(words)), HintKind.PERSON)
        for word in words:
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
            words = plain_words(part)
            if not words:
                continue
            telling = [word for word in words if word not in GENERIC and word not in self.topics]
            if telling or len(words) >= LEAST_GENERIC:
                self._phrase(words, HintKind.ORGANISATION)
            if part.strip().isupper() and telling:
                self.acronyms.add(words[0])
            initials = "".join(word[0] for word in words if word not in _CONNECTING)
            if len(initials) >= 4 and telling:
                self.acronyms.add(initials)

    def _phrase(self, words: tuple[str, ...], kind: HintKind) -> None:
        entry = (words, kind)
        entries = self.phrases.setdefault(words[0], [])
        if entry not in entries:
            entries.append(entry)

    def is_rare(self, country: str, family: str) -> bool:
        """Whether fewer than the smallest group share both. Nobody at all counts as few, so that no hint proves somebody."""
        return self.combinations[country, family] < self.smallest_group


def known_hits(text: Folded, roster: Roster, *, inflected: bool) -> Iterator[tuple[int, int, HintKind]]:
    """Code points and kind of every word or phrase of the roster. `inflected`: also with Polish endings."""
    for index, word in enumerate(text.words):
        for words, kind in roster.phrases.get(word.plain, ()):
            following = text.words[index : index + len(words)]
            if tuple(w.plain for w in following) == words and _stands(text, following, kind):
                yield word.starts, following[-1].ends, kind
        if _is_name(text, word, roster, inflected=inflected):
            yield word.starts, word.ends, HintKind.PERSON
        if word.plain in roster.acronyms and text.is_upper(word):
            yield word.starts, word.ends, HintKind.ORGANISATION
    for name in roster.unspaced:
        begins = text.plain.find(name)
        while begins >= 0:
            yield (*text.span(begins, begins + len(name)), HintKind.PERSON)
            begins = text.plain.find(name, begins + len(name))


def topics_in(said: Iterable[str]) -> frozenset[str]:
    """The words that the consultation itself uses in its title, its questions and its meetings' titles."""
    return frozenset(word for text in said for word in plain_words(text) if len(word) > 3)


def untopical(country: str, topics: frozenset[str]) -> frozenset[str]:
    """A country's words without those that the consultation is about, and none of a country that it names itself.

    Where everybody was asked about Russia, "Russia" tells nobody apart.
    """
    words, table = names_of(country) | words_of(country), words_of(country)
    if any(_is_topic(name, topics) for name in names_of(country)):
        return frozenset()
    topical = {word[:3] for word in table if _is_topic(word, topics)}
    return frozenset(word for word in words if word[:3] not in topical)


def _is_topic(entry: str, topics: frozenset[str]) -> bool:
    return all(any(topic.startswith(part.rstrip("*")) for topic in topics) for part in entry.split("_"))


def family_of(role: str) -> str:
    """The family of roles that a label belongs to, or none: "a NATO official" is an official."""
    text = folded(role)
    return next((meaning for _, _, meaning in ROLES.found(text)), "")


def begins_sentence(text: Folded, word: Word) -> bool:
    """Whether nothing or the end of a sentence stands before it, so that its capital says nothing."""
    before = text.text[: word.starts].rstrip(" \t\"'“”„«»‘’()[]-–—•*")
    return not before or before[-1] in ".!?…:;\n"


def _is_name(text: Folded, word: Word, roster: Roster, *, inflected: bool) -> bool:
    plain = word.plain
    if plain not in roster.names and not (
        inflected and any(plain[: -len(end)] in roster.stems for end in ENDINGS if plain.endswith(end))
    ):
        return False
    if not text.is_capital(word) or (plain not in roster.names and plain in ORDINARY):
        return False
    return plain not in ORDINARY or not (begins_sentence(text, word) or text.is_upper(word))


def _stands(text: Folded, words: tuple[Word, ...], kind: HintKind) -> bool:
    if kind is HintKind.PERSON:
        return any(not w.plain.isalpha() for w in words) or all(text.is_capital(w) for w in words)
    if kind is HintKind.ORGANISATION and all(w.plain in GENERIC for w in words):
        proper = [w for w in words if w.plain not in _CONNECTING]
        return all(text.is_capital(w) for w in proper)
    return kind is HintKind.ROLE or any(text.is_capital(w) for w in words)


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if words and words[0] in {"a", "an", "the", "un", "une", "le", "la"} else words


def _stems(word: str) -> set[str]:
    """What stays of a Polish name when it is declined: Kowalski → kowalsk, Zawisza → zawisz, Marek → mark, Duda → dud."""
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


def _roles() -> Vocabulary:
    roles = Vocabulary()
    for family, words in ROLE_GROUPS.items():
        roles.add(words.split(), family)
    return roles


def _nationalities() -> Vocabulary:
    nationalities = Vocabulary()
    nationalities.add(demonym_words(), "")
    return nationalities


ROLES = _roles()
NATIONALITIES = _nationalities()
TITLE_WORDS = frozenset(TITLES)
