"""All hints of one answer. Pure: the same words and roster give the same hints."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from consult.moderation.enums import HintKind, RedactionKind
from consult.moderation.hints.rules import wholes
from consult.moderation.hints.rules.folding import Folded, folded
from consult.moderation.hints.rules.languages import is_unexpected, probable_language
from consult.moderation.hints.rules.patterns import (
    AS_A,
    ONLY_NEXT,
    PLAIN_PATTERNS,
    REACH,
    TELEPHONE,
    is_telephone,
)
from consult.moderation.hints.rules.people import ROLES, Roster, known_hits
from consult.moderation.hints.rules.places import NATIONALITIES
from consult.moderation.hints.rules.words import words

VERSION = 1
"""Raised when these rules change, so that everything is looked at again."""

REDACTS_AS: dict[HintKind, RedactionKind] = {
    HintKind.PERSON: RedactionKind.IDENTIFIES_OTHER,
    HintKind.EMAIL: RedactionKind.IDENTIFIES_SPEAKER,
    HintKind.TELEPHONE: RedactionKind.IDENTIFIES_SPEAKER,
    HintKind.LINK: RedactionKind.IDENTIFIES_SPEAKER,
    HintKind.ORGANISATION: RedactionKind.AFFILIATION,
    HintKind.ROLE: RedactionKind.IDENTIFIES_SPEAKER,
    HintKind.PLACE: RedactionKind.PLACE_OR_TIME,
    HintKind.SELF: RedactionKind.IDENTIFIES_SPEAKER,
    HintKind.COMBINATION: RedactionKind.IDENTIFIES_SPEAKER,
}
"""Kind of hint → the kind of redaction that is offered first. What concerns a whole answer has none."""

LONGEST_ROLE = 4
"""In words."""
_TITLES = frozenset(words("titles"))
_NO_SURNAMES = frozenset(words("no_surnames"))
_SENTENCE = re.compile(r"[.!?…;\n]+(?:\s|$)|\n")


@dataclass(frozen=True, order=True)
class Found:
    """Code points [starts, ends) and what kind of thing stands there. Nothing of whose it is."""

    starts: int
    ends: int
    kind: HintKind


def find(text: str, language: str, roster: Roster, languages: Collection[str] = ()) -> list[Found]:
    """Every hint, in order; of two of one kind that overlap or touch, one that covers both."""
    plain = folded(text)
    if wholes.is_no_answer(plain):
        return [Found(0, len(text), HintKind.NO_ANSWER)]
    polish = language.startswith("pl") or probable_language(plain, (*languages, "en", "fr", "pl")) == "pl"
    found = {Found(*hit) for hit in known_hits(plain, roster, inflected=polish)}
    found |= {Found(*span, kind) for kind, pattern in PLAIN_PATTERNS for span in plain.matches(pattern)}
    found |= set(_telephones(plain)) | set(_titled(plain))
    places = list(roster.places.found(plain))
    roles = list(ROLES.found(plain))
    found |= {_at(plain, first, behind, HintKind.PLACE) for first, behind, _ in places}
    found |= set(_self_references(plain, roles)) | set(_combinations(plain, places, roles, roster))
    found |= {Found(0, len(text), kind) for kind in _of_the_whole(plain, language, languages)}
    return _without_overlaps(found)


def _of_the_whole(text: Folded, language: str, languages: Collection[str]) -> Iterator[HintKind]:
    if is_unexpected(text, language, languages):
        yield HintKind.LANGUAGE
    if wholes.is_long(text.text):
        yield HintKind.LONG
    if wholes.is_shouting(text.text):
        yield HintKind.SHOUTING


def _telephones(text: Folded) -> Iterator[Found]:
    for match in TELEPHONE.finditer(text.plain):
        if is_telephone(match.group()):
            yield Found(*text.span(match.start(), match.end()), HintKind.TELEPHONE)


def _titled(text: Folded) -> Iterator[Found]:
    """A title, then one to three capitalised words: "Colonel Zawisza". Titles in small letters count as well."""
    for index, word in enumerate(text.words):
        if word.plain not in _TITLES:
            continue
        behind = index + 1
        while behind < len(text.words) and behind <= index + 3 and _continues_name(text, behind):
            behind += 1
        if behind > index + 1 and any(text.words[i].plain not in _TITLES for i in range(index + 1, behind)):
            yield _at(text, index, behind, HintKind.PERSON)


def _continues_name(text: Folded, index: int) -> bool:
    word, before = text.words[index], text.words[index - 1]
    between = text.text[before.ends : word.starts]
    if not text.text[word.starts].isupper() or word.plain in _NO_SURNAMES or len(word.plain) < 2:
        return False
    return between == " " or (between == ". " and before.plain in _TITLES) or between == "-"


def _self_references(text: Folded, roles: list[tuple[int, int, str]]) -> Iterator[Found]:
    """ "as", "en tant que", "jako" and the like, with a nationality or a role within REACH words in one sentence."""
    telling = {first: behind for first, behind, _ in (*NATIONALITIES.found(text), *roles)}
    index_at = {word.begins: index for index, word in enumerate(text.words)}
    for match in AS_A.finditer(text.plain):
        begins = match.end()
        while begins < len(text.plain) and begins not in index_at:
            begins += 1
        first = index_at.get(begins)
        if first is None:
            continue
        reach = 1 if match.group().startswith(ONLY_NEXT) else REACH
        behind = 0
        for index in range(first, min(first + reach, len(text.words))):
            if index > first and _ends_sentence(text, index - 1, index):
                break
            behind = telling.get(index, behind)
        if behind:
            starts, _ = text.span(match.start(), match.end())
            yield Found(starts, text.words[behind - 1].ends, HintKind.SELF)


def _combinations(
    text: Folded, places: list[tuple[int, int, str]], roles: list[tuple[int, int, str]], roster: Roster
) -> Iterator[Found]:
    """A country and the role nearest to it in its sentence, unless enough people share both."""
    roles_at = {first: (first, behind, family) for first, behind, family in roles if family != "own kind"}
    for first, behind, country in places:
        around = range(first - REACH - LONGEST_ROLE, behind + REACH + 1)
        near = [
            (max(other - behind, first - end, 0), min(first, other), max(behind, end), family)
            for other, end, family in (roles_at[index] for index in around if index in roles_at)
        ]
        if not near:
            continue
        gap, from_, to, family = min(near)
        if gap <= REACH and roster.is_rare(country, family) and not _ends_sentence(text, from_, to - 1):
            yield _at(text, from_, to, HintKind.COMBINATION)


def _ends_sentence(text: Folded, first: int, last: int) -> bool:
    """Whether a sentence ends between two words."""
    return _SENTENCE.search(text.text, text.words[first].ends, text.words[last].starts) is not None


def _at(text: Folded, first: int, behind: int, kind: HintKind) -> Found:
    return Found(text.words[first].starts, text.words[behind - 1].ends, kind)


def _without_overlaps(found: set[Found]) -> list[Found]:
    kept: dict[HintKind, list[Found]] = {}
    for hit in sorted(found):
        same = kept.setdefault(hit.kind, [])
        if same and hit.starts < same[-1].ends:
            same[-1] = Found(same[-1].starts, max(same[-1].ends, hit.ends), hit.kind)
        else:
            same.append(hit)
    return sorted(hit for hits in kept.values() for hit in hits)
