"""gunicorn's own lines as ours: it would write addresses, secret paths and the text of errors beside what happened."""

import sys
from typing import Any

from gunicorn.glogging import Logger

from consult.core.logs import JsonLines


class ServerLog(Logger):  # type: ignore[misc]
    """What went wrong with a request is said by its kind alone."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Of a request that cannot be read the words end before its address and its line."""
        super().warning(str(msg).partition(" from ip=")[0], *args, **kwargs)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Neither the path nor the traceback, which can quote what somebody wrote."""
        kind = sys.exc_info()[0]
        self.error_log.error("a request was not answered: %s", kind.__name__ if kind else "?")
