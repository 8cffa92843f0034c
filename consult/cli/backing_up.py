"""`backup`, `restore` and `identity`."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click
from sqlalchemy.exc import DBAPIError

from consult.cli.installation import Installation, pass_installation
from consult.cli.output import STANDARD_OUTPUT, write_out
from consult.core import age, audit
from consult.core.errors import Refused
from consult.core.standing import Standing, require_current, standing, why_refused
from consult.operations.backing_up import back_up, claim, ledger_lines, ledger_of, read_ledger
from consult.operations.fitness.stored import BACKUP
from consult.operations.restoring import restore as put_back

_PATH = click.argument("path", metavar="PATH", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@_PATH
@click.option(
    "--ledger",
    is_flag=True,
    help="Write only the ledger of what was taken back: small, without words, and worth keeping by the hour.",
)
@click.option(
    "--recipient",
    metavar="age1…",
    help="Encrypt for whoever has the identity of this recipient; see `consult identity`.",
)
@pass_installation
def backup(installation: Installation, path: Path, *, ledger: bool, recipient: str | None) -> None:
    """Write the database to PATH, a new file; `-` is standard output. Nothing is stopped for it.

    The database is verified before and the file after. Neither key is inside: keep the settings elsewhere. The file
    holds all that the database holds: with --recipient it is encrypted in the age format, which this machine then
    cannot read itself.
    """
    if ledger and recipient is not None:
        raise click.UsageError("A ledger is not encrypted: it holds no words. Leave --recipient out.")
    if ledger:
        with installation.reading() as session:
            entries = ledger_of(session)
        write_out(str(path), ledger_lines(entries), private=True)
        if str(path) != STANDARD_OUTPUT:
            click.echo(f"Entries of the ledger in {path}: {len(entries)}.")
        return
    with installation.database.reading() as session:
        if standing(session) is Standing.BEHIND:
            raise Refused(
                "An earlier version wrote this database, and only that version backs it up. Without it: stop the "
                "service and the worker, then copy the SQLite file, or take pg_dump."
            )
        require_current(session)
    _take(installation, path, recipient)
    try:
        with installation.transaction() as session:
            audit.record(session, BACKUP, encrypted=recipient is not None)
    except DBAPIError as error:  # the backup is there all the same, and may be what is needed most
        click.echo(f"The backup is not on record: the database refused: {why_refused(error)}.", err=True)


def _take(installation: Installation, path: Path, recipient: str | None) -> None:
    """The backup itself. What follows is written once it is whole."""
    keys = (installation.settings.secret_key, installation.settings.link_key)
    if recipient is not None:
        _encrypted(installation, path, recipient, keys)
        return
    if str(path) != STANDARD_OUTPUT:
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


def _encrypted(installation: Installation, path: Path, recipient: str, keys: tuple[str, str]) -> None:
    """The plain file stands in a folder of its owner's alone while it is encrypted, and goes."""
    with tempfile.TemporaryDirectory(prefix="consult-backup-") as directory:
        plain = Path(directory) / "backup"
        digest = back_up(installation.database, plain, keys=keys)
        with plain.open("rb") as file:
            if str(path) == STANDARD_OUTPUT:
                age.encrypt(file, sys.stdout.buffer, recipient)
                return
            with _new_file(path) as out:
                age.encrypt(file, out, recipient)
    click.echo(f"{path}: {path.stat().st_size:,} bytes, encrypted. Inside: SHA-256 {digest}; no key.")


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone, on the disk at the end; on a failure none."""
    claim(path)
    try:
        with path.open("wb") as out:
            yield cast(BinaryIO, out)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def identity(path: Path) -> None:
    """Write a fresh identity for reading encrypted backups to FILE, and say the recipient that they are written for.

    Keep the file away from this machine: whoever has it reads the backups, and without it nobody does.
    """
    secret, recipient = age.new_identity()
    with _new_file(path) as out:
        out.write(f"# recipient: {recipient}\n{secret}\n".encode("ascii"))
    click.echo(f"The identity is in {path}: keep it elsewhere. Back up with --recipient {recipient}")


@click.command()
@_PATH
@click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A ledger written by `backup --ledger`, where the database that kept it is lost.",
)
@click.option("--replace", is_flag=True, help="Put it in place of the consultations that stand here.")
@click.option(
    "--identity",
    "identity_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Opens a backup that is encrypted.",
)
@pass_installation
def restore(
    installation: Installation, path: Path, *, ledger: Path | None, replace: bool, identity_file: Path | None
) -> None:
    """Put the backup in PATH in place of the database. Stop the service and the worker first.

    An older backup is migrated. What was taken back since it was written is taken back again, by the ledger of the
    database that stands and the one that is given. On a failure what stood stands.
    """
    entries = read_ledger(ledger) if ledger is not None else []
    with _decrypted(path, identity_file) as plain:
        done = put_back(installation.database, plain, ledger=entries, replace=replace)
    click.echo(
        f"Restored. Consultations: {done.consultations}; responses: {done.responses}. Taken back again: "
        f"withdrawn {done.withdrawn}; changed since, so that they wait for a moderator, {done.waiting_again}."
    )
    click.echo(
        "Run `consult purge` now: what was purged since the backup is back. Then destroy the backup's copies."
    )


@contextmanager
def _decrypted(path: Path, identity_file: Path | None) -> Iterator[Path]:
    """The backup in the plain, for as long as it is read."""
    if not path.is_file():
        yield path
        return
    with path.open("rb") as file:
        encrypted = age.is_encrypted(file.read(len(age.START)))
    if not encrypted:
        yield path
        return
    if identity_file is None:
        raise Refused("%(file)s is encrypted. Name the identity that opens it: --identity FILE.", file=path)
    with tempfile.TemporaryDirectory(prefix="consult-restore-") as directory:
        plain = Path(directory) / path.name
        with path.open("rb") as sealed, _new_file(plain) as out:
            age.decrypt(sealed, out, _identity_in(identity_file))
        yield plain


def _identity_in(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("%(file)s cannot be read.", file=path) from error
    return next((line for line in lines if line.strip() and not line.startswith("#")), "")
