"""How often something was tried, counted per window in a short transaction of its own.

The count must survive the refusal of the request that caused it, so it is one of the three named exceptions to
"one place commits".
"""

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.clock import now
from consult.core.database import Base, Database, UtcDateTime
from consult.core.errors import TooMany
from consult.core.identifiers import keyed_digest


class ThrottleCount(Base):
    """Tries under one key in one window. The key is an HMAC, so that the table names nobody."""

    __tablename__ = "throttle"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_ends: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)


class Throttle:
    """Counts tries of one kind of act: at most `most` in `window`."""

    def __init__(
        self, database: Database, secret_key: str, *, act: str, most: int, window: timedelta
    ) -> None:
        self._database = database
        self._key = secret_key.encode("utf-8")
        self._act, self._most, self._window = act, most, window

    def check(self, who: str) -> None:
        """Raises TooMany while `who` has used up the window."""
        with self._database.reading() as session:
            count = session.get(ThrottleCount, self._name(who))
            if count and count.tries >= self._most and count.window_ends > now():
                wait = int((count.window_ends - now()).total_seconds()) + 1
                raise TooMany(
                    "That was tried too often. Wait %(minutes)s minutes, then try again.",
                    wait_seconds=wait,
                    minutes=wait // 60 + 1,
                )

    def count(self, who: str) -> None:
        """One more try by `who`, stored at once."""
        with self._database.transaction() as session:
            session.execute(delete(ThrottleCount).where(ThrottleCount.window_ends <= now()))
            name = self._name(who)
            row = session.get(ThrottleCount, name, with_for_update=True)
            if row is None:
                row = ThrottleCount(key=name, window_ends=now() + self._window, tries=0)
                session.add(row)
            row.tries += 1

    def _name(self, who: str) -> str:
        return keyed_digest(self._key, f"throttle:{self._act}", who).hex()
