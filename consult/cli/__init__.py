"""The `consult` command."""

from consult.cli.commands import main

__all__ = ["main"]
