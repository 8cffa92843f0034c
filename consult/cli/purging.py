"""`purge`: delete what the ground rules promise to delete so many months after closing."""

from datetime import datetime

import click

from consult.cli.installation import Installation, pass_installation
from consult.operations import purging
from consult.operations.closing import rewrite


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@pass_installation
def purge(installation: Installation, dry_run: bool) -> None:
    """Delete rosters and answers as they were written, so many months after closing as each consultation's rules say.

    Published editions stay as they are. What is deleted cannot be brought back; after restoring an older backup, run
    this again.
    """
    if dry_run:
        with installation.reading() as session:
            found = purging.due(session)
            _told(found, done=False)
        return
    with installation.transaction() as session:
        found = purging.due(session)
        _told(found, done=True)
        for one in found:
            purging.purge(session, one, seal=installation.seal)
    if all(one.nothing for one in found):
        return
    for line in rewrite(installation.database):
        click.echo(line)


def _told(found: list[purging.Due], *, done: bool) -> None:
    if not found:
        click.echo("No consultation has ground rules that name a time after which something is deleted.")
    did = "deleted" if done else "to delete"
    for one in found:
        parts = (("people", one.people, one.people_from), ("answers", one.answers, one.answers_from))
        for what, number, starts in parts:
            if starts is not None:
                slug = one.consultation.slug
                click.echo(f"{slug}: {number} {what} {did}" if number else f"{slug}: {what}, {_when(starts)}")


def _when(starts: datetime) -> str:
    return f"none left or not before {starts:%Y-%m-%d}"
