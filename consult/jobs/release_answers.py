"""The worker's rounds in unlinked mode: what waited for company reaches the desk once no company can come."""

from consult.core.database import Database
from consult.operations.closing import release_due


def release_after_closing(database: Database) -> int:
    """Release the answers that were held at a consultation that has closed; at how many meetings."""
    with database.transaction() as session:
        return release_due(session)
