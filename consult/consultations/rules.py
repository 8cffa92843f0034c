"""When a consultation takes answers, and which words a reader is shown."""

from datetime import datetime, timedelta
from enum import StrEnum

from consult.consultations.models import Consultation, GroundRules, Translations


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
