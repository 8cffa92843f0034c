"""The morning's digests to moderators. Missed or repeated, the next morning makes up for it."""

from consult.core.database import Database
from consult.operations.mailing.digests import queue_digests

HOUR = "6"
"""UTC: the start of a working day in Europe."""


def remind_moderators(database: Database) -> int:
    """Queue the digests that are due; how many. The sweeper hands them over."""
    with database.transaction() as session:
        return queue_digests(session)
