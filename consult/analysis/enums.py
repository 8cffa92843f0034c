"""How a theme came to an answer."""

from enum import StrEnum


class CodingState(StrEnum):
    """A person's coding counts; a machine's awaits confirmation; what was taken back stays on record."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    REMOVED = "removed"
