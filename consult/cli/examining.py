"""`verify`, whether what is stored is whole, and what an attacker reads in it."""

from collections import Counter
from pathlib import Path

import click

from consult.cli.installation import Installation, pass_installation
from consult.core.errors import Refused
from consult.operations.linking import Findings, attack
from consult.operations.verification import faults


@click.command()
@click.option(
    "--privacy",
    is_flag=True,
    help="Attack what is stored instead: can it be told who wrote what, or in what order?",
)
@click.option(
    "--also",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --privacy: another file the attacker has, such as a log or an export. May be given several times.",
)
@pass_installation
def verify(installation: Installation, privacy: bool, also: tuple[Path, ...]) -> None:
    """Check that the database is whole, the audit log unbroken, and the published view what decisions allow."""
    if privacy:
        installation.require_current()
        _attacked(attack(installation.database, also))
        return
    with installation.reading() as session:
        found = faults(session)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise Refused("%(count)s faults were found. Restore a backup, or ask for help.", count=len(found))
    click.echo("The database, the audit log and the published view are whole.")


def _attacked(found: Findings) -> None:
    """Say what could be linked. Raises Refused where anybody's answer was linked by what is stored beside it."""
    click.echo(f"{len(found.texts)} texts were attacked, those of attributed consultations left aside.")
    for how, number in sorted(Counter(how for _person, how in found.linked.values()).items()):
        click.echo(f"{number} were linked to one person by {how}.", err=True)
    for one, other, tau in found.agreeing():
        click.echo(
            f"An order of writing shows: {one} and {other} agree (tau {tau}). `consult close` ends that."
        )
    click.echo(f"{found.rare} have attributes beside them that fewer than five people on the roster share.")
    click.echo(f"{len(found.content)} name a person on the roster in their own words.")
    if found.linked:
        raise Refused(
            "%(count)s texts could be linked. Where it says “transaction”, run `consult close` after the closing.",
            count=len(found.linked),
        )
    click.echo(
        "Nobody could be linked by what is stored. A lone respondent, and what somebody wrote, remain."
    )
