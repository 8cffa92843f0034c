"""The worker's rounds: pilot answers go when the time to open has come, whether or not anybody is at the desk."""

from consult.core.database import Database
from consult.operations.preparing.trying import end_pilots


def end_pilots_at_opening(database: Database) -> int:
    """Delete what was tried out; of how many consultations."""
    with database.transaction() as session:
        return end_pilots(session)
