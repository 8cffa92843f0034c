"""How a theme came to an answer, and what was done to the codebook."""

from enum import StrEnum


class CodingState(StrEnum):
    """A person's coding counts; a machine's awaits confirmation; what was taken back stays on record."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    REMOVED = "removed"


class CodebookAct(StrEnum):
    """What made a new version of a codebook."""

    LOADED = "loaded"
    ADDED = "added"
    CHANGED = "changed"
    MERGED = "merged"
    SPLIT = "split"
    RETIRED = "retired"
    RESTORED = "restored"
    IMPORTED = "imported"


class SuggesterKind(StrEnum):
    """By which means themes are suggested: from the codebook's own words, or from what people have coded."""

    BY_WORDS = "by_words"
    LEARNED = "learned"
