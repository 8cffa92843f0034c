"""`check`: are the settings whole, and can the work be done with them?"""

from dataclasses import fields

import click

from consult.cli.installation import Installation, pass_installation
from consult.core.database import is_current
from consult.core.errors import Refused

_SECRET = frozenset({"secret_key", "link_key"})


@click.command()
@pass_installation
def check(installation: Installation) -> None:
    """Show the settings in force, without secrets, and check that the database answers and is up to date."""
    settings = installation.settings
    for field in fields(settings):
        value = getattr(settings, field.name)
        shown = "(set)" if field.name in _SECRET else value
        if field.name == "database_url":
            shown = installation.database.url.render_as_string(hide_password=True)
        click.echo(f"{field.name:<16} {shown}")
    with installation.database.reading() as session:
        current = is_current(session)
    if not current:
        raise Refused("The database is not up to date. Run `consult init`.")
    click.echo("The database answers and is up to date.")
