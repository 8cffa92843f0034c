"""The worker's rounds: that it lives."""

from pathlib import Path

from consult.operations.fitness import running
from consult.settings import Settings


def note_alive(settings: Settings) -> None:
    """For `consult check`, the page of the installation and whoever collects figures."""
    running.note_alive(Path(settings.exports_folder))
