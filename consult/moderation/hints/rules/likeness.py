"""Which texts are nearly the same.

Every member of a group is like the group's first text itself, so that no chain of small steps joins what differs.
Without the optional group `analysis` (numpy, rapidfuzz) only equal texts are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

MOST_TEXTS = 200_000
"""Distinct texts compared in one pass; with more, the rest is matched by equality alone."""


@dataclass(frozen=True)
class Alike:
    """Texts that are nearly the same, by index: the first, and (index, percent) of each other one."""

    first: int
    others: tuple[tuple[int, int], ...]


def can_find_near() -> bool:
    """Whether what finds near duplicates is installed."""
    return find_spec("numpy") is not None and find_spec("rapidfuzz") is not None


def alike(texts: Sequence[str]) -> list[Alike]:
    """Groups among distinct folded texts, those to be groups' first before the others. Nothing is in two groups."""
    if not can_find_near() or len(texts) < 2:
        return []
    from consult.moderation.hints.rules.minhash import near_pairs  # noqa: PLC0415  installed, and only the worker's need

    near: dict[int, list[tuple[int, int]]] = {}
    for first, other, ratio in near_pairs(texts[:MOST_TEXTS]):
        near.setdefault(first, []).append((other, ratio))
    groups, taken = [], set[int]()
    for first in sorted(near):
        others = (
            [] if first in taken else [(other, ratio) for other, ratio in near[first] if other not in taken]
        )
        if others:
            groups.append(Alike(first, tuple(sorted(others))))
            taken.update((first, *(other for other, _ in others)))
    return groups
