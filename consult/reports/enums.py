"""States of an edition."""

from enum import StrEnum


class EditionState(StrEnum):
    """Frozen, then published; a later published edition supersedes, it does not replace."""

    FROZEN = "frozen"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


MOVES: dict[EditionState, frozenset[EditionState]] = {
    EditionState.FROZEN: frozenset({EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.SUPERSEDED}),
    EditionState.SUPERSEDED: frozenset(),
}


class ErasureKind(StrEnum):
    """Why words were taken out of what was already frozen."""

    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
