"""A first draft in words, from released figures: one paragraph a meeting, in the manner of a symposium's summary.

Non-attributed and in the past tense: "many participants pointed out …", "some participants indicated …". Every
quantifier is the one that the counts carry. A person edits it; what they make of it is checked by `quantifiers.flags`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from consult.analysis.disclosure.scales import Scale
from consult.analysis.disclosure.themes import ReleasedThemes
from consult.analysis.rules import Quantifier
from consult.core.errors import N_


class Speaking(Protocol):
    """Sentences in one language, with their facts filled in; a number stands in `count` as it is printed."""

    def gettext(self, sentence: str, /, **facts: object) -> str: ...

    def ngettext(self, one: str, many: str, count: int, /, **facts: object) -> str: ...


SENTENCES: Mapping[Quantifier, tuple[str, ...]] = {
    Quantifier.NEARLY_ALL: (N_("Nearly all participants agreed on %(theme)s."),),
    Quantifier.MOST: (
        N_("Most participants pointed to %(theme)s."),
        N_("Most participants stressed %(theme)s."),
    ),
    Quantifier.MANY: (
        N_("Many participants pointed out %(theme)s."),
        N_("Many participants also highlighted %(theme)s."),
    ),
    Quantifier.SOME: (
        N_("Some participants indicated %(theme)s."),
        N_("Some participants stressed %(theme)s."),
    ),
    Quantifier.A_FEW: (
        N_("A few participants mentioned %(theme)s."),
        N_("A few participants raised %(theme)s."),
    ),
}
TOGETHER = 3
"""So many themes that are held as widely share a sentence: one each would read like a list."""


@dataclass(frozen=True)
class Paragraph:
    """What could be written of one meeting."""

    meeting: str
    text: str
    people: int = 0
    """How many it speaks of; 0 where too few answered to say."""


def draft_prose(
    released: ReleasedThemes, titles: Mapping[str, str], scale: Scale, voice: Speaking
) -> tuple[Paragraph, ...]:
    """A paragraph for each meeting: the most frequent theme first. `titles`: slug → meeting."""
    themes = {theme.code: theme.title for theme in released.codebook}
    paragraphs = []
    for table in released.tables:
        if table.meeting is None:
            continue
        name = titles[table.meeting]
        if not table.base:
            paragraphs.append(Paragraph(table.meeting, _too_few(name, voice)))
            continue
        sentences = [_opening(name, table.base, voice)]
        held: dict[Quantifier, list[str]] = {}
        for share in sorted(table.shares, key=lambda one: (-(one.count or 0), one.theme)):
            word = scale.word(share.count or 0, table.base)
            held.setdefault(word, []).append(themes[share.theme])
        held.pop(Quantifier.NONE, None)
        for word, named in held.items():
            for turn, together in enumerate(_sentences_of(named)):
                choice = SENTENCES[word][turn % len(SENTENCES[word])]
                sentences.append(voice.gettext(choice, theme=_listed(together, voice)))
        paragraphs.append(Paragraph(table.meeting, " ".join(sentences), table.base))
    return tuple(paragraphs)


def _opening(meeting: str, people: int, voice: Speaking) -> str:
    return voice.ngettext(
        "At %(meeting)s, %(count)s participant answered.",
        "At %(meeting)s, %(count)s participants answered.",
        people,
        meeting=meeting,
    )


def _too_few(meeting: str, voice: Speaking) -> str:
    return voice.gettext(
        "At %(meeting)s fewer than ten participants answered, so that no shares are given.", meeting=meeting
    )


def _sentences_of(named: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(named), TOGETHER):
        yield named[start : start + TOGETHER]


def _listed(named: Sequence[str], voice: Speaking) -> str:
    """In one phrase, in their order and in quotation marks."""
    *others, last = [voice.gettext("“%(title)s”", title=title) for title in named]
    return voice.gettext("%(themes)s and %(theme)s", themes=", ".join(others), theme=last) if others else last
