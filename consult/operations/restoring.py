"""Putting a backup in the place of the database, and then taking back again what was taken back since.

The ledger of what was taken back is read from the database that is replaced, and from a file where that is lost.
"""

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.database import Database, migrate
from consult.core.errors import Refused
from consult.operations.backing_up import FORMAT, MANIFEST, Taken, ledger_of
from consult.operations.verification import faults
from consult.operations.withdrawal import withdraw_again, withdraw_response
from consult.reports.actions import erase
from consult.reports.enums import ErasureKind
from consult.reports.models import Erasure
from consult.responses.actions import take_out_of_use
from consult.responses.models import Response
from consult.responses.queries import response_by_id

_BEFORE = "consult_before_restore"
_UNREADABLE = (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, zlib.error)
"""What an archive with changed bytes makes `zipfile` raise, by where they lie."""
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Restored:
    """What was put back: consultations, responses, and what the ledger took back again."""

    consultations: int
    responses: int
    withdrawn: int
    waiting_again: int


def restore(
    database: Database, path: Path, *, ledger: Sequence[Taken] = (), replace: bool = False
) -> Restored:
    """Put the backup in place of what stands. On a failure what stood stands.

    Raises Refused where the file is no backup or not whole, where it is one of the other kind of database, and where
    consultations stand and `replace` does not say that they may go.
    """
    if not path.is_file():
        raise Refused("There is no file %(file)s.", file=path)
    standing = _standing(database)
    if standing is not None and standing[0] and not replace:
        raise Refused(
            "Consultations that stand in this database: %(count)s. Say --replace to put the backup in their place.",
            count=standing[0],
        )
    entries = {entry.id: entry for entry in (*ledger, *(standing[1] if standing else ()))}
    return (_sqlite if database.is_sqlite else _postgresql)(database, path, list(entries.values()))


def replay(session: Session, entries: Iterable[Taken]) -> tuple[int, int]:
    """Bring a restored database in line with the ledger: how many were withdrawn, how many wait for moderators again.

    Words that somebody took back are erased. Words that somebody replaced are erased in unlinked mode, which keeps
    none; elsewhere they leave the published view and every edition, and wait. Replayed again, nothing more happens.
    """
    known = set(session.scalars(select(Erasure.id)))
    withdrawn = waiting = 0
    for entry in entries:
        if entry.id in known or session.get(Consultation, entry.consultation) is None:
            continue
        response = response_by_id(session, entry.response)
        if response is not None:
            if entry.kind == ErasureKind.WITHDRAWN:
                withdrawn += withdraw_again(session, [entry.response])
            elif response.mode is Mode.UNLINKED:
                withdrawn += withdraw_response(session, response, after_cut_off=True).changed
            else:
                waiting += _requeued(session, response)
        session.add(
            Erasure(
                id=entry.id,
                consultation_id=entry.consultation,
                response_id=entry.response,
                kind=ErasureKind(entry.kind),
                editions=entry.editions,
                day=date.fromisoformat(entry.day) if entry.day else None,
            )
        )
        session.flush()
    return withdrawn, waiting


def _requeued(session: Session, response: Response) -> int:
    replaced = take_out_of_use(session, response)
    if not replaced:
        return 0
    consultation = session.get_one(Consultation, response.consultation_id)
    erase(session, consultation, replaced, kind=ErasureKind.CHANGED, response_id=response.id, day=None)
    return 1


def _standing(database: Database) -> tuple[int, list[Taken]] | None:
    """How many consultations stand, with the ledger; None for an empty database and for a file that is damaged.

    One that is busy, away or not migrated raises: what stands in it must not pass for nothing.
    """
    try:
        with database.reading() as session:
            if not inspect(session.connection()).has_table(Consultation.__tablename__):
                return None
            return session.scalar(select(func.count()).select_from(Consultation)) or 0, ledger_of(session)
    except DatabaseError as error:
        if type(error) is DatabaseError:  # what SQLite says of a damaged file, and of nothing else
            return None
        raise


def _brought_up(url: str, entries: list[Taken]) -> Restored:
    """Migrate what was put back, replay the ledger, and look whether it is whole."""
    migrate(url)
    copy = Database(url)
    try:
        with copy.transaction() as session:
            withdrawn, waiting = replay(session, entries)
            audit.record(session, "backup_restored", withdrawn=withdrawn, waiting_again=waiting)
            found = faults(session)
            if found:
                raise Refused(
                    "What was put back is not whole, so what stood stands: %(faults)s",
                    faults=" ".join(found[:3]),
                )
            done = Restored(
                session.scalar(select(func.count()).select_from(Consultation)) or 0,
                session.scalar(select(func.count()).select_from(Response)) or 0,
                withdrawn,
                waiting,
            )
    finally:
        copy.close()
    return done


