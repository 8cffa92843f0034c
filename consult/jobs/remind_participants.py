"""The worker's round for reminders planned before closing. Missed or repeated, each goes out once or not at all."""

from consult.core.database import Database
from consult.operations.people.reminders import send_due


def remind_participants(database: Database) -> int:
    """Queue the reminders that are due; at how many meetings. The sweeper hands them over."""
    with database.transaction() as session:
        return send_due(session)
