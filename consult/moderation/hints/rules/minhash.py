"""Near pairs among many texts, by MinHash and then by comparing: vectorised, since there may be tens of thousands.

It needs numpy and rapidfuzz, so only `likeness` imports it, and only where they are installed.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio

SHINGLE = 5
"""In characters of the folded text."""
LEAST_JACCARD = 0.5
LEAST_RATIO = 70
"""Percent: rapidfuzz ratio, never token_set, which calls a text equal to any that contains it."""
BANDS, ROWS = 40, 4
"""160 permutations: of pairs at 0.5 this offers 92 %, at 0.6 99.6 %, at 0.2 6 %."""
_BLOCK = 1 << 17
"""Shingles at a time: small enough for the processor's cache."""
_PAIRS = 1 << 17
_SEED = 20160708

Numbers = NDArray[np.uint64]


def near_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """(earlier index, later index, percent) of the pairs that are near."""
    long_enough = [index for index, text in enumerate(texts) if len(text) >= 2 * SHINGLE]
    if len(long_enough) < 2:
        return
    for earlier, later in _candidates([texts[index] for index in long_enough]):
        first, other = long_enough[earlier], long_enough[later]
        percent = ratio(texts[first], texts[other], score_cutoff=LEAST_RATIO)
        if percent:
            yield first, other, int(percent)


def _candidates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs whose signatures agree in half of the permutations or more, earlier index first."""
    signatures = signatures_of(texts)
    pairs = _colliding(signatures)
    for start in range(0, len(pairs), _PAIRS):
        some = pairs[start : start + _PAIRS]
        earlier, later = np.divmod(some, np.uint64(len(texts)))
        agreeing = np.zeros(len(some), dtype=np.uint16)
        for row in signatures:
            agreeing += row[earlier] == row[later]
        near = agreeing >= LEAST_JACCARD * len(signatures)
        yield from zip(earlier[near].tolist(), later[near].tolist(), strict=True)


def signatures_of(texts: Sequence[str]) -> NDArray[np.uint32]:
    """One column a text, one row a permutation: the least value that any shingle of the text takes."""
    numbers = np.random.default_rng(_SEED)
    factors = numbers.integers(1, 1 << 63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    signatures: NDArray[np.uint32] = np.empty((BANDS * ROWS, len(texts)), dtype=np.uint32)
    begin = 0
    while begin < len(texts):
        end, size = begin, 0
        while end < len(texts) and (end == begin or size + len(texts[end]) <= _BLOCK):
            size += len(texts[end])
            end += 1
        shingles, offsets = _shingles(texts[begin:end])
        for row, factor in enumerate(factors):
            mixed = (shingles * factor) >> np.uint64(32)
            signatures[row, begin:end] = np.minimum.reduceat(mixed, offsets).astype(np.uint32)
        begin = end
    return signatures


def _shingles(texts: Sequence[str]) -> tuple[Numbers, NDArray[np.intp]]:
    """A 64-bit number for each run of SHINGLE characters of all texts, and where each text's begin."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    runs = np.zeros(len(letters) - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):
        runs = runs * np.uint64(0x100000001B3) + letters[place : place + len(runs)]
    runs ^= runs >> np.uint64(29)
    runs *= np.uint64(0xBF58476D1CE4E5B9)
    runs ^= runs >> np.uint64(32)
    lengths = np.array([len(text) for text in texts])
    ends = np.cumsum(lengths)
    inside = np.ones(len(letters), dtype=bool)
    for place in range(1, SHINGLE):
        inside[ends - place] = False  # a run must not reach into the next text
    offsets = np.concatenate(([0], np.cumsum(lengths - SHINGLE + 1)[:-1]))
    return runs[inside[: len(runs)]], offsets


def _colliding(signatures: NDArray[np.uint32]) -> Numbers:
    """Pairs that share a band, as earlier × count + later.

    In a crowded band each text is paired with its first and the one before it, not with all: a campaign stays quick.
    """
    count = signatures.shape[1]
    found: list[Numbers] = []
    for band in range(BANDS):
        keys = np.zeros(count, dtype=np.uint64)
        for row in signatures[band * ROWS : (band + 1) * ROWS]:
            keys = (keys ^ row) * np.uint64(0x9E3779B97F4A7C15)
            keys ^= keys >> np.uint64(31)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        same = np.concatenate(([False], ordered[1:] == ordered[:-1]))
        begins = np.maximum.accumulate(np.where(same, 0, np.arange(count)))
        places = np.flatnonzero(same)
        later = order[places].astype(np.uint64)
        found += [
            order[partner].astype(np.uint64) * np.uint64(count) + later
            for partner in (begins[places], places - 1)
        ]
        if band % 8 == 7:
            found = [np.unique(np.concatenate(found))]
    pairs: Numbers = np.unique(np.concatenate(found))
    return pairs
