"""Places in the words as published, and the same places in the revision: redacted words are in neither's counting."""

from collections.abc import Sequence

Piece = tuple[int, int]
"""Code points [starts, ends)."""


def kept_pieces(length: int, redactions: Sequence[Piece]) -> list[Piece]:
    """What of a revision of so many code points is left to read, in order."""
    kept: list[Piece] = []
    reached = 0
    for starts, ends in sorted(redactions):
        if starts > reached:
            kept.append((reached, starts))
        reached = max(reached, ends)
    if reached < length:
        kept.append((reached, length))
    return kept


def to_revision(kept: Sequence[Piece], starts: int, ends: int) -> Piece | None:
    """Code points of the words that can be read → of the revision; None where they lie outside or hold nothing."""
    if not 0 <= starts < ends <= sum(last - first for first, last in kept):
        return None
    return _inside(kept, starts, last=False), _inside(kept, ends, last=True)


def to_visible(kept: Sequence[Piece], starts: int, ends: int) -> Piece | None:
    """The other way round; None where nothing of it can be read any more."""
    passed, first, after = 0, None, 0
    for piece_starts, piece_ends in kept:
        low, high = max(starts, piece_starts), min(ends, piece_ends)
        if low < high:
            first = passed + low - piece_starts if first is None else first
            after = passed + high - piece_starts
        passed += piece_ends - piece_starts
    return None if first is None else (first, after)


def _inside(kept: Sequence[Piece], place: int, *, last: bool) -> int:
    for starts, ends in kept:
        size = ends - starts
        if place < size or (last and place == size):
            return starts + place
        place -= size
    raise ValueError("outside of what can be read")
