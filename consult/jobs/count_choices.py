"""The worker's rounds: answers of choices alone are counted, some together."""

from consult.core.database import Database
from consult.moderation.actions.counting import BATCH, count_choices

BATCHES_A_ROUND = 40


def count_what_is_due(database: Database) -> int:
    """Count the choices that are due, in short transactions; how many answers that were."""
    counted = 0
    for _ in range(BATCHES_A_ROUND):
        with database.transaction() as session:
            found = count_choices(session)
        counted += found
        if found < BATCH:
            break
    return counted
