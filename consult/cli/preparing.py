"""`init`, `load` and `demo`: from nothing to a consultation."""

from pathlib import Path

import click

from consult.cli.access import demonstration_password, keep_demonstration_access
from consult.cli.installation import Installation, pass_installation
from consult.core.database import migrate
from consult.core.errors import Refused
from consult.core.standing import SAID, Standing, standing
from consult.jobs.find_hints import find_duplicates, find_hints
from consult.operations.definition import read
from consult.operations.demonstration import Demonstrated, demonstrate
from consult.operations.loading.consultation import load as load_definition


@click.command()
@pass_installation
def init(installation: Installation) -> None:
    """Create the database, or bring it to the newest migration. Does nothing where it is up to date."""
    with installation.database.reading() as session:
        if standing(session) is Standing.AHEAD:
            raise Refused(SAID[Standing.AHEAD])
    migrate(installation.settings.database_url)
    click.echo("The database is up to date.")


@click.command()
@click.argument("definition", metavar="FILE.toml", type=click.Path(path_type=Path))
@pass_installation
def load(installation: Installation, definition: Path) -> None:
    """Create or update a consultation from a definition file, and say what changed.

    The whole file is checked first: with a fault in it nothing is changed, and every fault is named with its line.
    Loading the same file again changes nothing. What a file no longer names stays in the database.
    """
    checked = read(definition)
    with installation.transaction() as session:
        loaded = load_definition(session, checked)
    for line in [*(loaded.changes or ["nothing changed"]), *loaded.notes]:
        click.echo(line)


@click.command()
@pass_installation
def demo(installation: Installation) -> None:
    """Load the Warsaw consultation with invented people and answers, or keep it open where it is loaded.

    Prints the address, a director's sign-in and one participant's link. The directors' password is made once and kept
    in var/demo-access.txt.
    """
    for line in describe(installation, make_demonstration(installation)):
        click.echo(line)


def make_demonstration(installation: Installation) -> Demonstrated:
    """The demonstration, committed, with the work it promised done."""
    with installation.transaction() as session:
        made = demonstrate(
            session,
            secret_key=installation.settings.secret_key,
            seal=installation.seal,
            password=demonstration_password(),
        )
    keep_demonstration_access(made)
    installation.queue.run_waiting()
    find_hints(installation.database)
    find_duplicates(installation.database)
    return made


def describe(installation: Installation, made: Demonstrated) -> list[str]:
    """Where to look and how to get in, as lines of a neat block."""
    base = installation.settings.base_url.rstrip("/")
    slug = made.consultation.slug
    link = f"{base}{made.link_path}" if made.link_path else "none is left: every invitation is answered"
    first, *others = [director.email for director in made.directors]
    return [
        f"Story page         {base}/c/{slug}",
        f"Director's desk    {base}/desk/{slug}",
        f"  sign in as       {first}" + "".join(f"  (or {other})" for other in others),
        f"  password         {demonstration_password()}",
        f"Participant's link {link}",
    ]
