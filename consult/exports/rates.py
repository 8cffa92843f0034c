"""How many of those invited answered, in whole per cent."""

from consult.analysis.disclosure import Rounded, rounded

RATES = (
    "meeting",
    "invited",
    "answered",
    "response rate in per cent",
    "joined at the meeting",
    "approved for use",
    "supplementary invitations",
)
"""Columns of a table of participation, as `Released.rates` fills it."""


def rate(invited: int | None, answered: int | None) -> Rounded | None:
    """None where either figure is not released, or where more answered than were invited, as imports can show."""
    if not invited or answered is None or answered > invited:
        return None
    return rounded(answered, invited, whole=True)
