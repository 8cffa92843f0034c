"""The worker's rounds: tallies that pages ask for often are taken once, after what they count has changed.

Marks of change are taken away first, then the counting is done with no transaction open that writes; what has changed
meanwhile has left a mark again, and nothing is kept.
"""

from consult.analysis.counting import changed, forget, keep, taken
from consult.core.database import Database


def keep_tallies(database: Database) -> int:
    """Take the tallies of every consultation that has changed; how many consultations that were."""
    with database.reading() as session:
        due = changed(session)
    for consultation_id in due:
        with database.transaction() as session:
            forget(session, consultation_id)
        with database.reading() as session:
            tallies = taken(session, consultation_id)
        with database.transaction() as session:
            keep(session, consultation_id, tallies)
    return len(due)
