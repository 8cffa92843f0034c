"""Writing a long export: page by page, with its progress told, and given up where the view lost something meanwhile."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure import Profile
from consult.consultations.models import Consultation
from consult.core.database import Database
from consult.core.errors import DomainError
from consult.exports.entering import ATTEMPTS, enter, moment_of
from consult.exports.formats import DATA_FORMATS, bundled
from consult.exports.prepared.actions import file_of
from consult.exports.prepared.models import PreparedExport, Stage
from consult.exports.prepared.queries import is_void
from consult.exports.queries import Progress, released, rows_expected

TOLD_EVERY = 5_000
"""Rows between two words about the progress."""


def write(database: Database, folder: Path, export_id: str) -> None:
    """Write the file of that export. Called again after a crash it begins anew.

    What is entered among the publications and what is written are read as of one moment.
    """
    for _attempt in range(ATTEMPTS):
        with database.reading(still=True) as session:
            prepared = session.get(PreparedExport, export_id)
            if prepared is None or prepared.stage is not Stage.PREPARING:
                return
            if _begun(database, session, prepared):
                _write(database, folder, session, prepared)
                return
    _end(database, export_id, Stage.FAILED)


def _write(database: Database, folder: Path, session: Session, prepared: PreparedExport) -> None:
    export_id = prepared.id
    unfinished = file_of(export_id, folder).with_suffix(".export-unfinished")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            for piece in _pieces(session, prepared, _telling(database, export_id)):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, DomainError):  # no room, no right to write there, or a meeting that was removed
        with suppress(OSError):
            unfinished.unlink()
        _end(database, export_id, Stage.FAILED)
        return
    size = unfinished.stat().st_size
    unfinished.replace(file_of(export_id, folder))
    with database.reading() as afterwards:
        written = afterwards.get(PreparedExport, export_id)
        void = written is None or is_void(afterwards, written)
    _end(database, export_id, Stage.REMOVED if void else Stage.READY, size=size)
    if void:
        file_of(export_id, folder).unlink(missing_ok=True)


def _begun(database: Database, session: Session, prepared: PreparedExport) -> bool:
    """Note what the file stands for as of the session's moment: nothing taken back after it goes unseen.

    Everything is worked out before anybody has to wait for it. False where that moment has passed meanwhile.
    """
    consultation = session.get_one(Consultation, prepared.consultation_id)
    expected = rows_expected(session, consultation, prepared.meeting, prepared.columns)
    moment = moment_of(session, consultation, Profile(prepared.profile))
    with database.transaction() as noting:
        noted = noting.get(PreparedExport, prepared.id)
        if noted is None or not enter(
            noting, consultation, moment, by=noting.get_one(User, prepared.asked_by)
        ):
            return False
        noted.taken_out, noted.ground_rules_id = moment.taken_out, moment.ground_rules_id
        noted.rows_written, noted.rows_expected = 0, expected
    return True


def _pieces(session: Session, prepared: PreparedExport, progress: Progress) -> Iterator[bytes]:
    format_ = DATA_FORMATS[prepared.format]
    view = released(
        session,
        session.get_one(Consultation, prepared.consultation_id),
        Profile(prepared.profile),
        prepared.meeting,
        columns=prepared.columns,
        progress=progress,
    )
    return (bundled(format_) if prepared.notes else format_).render(view)


def _telling(database: Database, export_id: str) -> Progress:
    told = 0

    def tell(rows: int) -> None:
        nonlocal told
        if rows - told >= TOLD_EVERY:
            told = rows
            _note(database, export_id, rows_written=rows)

    return tell


def _end(database: Database, export_id: str, stage: Stage, *, size: int = 0) -> None:
    _note(database, export_id, stage=stage, size=size)


def _note(database: Database, export_id: str, **values: object) -> None:
    """Say how far it is, of a file that is still being written."""
    with database.transaction() as session:
        session.execute(
            update(PreparedExport)
            .where(PreparedExport.id == export_id, PreparedExport.stage == Stage.PREPARING)
            .values(**values)
        )
