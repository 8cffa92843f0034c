"""Errors of the domain. Each carries words fit to show to the person who caused it.

A message is an English msgid of the catalogues; `facts` fill its `%(name)s` places after translation.
"""


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name for "translated elsewhere")
    """Marks a sentence for the catalogues; whoever prints it translates it."""
    return sentence


class Said(str):
    """A sentence, or part of one, in English, that whoever shows it may translate.

    `message` is its msgid in the catalogues; `facts` fill its places, and may be such parts themselves.
    """

    __slots__ = ("facts", "message")
    message: str
    facts: dict[str, object]

    def __new__(cls, message: str, /, **facts: object) -> "Said":
        said = super().__new__(cls, message % facts if facts else message)
        said.message, said.facts = message, facts
        return said


class DomainError(Exception):
    """Something that may not be done, said so that the reader knows what to do instead."""

    def __init__(self, message: str, /, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return self.message % self.facts if self.facts else self.message


class NotFound(DomainError):
    """No such thing, or none that this person may know of."""


class Withdrawn(DomainError):
    """It was here, and was taken back; the sentence says by whom, when and why."""


class Unknown(DomainError):
    """Nobody knows who asks, and what is asked for is not for everybody."""


class Forbidden(DomainError):
    """Known to exist, yet not for this person."""


class Refused(DomainError):
    """A rule of the consultation does not allow it now."""


class Invalid(DomainError):
    """A value that cannot be taken. `field` names where it was given."""

    def __init__(self, message: str, /, *, field: str = "", **facts: object) -> None:
        super().__init__(message, **facts)
        self.field = field


class Conflict(DomainError):
    """Somebody else came first; both versions are to be shown."""


class StaleRead(Conflict):
    """The words have changed since they were read."""


class TooMany(DomainError):
    """Tried too often; `wait_seconds` says for how long to pause."""

    def __init__(self, message: str, /, *, wait_seconds: int, **facts: object) -> None:
        super().__init__(message, **facts)
        self.wait_seconds = wait_seconds


class Unavailable(DomainError):
    """The machine cannot do it now: a full disk, a database that is away."""
