"""One thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How it stands."""

    WELL = "ok"
    LOOK = "look"
    """It works; somebody should know."""
    WRONG = "wrong"
    """Work will fail, or fails already."""


@dataclass(frozen=True)
class Finding:
    """What was looked at and found; sentences are msgids or `Said`. Nothing in it is from an answer or a roster."""

    what: str
    grade: Grade
    said: str
    advice: str = ""
