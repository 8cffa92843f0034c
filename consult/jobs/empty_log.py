"""The worker's rounds: what SQLite's log holds of the past goes, erased words and the order of answers with it."""

from consult.core.database import Database


def empty_log(database: Database) -> bool:
    """Whether it went; the next round tries again."""
    return database.empty_log()
