"""What suggests themes, whichever way it does: the interface that leaves room for others, and what it works on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

ENOUGH = 100
"""From so many coded answers on, suggestions are learned from them; until then they come from the codebook's words."""
HAS_LEARNING = all(find_spec(name) for name in ("numpy", "scipy", "sklearn"))
"""Whether what learns is installed: the extra `analysis`."""
LEAST_SCORE = 0.2
"""Below this a suggestion is not shown."""
MOST_SHOWN = 3
"""Suggestions shown with one answer."""

Scores = Mapping[str, float]
"""Theme → how sure, from 0 to 1: of answers with a score of 0.9 about nine in ten are confirmed."""


@dataclass(frozen=True)
class ThemeText:
    """What the codebook says of a theme: words that stand for it."""

    theme: str
    text: str


@dataclass(frozen=True)
class Coded:
    """An answer that a person has coded."""

    text: str
    language: str
    themes: frozenset[str]


@dataclass(frozen=True)
class Uncoded:
    """An answer without a theme."""

    text: str
    language: str


class Suggester(Protocol):
    """Something that suggests themes. It asks nobody outside this machine."""

    name: str
    """As kept with every coding that it led to, e.g. "regression over 340 answers"."""

    def suggest(self, answers: Sequence[Uncoded]) -> list[Scores]:
        """One mapping an answer, in order; themes that it knows nothing of are left out."""


def shown(scores: Scores) -> dict[str, float]:
    """Those worth showing, the surest first."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:MOST_SHOWN]
    return {theme: score for theme, score in ranked if score >= LEAST_SCORE}
