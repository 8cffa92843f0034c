"""Long exports, and the round that removes those whose day is over."""

from pathlib import Path

from consult.core.database import Database
from consult.exports.prepared.actions import clear_away
from consult.exports.prepared.writing import write
from consult.settings import Settings


class PrepareExport:
    """The errand: `payload` names a prepared_export."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(settings.exports_folder)

    def __call__(self, database: Database, payload: dict[str, str]) -> None:
        write(database, self._folder, payload["export"])


def remove_exports(settings: Settings, database: Database) -> int:
    """Remove the files that nobody may read any more; how many."""
    return clear_away(database, Path(settings.exports_folder))
