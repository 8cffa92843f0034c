"""The undo stands for ten seconds after a decision, by the server's clock; later one is reversed at its answer."""

import math
from datetime import datetime

from consult.core.clock import now

UNDO = 10
"""Seconds. Whoever reloads the page or comes back to it gets what is left of them, not ten more."""


def seconds_left(decided_at: datetime) -> int:
    """How many of them are left; 0 when they are over."""
    return max(0, min(UNDO, math.ceil(UNDO - (now() - decided_at).total_seconds())))
