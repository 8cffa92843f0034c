"""Orders in which texts lie, and how far two orders agree."""

from collections.abc import Sequence
from itertools import zip_longest


def kendall(order: Sequence[str], true: Sequence[str]) -> float:
    """Kendall's tau over what both hold: 1 for the same order, -1 for the reverse, about 0 for none. 0 under three."""
    place = {item: number for number, item in enumerate(true)}
    ranks = [place[item] for item in order if item in place]
    total = len(ranks) * (len(ranks) - 1) // 2
    return 0.0 if len(ranks) < 3 else 1 - 2 * _inversions(ranks) / total


def by_offset(data: bytes, texts: Sequence[str]) -> list[str]:
    """The texts in the order in which they first stand in a file; those that do not stand there left out."""
    found = [(data.find(text.encode("utf-8")), text) for text in texts]
    return [text for offset, text in sorted(found) if offset >= 0]


def is_telling(values: Sequence[object]) -> bool:
    """Whether sorting by these values orders most of what they belong to."""
    return len(values) > 2 and len(set(map(str, values))) > len(values) // 2


def _inversions(ranks: Sequence[int]) -> int:
    """How many pairs stand the wrong way round, by merging runs."""
    runs, wrong, none = [[rank] for rank in ranks], 0, list[int]()
    while len(runs) > 1:
        merged = []
        for left, right in zip_longest(runs[::2], runs[1::2], fillvalue=none):
            together, i, j = [], 0, 0
            while i < len(left) and j < len(right):
                if left[i] <= right[j]:
                    together.append(left[i])
                    i += 1
                else:
                    together.append(right[j])
                    j += 1
                    wrong += len(left) - i
            merged.append([*together, *left[i:], *right[j:]])
        runs = merged
    return wrong
