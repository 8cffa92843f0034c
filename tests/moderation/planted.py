"""The planted sentences, and how many of them the hints find."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consult.moderation.enums import HintKind
from consult.moderation.hints.rules.finding import REDACTS_AS, Found, find
from consult.moderation.hints.rules.people import Person, Roster, topics_in

HARD = "hard"
_MARKED = re.compile(r"\[\[(\w+)\|(.*?)\]\]")


@dataclass(frozen=True)
class Sentence:
    """A sentence without its marks, and the marks as (starts, ends, kind)."""

    text: str
    language: str
    marks: tuple[tuple[int, int, str], ...]


@dataclass
class Measured:
    """Marks and hints, by kind, and which of them met."""

    marked: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    of_its_kind: Counter[str] = field(default_factory=Counter)
    hinted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def written() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("planted.toml").read_text(encoding="utf-8"))


def planted_roster(planted: dict[str, Any]) -> Roster:
    return Roster([Person(**person) for person in planted["people"]], topics=topics_in(planted["about"]))


def sentences(parts: list[dict[str, Any]]) -> Iterator[Sentence]:
    for part in parts:
        for marked in part["texts"]:
            text, marks, reached = "", [], 0
            for match in _MARKED.finditer(marked):
                text += marked[reached : match.start()]
                marks.append((len(text), len(text) + len(match[2]), match[1]))
                text += match[2]
                reached = match.end()
            yield Sentence(text + marked[reached:], part["language"], tuple(marks))


def found_in(sentence: Sentence, roster: Roster, languages: list[str]) -> list[Found]:
    """Hints with a span of their own."""
    hits = find(sentence.text, sentence.language, roster, languages)
    return [hit for hit in hits if hit.kind in REDACTS_AS]


def measured(planted: dict[str, Any], *sections: str) -> Measured:
    """A mark is met by a hint that overlaps it, whatever its kind; a hint is right where it overlaps a mark."""
    roster, result = planted_roster(planted), Measured()
    for sentence in sentences([part for section in sections for part in planted[section]]):
        hits = found_in(sentence, roster, planted["languages"])
        for starts, ends, kind in sentence.marks:
            there = {hit.kind for hit in hits if hit.starts < ends and starts < hit.ends}
            result.marked[kind] += 1
            result.met[kind] += bool(there)
            result.of_its_kind[kind] += kind in there
            if not there:
                result.missed.append(f"{kind}: {sentence.text[starts:ends]!r} in {sentence.text!r}")
        for hit in hits:
            met = any(hit.starts < ends and starts < hit.ends for starts, ends, _ in sentence.marks)
            result.hinted[hit.kind] += 1
            result.right[hit.kind] += met
            if not met:
                result.wrong.append(
                    f"{hit.kind}: {sentence.text[hit.starts : hit.ends]!r} in {sentence.text!r}"
                )
    return result


def whole_kinds(sentence: Sentence, roster: Roster, languages: list[str]) -> set[HintKind]:
    """Hints about the whole answer."""
    hits = find(sentence.text, sentence.language, roster, languages)
    return {hit.kind for hit in hits if hit.kind not in REDACTS_AS}
