"""That the worker lives. It says so in a file: a row written each minute would date what lies beside it in the log."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from consult.core.clock import now

SIGN = "worker-alive"
SILENT_AFTER = timedelta(minutes=15)
"""A minute apart while the worker has time; two long exports at once may hold both its threads for minutes."""


def note_alive(folder: Path) -> None:
    """The worker does its work at this moment."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / SIGN
    file.touch(mode=0o600)
    at = now().timestamp()
    os.utime(file, (at, at))


def last_alive(folder: Path) -> datetime | None:
    """When the worker last said so, or None where none has run."""
    try:
        return datetime.fromtimestamp((folder / SIGN).stat().st_mtime, UTC)
    except OSError:
        return None


def age_in_words(age: timedelta) -> str:
    """How long ago, as coarsely as it matters."""
    minutes = max(0, int(age.total_seconds()) // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 60 // 24} d"
