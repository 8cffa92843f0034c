"""`mail`: what came back, and whether the mail server takes anything."""

from pathlib import Path

import click

from consult.cli.installation import Installation, pass_installation
from consult.core.mail.bounces import take_in


@click.group("mail")
def mail_group() -> None:
    """Look after the mail that was sent."""


@mail_group.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@pass_installation
def bounces(installation: Installation, path: Path) -> None:
    """Mark what came back. FILE is an mbox, a Maildir or one saved delivery-status message.

    Only reports on messages that this installation sent count, known by their Message-ID. Run twice, nothing changes.
    """
    with installation.transaction() as session:
        tally = take_in(session, path)
    click.echo(
        f"Read: {tally.read} messages. Marked as returned: {tally.marked}; already marked: {tally.known_before}."
    )
    click.echo(
        f"Reports on messages not kept here: {tally.unmatched}. No report of a failure: {tally.others}."
    )
