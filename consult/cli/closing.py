"""`close`: after the cut-off, take away what could still say who answered when."""

import click

from consult.cli.installation import Installation, consultation_named, pass_installation
from consult.operations.closing import close as close_consultation
from consult.operations.closing import rewrite


@click.command()
@click.argument("slug")
@pass_installation
def close(installation: Installation, slug: str) -> None:
    """Carry out what was promised for the closing of a consultation. Answers stay as they are.

    Answers that waited for company reach the desk. In unlinked mode response codes and the invitations' links and codes
    are deleted. Then the database is written anew, in no order of time; run it while nobody works with it. It can be
    run again at any time.
    """
    with installation.transaction() as session:
        done = close_consultation(session, consultation_named(session, slug))
    if done.unlinked:
        click.echo(f"{done.codes} response codes are deleted; invitations of {slug} open nothing any more.")
    left = rewrite(installation.database)
    click.echo("The database is written anew.")
    for line in left:
        click.echo(line)
