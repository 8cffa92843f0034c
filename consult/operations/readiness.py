"""Whether the installation can do its work, and what it holds."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.database import is_current

LEAST_FREE_BYTES = 64 * 1024 * 1024
"""With less room than this on the disk, answers may soon be refused."""


@dataclass(frozen=True)
class InstallationState:
    """Counts of what is here, never of who said what."""

    database: str
    migrated: bool
    consultations: int
    staff: int


def installation_state(session: Session) -> InstallationState:
    """A look at the installation in a few small queries."""
    return InstallationState(
        database=session.get_bind().dialect.name,
        migrated=is_current(session),
        consultations=session.scalar(select(func.count()).select_from(Consultation)) or 0,
        staff=session.scalar(select(func.count()).select_from(User).where(User.active)) or 0,
    )


def is_ready(session: Session) -> bool:
    """Whether the database answers, stands at the newest migration, and has room to write."""
    return is_current(session) and free_bytes(session) >= LEAST_FREE_BYTES


def free_bytes(session: Session) -> int:
    """Room on the disk that this process writes to: the SQLite file's, else the working directory's."""
    url = session.get_bind().engine.url
    local = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    folder = Path(str(url.database)).parent if local else Path()
    return shutil.disk_usage(folder if str(folder) else Path()).free
