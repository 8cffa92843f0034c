"""Whether the installation can do its work, and what it holds."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.database import is_current
from consult.core.outbox import OutboxRow


@dataclass(frozen=True)
class InstallationState:
    """Counts of what is here, never of who said what."""

    database: str
    migrated: bool
    consultations: int
    staff: int
    work_waiting: int


def installation_state(session: Session) -> InstallationState:
    """A look at the installation in five small queries."""
    return InstallationState(
        database=session.get_bind().dialect.name,
        migrated=is_current(session),
        consultations=session.scalar(select(func.count()).select_from(Consultation)) or 0,
        staff=session.scalar(select(func.count()).select_from(User).where(User.active)) or 0,
        work_waiting=session.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.handed_at.is_(None))
        )
        or 0,
    )


def is_ready(session: Session) -> bool:
    """Whether the database answers and stands at the newest migration."""
    return is_current(session)
