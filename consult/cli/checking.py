"""`check`: whether this installation is fit, in one go, and what to do where it is not."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.cli.installation import Installation, pass_installation
from consult.core.errors import Refused, Said
from consult.core.standing import SAID, standing, why_refused
from consult.operations.fitness.finding import Finding, Grade
from consult.operations.fitness.machine import machine, sqlite_file
from consult.operations.fitness.network import network
from consult.operations.fitness.stored import stored

_SECRET = frozenset({"secret_key", "link_key"})
_SIGN_IN = re.compile(r"(?<=://).*(?=@)")
_MARKS = {Grade.WELL: "ok", Grade.LOOK: "look", Grade.WRONG: "WRONG"}
_BESIDE = 22
"""Columns taken by the mark and by what was looked at."""


@click.command()
@pass_installation
def check(installation: Installation) -> None:
    """Show the settings in force, without secrets, and say whether this installation is fit.

    Looks at the settings, the database, files and who may read them, room on the disk, the worker, waiting work and
    mail, the last backup, the clock, the mail server (signs in, sends nothing), the web pages and the proxy.
    Nothing is made or changed. Ends with 1 where anything is WRONG; “look” does no harm yet.
    """
    settings = installation.settings
    for field in fields(settings):
        value = getattr(settings, field.name)
        shown = "(set)" if field.name in _SECRET else value
        click.echo(f"{field.name:<16} {_SIGN_IN.sub('***', str(shown))}")
    click.echo()
    wrong = 0
    for finding in _findings(installation):
        _tell(finding)
        wrong += finding.grade is Grade.WRONG
    if wrong:
        raise Refused("Not fit: mend what is WRONG above, then run this again.")


def _findings(installation: Installation) -> Iterator[Finding]:
    settings = installation.settings
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        yield Finding(
            "database",
            Grade.WRONG,
            Said("There is no file %(path)s.", path=file),
            "Run `consult init`, or name the right one: database_url.",
        )
    else:
        yield from _of_database(installation)
    yield from machine(settings, installation.settings_file)
    yield from network(settings)


def _of_database(installation: Installation) -> Iterator[Finding]:
    try:
        with installation.database.reading() as session:
            said = SAID.get(standing(session))
            if said is not None:
                yield Finding("database", Grade.WRONG, said)
                return
            yield Finding("database", Grade.WELL, "The database answers and is up to date.")
            yield from _writable(session)
            yield from stored(session, Path(installation.settings.exports_folder), installation.seal)
    except DBAPIError as error:
        yield Finding("database", Grade.WRONG, f"It cannot be used: {why_refused(error)}.")


def _writable(session: Session) -> Iterator[Finding]:
    """A standby of PostgreSQL answers everything and takes nothing."""
    if session.get_bind().dialect.name != "postgresql":
        return
    connection = session.connection()
    if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar():
        yield Finding(
            "database",
            Grade.WRONG,
            "The server is a standby and takes no writes.",
            "Name the primary: database_url.",
        )


def _tell(finding: Finding) -> None:
    words = f"{finding.said} {finding.advice}".strip()
    line = f"{_MARKS[finding.grade]:<6}{finding.what:<{_BESIDE - 6}}"
    if not sys.stdout.isatty():
        click.echo(f"{line}{words}")
        return
    width = max(40, shutil.get_terminal_size().columns - 1)
    click.echo(
        textwrap.fill(
            words,
            width,
            initial_indent=line,
            subsequent_indent=" " * _BESIDE,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
