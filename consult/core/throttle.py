"""How often something was tried, counted per window in a short transaction of its own.

The count must survive the refusal of the request that caused it, so it is one of the three named exceptions to
"one place commits".
"""

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.clock import now
from consult.core.database import WITHOUT_ROWID, Base, Database, UtcDateTime, table_of
from consult.core.errors import TooMany
from consult.core.identifiers import keyed_digest


class ThrottleCount(Base):
    """Tries under one key in one window. The key is an HMAC, so that the table names nobody."""

    __tablename__ = "throttle"
    __table_args__ = WITHOUT_ROWID

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_ends: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)


def forget_tries(database: Database) -> int:
    """Forget those whose window has ended; how many. What is left would say from where, by the key, and when."""
    counts = table_of(ThrottleCount)
    with database.transaction() as session:
        return session.connection().execute(delete(counts).where(counts.c.window_ends <= now())).rowcount


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
        moment, insert = now(), sqlite.insert if self._database.is_sqlite else postgresql.insert
        ended = select(ThrottleCount.key).where(ThrottleCount.window_ends <= moment)
        first = insert(ThrottleCount).values(key=self._name(who), window_ends=moment + self._window, tries=1)
        with self._database.transaction() as session:
            # What somebody else is counting at this moment is passed by: two who wait for each other would both fail.
            session.execute(
                delete(ThrottleCount).where(ThrottleCount.key.in_(ended.with_for_update(skip_locked=True)))
            )
            session.execute(
                first.on_conflict_do_update(
                    index_elements=[ThrottleCount.key], set_={"tries": ThrottleCount.tries + 1}
                )
            )

    def _name(self, who: str) -> str:
        return keyed_digest(self._key, f"throttle:{self._act}", who).hex()
