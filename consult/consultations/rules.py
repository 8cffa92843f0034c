"""When a consultation takes answers, and which words a reader is shown."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from consult.consultations.enums import Mode, Switch, Timing
from consult.consultations.models import Consultation, GroundRules, Translations
from consult.core.text import fold

FOR_EVER = 9999
"""In months: what is kept until somebody purges it."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A short name as it stands in addresses."""


class Phase(StrEnum):
    """Where a consultation stands at one instant."""

    PREPARING = "preparing"
    OPEN = "open"
    GRACE = "grace"
    """Closed, yet a form opened before closing is still taken and marked late."""
    CLOSED = "closed"


def phase(consultation: Consultation, rules: GroundRules, at: datetime) -> Phase:
    """The phase at `at`. Opening and closing are instants; closing deletes nothing."""
    if consultation.opens_at is None or at < consultation.opens_at:
        return Phase.PREPARING
    if consultation.closes_at is None or at < consultation.closes_at:
        return Phase.OPEN
    if at < consultation.closes_at + timedelta(minutes=rules.grace_minutes):
        return Phase.GRACE
    return Phase.CLOSED


def in_language(texts: Translations, language: str, fallback: str) -> str:
    """The text in `language`, else in the consultation's own, else in any."""
    return texts.get(language) or texts.get(fallback) or next(iter(texts.values()), "")


class Stage(IntEnum):
    """How far people rely on the ground rules."""

    FREE = 0
    """Nobody was told of them yet."""
    TOLD = 1
    """Somebody was invited, or answering is open: they only become more protective."""
    ANSWERED = 2
    """Answers were given: the mode and the country groups are fixed, too."""


def loosened(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of those ground rules that would protect less than before, as the database judges it."""
    ranks: dict[str, Callable[[Any], int]] = {
        "mode": lambda mode: list(reversed(Mode)).index(mode),
        "ceiling": int,
        "smallest_group": lambda people: -people,
        **dict.fromkeys(("speaker", "affiliation", "attendance"), lambda switch: switch is Switch.OPEN),
        "timing": lambda timing: list(Timing).index(timing),
        **dict.fromkeys(("people_kept_months", "answers_kept_months"), lambda months: months or FOR_EVER),
    }
    looser = [name for name, rank in ranks.items() if rank(after[name]) > rank(before[name])]
    return looser + (["breakdown"] if set(after["breakdown"]) - set(before["breakdown"]) else [])


def slug_from(title: str, *, longest: int = 60) -> str:
    """A short name out of a title, cut between words: "NATO & Russia, 2015" → "nato-russia-2015"."""
    whole = "-".join(re.findall(r"[a-z0-9]+", fold(title)))
    cut = whole[:longest]
    if len(whole) > longest and whole[longest] != "-" and "-" in cut:
        cut = cut.rpartition("-")[0]
    return cut.rstrip("-")
