"""Asking for a long export, and the end of one."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure import Profile
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused
from consult.core.outbox import promise
from consult.exports.prepared.models import PreparedExport, Stage
from consult.exports.prepared.queries import is_void, prepared_for

PREPARE = "export.prepare"
KEPT_FOR = timedelta(hours=24)
MOST_AT_ONCE = 20_000
"""Up to so many rows a download begins at once; a longer file is prepared."""
MOST_KEPT = 3
"""Files of one person in one consultation."""


def ask_for(
    session: Session,
    consultation: Consultation,
    *,
    code: str,
    notes: bool,
    profile: Profile,
    meeting: str | None,
    columns: Sequence[str],
    by: User,
) -> PreparedExport:
    """Have the worker write it. Raises Refused for one more than anybody keeps."""
    kept = [
        one for one in prepared_for(session, consultation, by) if one.stage in {Stage.PREPARING, Stage.READY}
    ]
    if len(kept) >= MOST_KEPT:
        raise Refused("You have %(most)s prepared files here already. Remove one first.", most=MOST_KEPT)
    prepared = PreparedExport(
        consultation_id=consultation.id,
        asked_by=by.id,
        format=code,
        notes=notes,
        profile=profile.value,
        meeting=meeting,
        columns=list(columns),
        ground_rules_id=ground_rules_in_force(session, consultation).id,
        expires_at=now() + KEPT_FOR,
    )
    session.add(prepared)
    session.flush()
    promise(session, PREPARE, export=prepared.id)
    return prepared


def drop(session: Session, prepared: PreparedExport, folder: Path) -> None:
    """It is not wanted any more."""
    file_of(prepared.id, folder).unlink(missing_ok=True)
    session.delete(prepared)
    session.flush()


def file_of(export_id: str, folder: Path) -> Path:
    """Where its file lies, once it is whole."""
    return folder / f"{export_id}.export"


def clear_away(database: Database, folder: Path) -> int:
    """Remove files whose day is over, that are void or that nobody knows of; how many."""
    standing: set[str] = set()
    there = list(folder.glob("*.export*"))  # before the rows are read: a row is older than its file
    with database.reading() as session:
        known = session.scalars(select(PreparedExport.id).limit(1)).first() is not None
    if known:
        standing = _cleared(database, folder)
    over = [path for path in there if path.name.partition(".")[0] not in standing]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _cleared(database: Database, folder: Path) -> set[str]:
    """Bring the rows in line with what may be read; those whose files stay."""
    standing = set()
    with database.transaction() as session:
        for prepared in session.scalars(select(PreparedExport)).all():
            if prepared.expires_at <= now():
                session.delete(prepared)
            elif prepared.stage is Stage.READY and (
                is_void(session, prepared) or not file_of(prepared.id, folder).exists()
            ):
                prepared.stage = Stage.REMOVED
            elif prepared.stage in {Stage.READY, Stage.PREPARING}:
                standing.add(prepared.id)
    return standing
