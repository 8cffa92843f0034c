"""Calling a command as somebody at a terminal would."""

from dataclasses import fields
from pathlib import Path

from click.testing import CliRunner, Result

from consult.cli.commands import cli
from consult.settings import Settings


def environment(settings: Settings) -> dict[str, str]:
    return {f"CONSULT_{field.name.upper()}": str(getattr(settings, field.name)) for field in fields(settings)}


def run(settings: Settings, *arguments: str | Path, given: str | None = None) -> Result:
    """One command; an error that is no refusal fails the test."""
    result = CliRunner().invoke(
        cli, [str(argument) for argument in arguments], env=environment(settings), input=given
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(result: Result) -> str:
    """What a refusal said: on standard error, with exit code 1, and nothing that looks like a traceback."""
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert result.stderr.startswith("Error: ") or "\nError: " in result.stderr
    return result.stderr
