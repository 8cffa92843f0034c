"""A backup: one file that holds the database as it stood at one moment, and neither of the two keys.

On SQLite it is a database file made by SQLite's own online backup; on PostgreSQL an archive of COPY, read in one
transaction. It holds everything that the database holds, so it is as secret as the database.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.core.errors import Refused
from consult.operations.verification import faults
from consult.reports.enums import ErasureKind
from consult.reports.models import Erasure

FORMAT = "consult-backup-1"
MANIFEST = "manifest.json"
ELSEWHERE = ("huey_",)
"""Tables of the job queue: it is filled anew from the outbox."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """One entry of the ledger of what was taken back, as it travels: it names no person and holds no words."""

    id: str
    consultation: str
    response: str
    kind: str
    editions: list[int]
    day: str | None


def back_up(database: Database, path: Path, *, keys: Sequence[str]) -> str:
    """Write the database to a new file for its owner alone, and read that file once more. Returns its SHA-256.

    Raises Refused where the database is not whole, where something stands at `path`, and should a key be inside.
    """
    with database.reading() as session:
        _whole(faults(session), "The database is not whole, so no backup of it was taken: %(faults)s")
    claim(path)
    try:
        if database.is_sqlite:
            _sqlite(database, path)
            copy = Database(f"sqlite:///{path}")
            try:
                with copy.reading() as session:
                    _whole(faults(session), "The backup is not whole and was thrown away: %(faults)s")
            finally:
                _close_alone(copy)
        else:
            _postgresql(database, path)
        return _examined(path, keys, archived=not database.is_sqlite)
    except BaseException:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        raise


def claim(path: Path) -> None:
    """Have a new file there for its owner alone. Raises Refused where something stands, or none can be made."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise Refused("%(file)s is there already. Choose another name.", file=path) from error
    except OSError as error:
        raise Refused("%(path)s cannot be written: %(why)s.", path=path, why=error.strerror) from error


def ledger_of(session: Session) -> list[Taken]:
    """All that was taken back and replaced, in the order of random numbers."""
    return [
        Taken(
            entry.id,
            entry.consultation_id,
            entry.response_id,
            entry.kind.value,
            list(entry.editions),
            entry.day.isoformat() if entry.day else None,
        )
        for entry in session.scalars(select(Erasure).order_by(Erasure.id))
    ]


def ledger_lines(entries: Iterable[Taken]) -> Iterator[bytes]:
    """The ledger as a file: one entry a line, as JSON."""
    return (json.dumps(asdict(entry)).encode("ascii") + b"\n" for entry in entries)


def read_ledger(path: Path) -> list[Taken]:
    """Raises Refused where it is not one."""
    try:
        return [_entry(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("%(file)s is no ledger of what was taken back.", file=path) from error


def _entry(said: dict[str, Any]) -> Taken:
    entry = Taken(**said)
    ErasureKind(entry.kind)
    if entry.day is not None:
        date.fromisoformat(entry.day)
    return entry


def _sqlite(database: Database, path: Path) -> None:
    source = database.reader.raw_connection()
    try:
        driver = cast(Any, source.driver_connection)
        target = type(driver)(str(path))
        try:
            driver.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it
        finally:
            target.close()
    finally:
        source.close()


def _postgresql(database: Database, path: Path) -> None:
    with (
        database.reader.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        connection.begin(),
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        tables: list[dict[str, Any]] = []
        inspector = inspect(connection)
        for name, _keys in inspector.get_sorted_table_and_fkc_names():
            if name is None or name.startswith(ELSEWHERE) or name == "alembic_version":
                continue
            columns = [column["name"] for column in inspector.get_columns(name)]
            driver = cast(Any, connection.connection.driver_connection)
            listed = ", ".join(f'"{column}"' for column in columns)
            digest = hashlib.sha256()
            with (
                archive.open(f"{name}.copy", "w", force_zip64=True) as file,
                driver.cursor() as cursor,
                cursor.copy(f'COPY "{name}" ({listed}) TO STDOUT') as copy,
            ):
                for block in copy:
                    file.write(block)
                    digest.update(block)
            tables.append({"name": name, "columns": columns, "sha256": digest.hexdigest()})
        revision = MigrationContext.configure(connection).get_current_revision()
        archive.writestr(
            MANIFEST, json.dumps({"format": FORMAT, "revision": revision, "tables": tables}, indent=1)
        )


def _examined(path: Path, keys: Sequence[str], *, archived: bool) -> str:
    """The file's SHA-256, once it is on the disk and neither key was found in it. Raises Refused where one was."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    digest = hashlib.sha256()
    wanted = [key.encode("utf-8") for key in keys]
    for block in _contents(path, archived=archived):
        if any(key in block for key in wanted):
            raise Refused("A key of this installation stands in the database, so its backup was thrown away.")
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def _contents(path: Path, *, archived: bool) -> Iterator[bytes]:
    """What the file says, in blocks that overlap by more than a key is long.

    Which kind it is, is not guessed from its bytes: a database ends like an archive where a stored edition lies last.
    """
    if archived:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as file:
                    yield from _overlapping(file)
        return
    with path.open("rb") as whole:
        yield from _overlapping(whole)


def _overlapping(file: IO[bytes]) -> Iterator[bytes]:
    end = b""
    while chunk := file.read(_CHUNK):
        yield end + chunk
        end = chunk[-1024:]


def _close_alone(copy: Database) -> None:
    """Let go of a database file, with no log left beside it."""
    copy.close()
    raw = copy.writer.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=DELETE")
        cursor.close()
    finally:
        raw.close()
        copy.close()


def _whole(found: list[str], sentence: str) -> None:
    if found:
        raise Refused(sentence, faults=" ".join(found[:3]))
