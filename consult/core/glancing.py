"""One short statement asked before every page: past the object layer, on a connection that its thread keeps.

Reading only, each statement a transaction of its own. A connection that broke is made anew once.
"""

import threading
from typing import Any

from sqlalchemy import Engine, Select


class Glances:
    """Statements of one engine, which refuses every write."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._mine = engine, threading.local()
        self._known: dict[Select[Any], tuple[str, tuple[str, ...] | None]] = {}
        self._open: list[Any] = []

    def first(self, statement: Select[Any], **values: object) -> tuple[Any, ...] | None:
        """The first row, or None. `statement` is put together once and kept by whoever asks; its own literals only."""
        text, order = self._known.get(statement) or self._compiled(statement)
        given: Any = values if order is None else tuple(values[name] for name in order)
        kept = getattr(self._mine, "cursor", None)
        if kept is not None:
            try:
                return self._asked(kept, text, given)
            except self._engine.dialect.loaded_dbapi.Error:
                self._mine.cursor = None
        return self._asked(self._cursor(), text, given)

    def close(self) -> None:
        """Close what the threads keep."""
        for connection in self._open:
            connection.close()
        self._open, self._mine = [], threading.local()

    @staticmethod
    def _asked(cursor: Any, text: str, given: Any) -> tuple[Any, ...] | None:
        cursor.execute(text, given)
        row = cursor.fetchone()
        cursor.fetchall()  # a statement that is not read to its end would hold its snapshot
        return None if row is None else tuple(row)

    def _cursor(self) -> Any:
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._engine.dialect.name != "sqlite":
            connection.autocommit = True
        self._open.append(connection)
        self._mine.cursor = connection.cursor()
        return self._mine.cursor

    def _compiled(self, statement: Select[Any]) -> tuple[str, tuple[str, ...] | None]:
        made = statement.compile(dialect=self._engine.dialect)
        positions = getattr(made, "positiontup", None)
        found = (str(made), tuple(positions) if positions is not None else None)
        self._known[statement] = found
        return found
