"""`check`, whether the work can be done with these settings, and `verify`, whether what is stored is whole."""

import re
from dataclasses import fields

import click

from consult.cli.installation import Installation, pass_installation
from consult.core.database import is_current
from consult.core.errors import Refused
from consult.operations.verification import faults

_SECRET = frozenset({"secret_key", "link_key"})
_SIGN_IN = re.compile(r"(?<=://).*(?=@)")


@click.command()
@pass_installation
def check(installation: Installation) -> None:
    """Show the settings in force, without secrets, and check that the database answers and is up to date."""
    settings = installation.settings
    for field in fields(settings):
        value = getattr(settings, field.name)
        shown = "(set)" if field.name in _SECRET else value
        click.echo(f"{field.name:<16} {_SIGN_IN.sub('***', str(shown))}")
    with installation.database.reading() as session:
        current = is_current(session)
    if not current:
        raise Refused("The database is not up to date. Run `consult init`.")
    click.echo("The database answers and is up to date.")


@click.command()
@pass_installation
def verify(installation: Installation) -> None:
    """Check that the database is whole, the audit log unbroken, and the published view what decisions allow."""
    with installation.reading() as session:
        found = faults(session)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise Refused("%(count)s faults were found. Restore a backup, or ask for help.", count=len(found))
    click.echo("The database, the audit log and the published view are whole.")
