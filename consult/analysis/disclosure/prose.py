"""A first draft in words, from released figures: one paragraph a meeting, in the manner of a symposium's summary.

Non-attributed and in the past tense: "many participants pointed out …", "some participants indicated …". Every
quantifier is the one that the counts carry. A person edits it; what they make of it is checked by `quantifiers.flags`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consult.analysis.disclosure.scales import Scale
from consult.analysis.disclosure.themes import ReleasedThemes
from consult.analysis.rules import Quantifier

Told = Callable[[str], str]
SENTENCES: Mapping[Quantifier, tuple[str, ...]] = {
    Quantifier.NEARLY_ALL: ("Nearly all participants agreed on %(theme)s.",),
    Quantifier.MOST: (
        "Most participants pointed to %(theme)s.",
        "Most participants stressed %(theme)s.",
    ),
    Quantifier.MANY: (
        "Many participants pointed out %(theme)s.",
        "Many participants also highlighted %(theme)s.",
    ),
    Quantifier.SOME: (
        "Some participants indicated %(theme)s.",
        "Some participants stressed %(theme)s.",
    ),
    Quantifier.A_FEW: (
        "A few participants mentioned %(theme)s.",
        "A few participants raised %(theme)s.",
    ),
}
TOGETHER = 3
"""So many themes that are held as widely share a sentence: one each would read like a list."""
LAST = "%(themes)s and %(theme)s"
OPENING = "At %(meeting)s, %(people)s participants answered."
TOO_FEW = "At %(meeting)s fewer than ten participants answered, so that no shares are given."


@dataclass(frozen=True)
class Paragraph:
    """What could be written of one meeting."""

    meeting: str
    text: str
    people: int = 0
    """How many it speaks of; 0 where too few answered to say."""


def draft_prose(
    released: ReleasedThemes, titles: Mapping[str, str], scale: Scale, told: Told
) -> tuple[Paragraph, ...]:
    """A paragraph for each meeting: the most frequent theme first. `titles`: slug → meeting; `told` translates."""
    themes = {theme.code: theme.title for theme in released.codebook}
    paragraphs = []
    for table in released.tables:
        if table.meeting is None:
            continue
        name = titles[table.meeting]
        if not table.base:
            paragraphs.append(Paragraph(table.meeting, told(TOO_FEW) % {"meeting": name}))
            continue
        sentences = [told(OPENING) % {"meeting": name, "people": table.base}]
        held: dict[Quantifier, list[str]] = {}
        for share in sorted(table.shares, key=lambda one: (-(one.count or 0), one.theme)):
            word = scale.word(share.count or 0, table.base)
            held.setdefault(word, []).append(f"“{themes[share.theme]}”")
        held.pop(Quantifier.NONE, None)
        for word, named in held.items():
            for turn, together in enumerate(_sentences_of(named)):
                choice = SENTENCES[word][turn % len(SENTENCES[word])]
                sentences.append(told(choice) % {"theme": _listed(together, told)})
        paragraphs.append(Paragraph(table.meeting, " ".join(sentences), table.base))
    return tuple(paragraphs)


def _sentences_of(named: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(named), TOGETHER):
        yield named[start : start + TOGETHER]


def _listed(named: Sequence[str], told: Told) -> str:
    """In one phrase, in their order."""
    if len(named) == 1:
        return named[0]
    return told(LAST) % {"themes": ", ".join(named[:-1]), "theme": named[-1]}