def _sqlite(database: Database, path: Path, entries: list[Taken]) -> Restored:
    """Bring a copy beside the database up to date; then SQLite's own backup writes it over, all of it or nothing."""
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise Refused("%(file)s is no backup of an SQLite database.", file=path)
    live = Path(str(database.url.database)).resolve()
    live.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=live.parent, prefix="restoring-") as directory:
        draft = Path(directory) / "draft.db"
        draft.touch(mode=0o600)
        draft.write_bytes(path.read_bytes())
        try:
            done = _brought_up(f"sqlite:///{draft}", entries)
        except DBAPIError as error:
            raise Refused("%(file)s is damaged, so what stood stands.", file=path) from error
        database.close()
        raw = database.writer.raw_connection()
        try:
            target = cast(Any, raw.driver_connection)
            source = type(target)(str(draft))
            try:
                source.backup(target)
            finally:
                source.close()
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
            database.close()
    return done


def _postgresql(database: Database, path: Path, entries: list[Taken]) -> Restored:
    """Put the schema aside, fill a new one, and let the old one go; on a failure it comes back."""
    if not zipfile.is_zipfile(path):
        raise Refused("%(file)s is no backup of a PostgreSQL database.", file=path)
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        _unchanged(archive, manifest, path)
        with database.writer.begin() as connection:
            schema = str(connection.scalar(text("SELECT current_schema()")))
        database.close()
        url = database.url.render_as_string(hide_password=False)
        _run(
            database,
            f'DROP SCHEMA IF EXISTS "{_BEFORE}" CASCADE',
            f'ALTER SCHEMA "{schema}" RENAME TO "{_BEFORE}"',
            f'CREATE SCHEMA "{schema}"',
        )
        try:
            migrate(url, manifest["revision"])
            _fill(database, archive, manifest)
            done = _brought_up(url, entries)
        except BaseException:
            database.close()
            _run(
                database, f'DROP SCHEMA "{schema}" CASCADE', f'ALTER SCHEMA "{_BEFORE}" RENAME TO "{schema}"'
            )
            raise
        _run(database, f'DROP SCHEMA "{_BEFORE}" CASCADE')
    return done


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise Refused("%(file)s is damaged, so what stood stands.", file=path) from error


def _run(database: Database, *statements: str) -> None:
    with database.writer.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in statements:
            connection.execute(text(statement))


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (ValueError, *_UNREADABLE) as error:
        raise Refused("%(file)s is no backup of a PostgreSQL database.", file=path) from error
    if manifest.get("format") != FORMAT:
        raise Refused("%(file)s was written by another version, which this one cannot read.", file=path)
    return manifest


def _unchanged(archive: zipfile.ZipFile, manifest: dict[str, Any], path: Path) -> None:
    """Raises Refused where a table is not what was written: looked at before anything is put aside."""
    for table in manifest["tables"]:
        digest = hashlib.sha256()
        try:
            with archive.open(f"{table['name']}.copy") as file:
                while block := file.read(1024 * 1024):
                    digest.update(block)
        except _UNREADABLE as error:
            raise Refused("%(file)s is damaged, so what stood stands.", file=path) from error
        if digest.hexdigest() != table["sha256"]:
            raise Refused("%(file)s is damaged, so what stood stands.", file=path)


def _fill(database: Database, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    names = [table["name"] for table in manifest["tables"]]
    with database.writer.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for name in names:  # what came in was checked when it did
            connection.execute(text(f'ALTER TABLE "{name}" DISABLE TRIGGER USER'))
        connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))
        driver = cast(Any, connection.connection.driver_connection)
        for table in manifest["tables"]:
            listed = ", ".join(f'"{column}"' for column in table["columns"])
            with (
                archive.open(f"{table['name']}.copy") as file,
                driver.cursor() as cursor,
                cursor.copy(f'COPY "{table["name"]}" ({listed}) FROM STDIN') as copy,
            ):
                while block := file.read(1024 * 1024):
                    copy.write(block)
        for name in names:
            connection.execute(text(f'ALTER TABLE "{name}" ENABLE TRIGGER USER'))
