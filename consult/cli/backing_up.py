"""`backup` and `restore`."""

import shutil
import sys
import tempfile
from pathlib import Path

import click

from consult.cli.installation import Installation, pass_installation
from consult.operations.backing_up import back_up, ledger_of, read_ledger, write_ledger
from consult.operations.restoring import restore as put_back

_PATH = click.argument("path", metavar="PATH", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@_PATH
@click.option(
    "--ledger",
    is_flag=True,
    help="Write only the ledger of what was taken back: small, without words, and worth keeping by the hour.",
)
@pass_installation
def backup(installation: Installation, path: Path, *, ledger: bool) -> None:
    """Write the database to PATH, a new file; `-` is standard output. Nothing is stopped for it.

    The database is verified before and the file after. Neither key is inside: keep the settings elsewhere. The file
    is not encrypted and holds all that the database holds, so pass it through a program that encrypts.
    """
    if ledger:
        with installation.reading() as session:
            entries = ledger_of(session)
        write_ledger(entries, path)
        click.echo(f"{len(entries)} entries of the ledger are in {path}.")
        return
    installation.require_current()
    keys = (installation.settings.secret_key, installation.settings.link_key)
    if str(path) != "-":
        digest = back_up(installation.database, path, keys=keys)
        click.echo(
            f"{path}: {path.stat().st_size:,} bytes, SHA-256 {digest}. Not encrypted; no key is inside."
        )
        return
    with tempfile.TemporaryDirectory(prefix="consult-backup-") as directory:
        file = Path(directory) / "backup"
        back_up(installation.database, file, keys=keys)
        with file.open("rb") as written:
            shutil.copyfileobj(written, sys.stdout.buffer)


@click.command()
@_PATH
@click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A ledger written by `backup --ledger`, where the database that kept it is lost.",
)
@click.option("--replace", is_flag=True, help="Put it in place of the consultations that stand here.")
@pass_installation
def restore(installation: Installation, path: Path, *, ledger: Path | None, replace: bool) -> None:
    """Put the backup in PATH in place of the database. Stop the service and the worker first.

    An older backup is migrated. What was taken back since it was written is taken back again, by the ledger of the
    database that stands and the one that is given. On a failure what stood stands.
    """
    entries = read_ledger(ledger) if ledger is not None else []
    done = put_back(installation.database, path, ledger=entries, replace=replace)
    click.echo(
        f"Restored: {done.consultations} consultations, {done.responses} responses. Taken back again: "
        f"{done.withdrawn} withdrawn, {done.waiting_again} changed since, which wait for a moderator."
    )
    click.echo(
        "Run `consult purge` now: what was purged since the backup is back. Then destroy the backup's copies."
    )
