"""Logs as JSON lines on standard error: what happened and where, never an address, a secret path or anybody's words."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

SAID_AGAIN_AFTER = 60.0
"""Seconds. A worker whose database is away would say so three times a second."""


class SaidAlready(logging.Filter):
    """Passes what a library says over and over once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("huey.consumer"):
            return True
        line, at = (record.name, record.msg), time.monotonic()
        if at - self._said.get(line, -SAID_AGAIN_AFTER) < SAID_AGAIN_AFTER:
            return False
        self._said[line] = at
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line. A traceback's text is left out, since it can quote what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            entry["error"] = record.exc_info[0].__name__
        return json.dumps(entry, ensure_ascii=False)


def configure(level: int = logging.INFO) -> None:
    """Send every logger's lines to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(SaidAlready())
    logging.basicConfig(level=level, handlers=[handler], force=True)
