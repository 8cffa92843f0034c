"""The worker's rounds for what was written and never sent."""

from consult.core.database import Database
from consult.responses.actions import drop_old_drafts


def forget_drafts(database: Database) -> int:
    """Forget the drafts that have outlived their day; how many."""
    with database.transaction() as session:
        return drop_old_drafts(session)
