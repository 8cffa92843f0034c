"""The fonts that travel with a PDF: MANIFEST.toml says whose they are, coverage.txt which characters they have."""

from bisect import bisect_right
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def _ranges() -> tuple[list[int], list[int]]:
    lines = (FOLDER / "coverage.txt").read_text("ascii").split()
    spans = [line.partition("-") for line in lines]
    return [int(first, 16) for first, _dash, _last in spans], [
        int(last or first, 16) for first, _dash, last in spans
    ]


def has(character: str) -> bool:
    """Whether one of the fonts draws it."""
    starts, ends = _ranges()
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]
