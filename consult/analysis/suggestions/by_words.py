"""Before there is much to learn from: words of the codebook found in an answer, and answers that are alike."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from consult.analysis.suggestions.suggester import Scores, ThemeText, Uncoded
from consult.core.text import fold

SHORTEST = 4
"""Letters that two words must share from the beginning to be taken for one; of shorter words, all of them."""
MOST_SURE = 0.85
"""What the codebook's words alone can come to: never enough to be accepted in bulk."""
FEWEST_ALIKE = 3
ALIKE = 0.3


def stems(text: str) -> list[str]:
    """Folded words cut to their beginning, so that plurals and cases meet; pairs of Chinese signs stay as they are."""
    return [
        word[:6] if len(word) > 6 else word
        for word in fold(text).split()
        if len(word) >= SHORTEST or not word.isascii()
    ]


class ByWords:
    """Scores an answer by the share of a theme's telling words that it has, rare ones weighing more."""

    name = "codebook’s words"

    def __init__(self, themes: Sequence[ThemeText]) -> None:
        bags = {each.theme: set(stems(each.text)) for each in themes}
        spread = Counter(stem for bag in bags.values() for stem in bag)
        self._weights: dict[str, dict[str, float]] = defaultdict(dict)
        for theme, bag in bags.items():
            for stem in bag:
                self._weights[stem][theme] = math.log(1 + len(bags) / spread[stem])

    def suggest(self, answers: Sequence[Uncoded]) -> list[Scores]:
        return [self._scores(answer.text) for answer in answers]

    def _scores(self, text: str) -> Scores:
        found: dict[str, float] = defaultdict(float)
        for stem in set(stems(text)):
            for theme, weight in self._weights.get(stem, {}).items():
                found[theme] += weight
        return {theme: MOST_SURE * (1 - math.exp(-weight / 2)) for theme, weight in found.items()}


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Places of texts that are alike, the largest cluster first and the most typical text first in each.

    Greedy by cosine of rare stems: the same for the same texts, no cluster under three.
    """
    bags = [Counter(stems(text)) for text in texts]
    spread = Counter(stem for bag in bags for stem in bag)
    vectors = [_vector(bag, spread, len(texts)) for bag in bags]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        for stem in vector:
            holders[stem].append(place)
    near = [_near(place, vectors, holders) for place in range(len(texts))]
    left = set(range(len(texts)))
    found: list[list[int]] = []
    for place in sorted(range(len(texts)), key=lambda each: (-len(near[each]), each)):
        members = [
            other
            for other, _ in sorted(near[place].items(), key=lambda item: (-item[1], item[0]))
            if other in left
        ]
        if place in left and len(members) + 1 >= FEWEST_ALIKE:
            found.append([place, *members])
            left -= {place, *members}
    return sorted(found, key=lambda members: (-len(members), members[0]))


def _vector(bag: Counter[str], spread: Counter[str], total: int) -> dict[str, float]:
    """Unit length; stems that stand alone or nearly everywhere say nothing of likeness."""
    weighed = {
        stem: (1 + math.log(count)) * math.log(total / spread[stem])
        for stem, count in bag.items()
        if 1 < spread[stem] <= max(3, total / 3)
    }
    length = math.sqrt(sum(weight**2 for weight in weighed.values()))
    return {stem: weight / length for stem, weight in weighed.items()} if length else {}


def _near(place: int, vectors: Sequence[dict[str, float]], holders: dict[str, list[int]]) -> dict[int, float]:
    likeness: dict[int, float] = defaultdict(float)
    for stem, weight in vectors[place].items():
        for other in holders[stem]:
            if other != place:
                likeness[other] += weight * vectors[other][stem]
    return {other: score for other, score in likeness.items() if score >= ALIKE}
