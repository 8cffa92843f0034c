"""States and choices of a consultation."""

from enum import IntEnum, StrEnum


class Mode(StrEnum):
    """Whether a link between a person and a response is stored, and who can read it."""

    ATTRIBUTED = "attributed"
    CONFIDENTIAL = "confidential"
    UNLINKED = "unlinked"


class Attribution(IntEnum):
    """The ladder: how an answer may be used, from least to most revealing. Stored as its number."""

    NOT_FOR_USE = 0
    AGGREGATE_ONLY = 1
    QUOTE_UNATTRIBUTED = 2
    QUOTE_WITH_ROLE = 3
    QUOTE_WITH_COUNTRY_GROUP = 4
    QUOTE_WITH_AFFILIATION = 5
    NAMED = 6

    @property
    def code(self) -> str:
        """As definitions, exports and pages write it: `quote_unattributed`."""
        return self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> "Attribution":
        """The step with that code. Raises KeyError for another word."""
        return cls[code.upper()]


class Switch(StrEnum):
    """Whether one kind of fact may be revealed."""

    OPEN = "open"
    CLOSED = "closed"


class Timing(StrEnum):
    """The finest time that may be stored with a response."""

    NONE = "none"
    DAY = "day"
    MINUTE = "minute"
