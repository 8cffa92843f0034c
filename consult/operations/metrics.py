"""Figures of the machine for whoever keeps it running: of work and mail that wait or failed, never of answers.

How many answers there are would tell, scrape by scrape, when somebody answered.
"""

from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.database import is_current
from consult.core.mail.models import MailMessage, MailState
from consult.core.outbox import OutboxRow
from consult.operations.fitness.running import last_alive
from consult.operations.fitness.stored import last_backup
from consult.operations.readiness import free_bytes

SHOWN = (MailState.QUEUED, MailState.FAILED, MailState.BOUNCED)


def exposition(session: Session, exports_folder: Path) -> bytes:
    """The figures in Prometheus' text format. Four small queries and a look at one file."""
    registry = CollectorRegistry()

    def gauge(name: str, help_text: str, value: float) -> None:
        Gauge(name, help_text, registry=registry).set(value)

    gauge(
        "consult_database_current", "1 when the database stands at the newest migration", is_current(session)
    )
    gauge("consult_disk_free_bytes", "Room where this process writes", free_bytes(session))
    oldest = session.scalar(select(func.min(OutboxRow.created_at)).where(OutboxRow.handed_at.is_(None)))
    gauge(
        "consult_oldest_waiting_work_seconds", "Age of the oldest work not handed to the worker", _age(oldest)
    )
    counted = select(MailMessage.state, func.count()).where(MailMessage.state.in_(SHOWN))
    counts = dict(session.execute(counted.group_by(MailMessage.state)).all())
    mail = Gauge("consult_mail_messages", "Messages by state", ["state"], registry=registry)
    for state in SHOWN:
        mail.labels(state.value).set(counts.get(state, 0))
    if (seen := last_alive(exports_folder)) is not None:
        gauge("consult_worker_silent_seconds", "Since when the worker has not said that it lives", _age(seen))
    if (made := last_backup(session)) is not None:
        gauge("consult_backup_age_seconds", "Age of the last backup", _age(made))
    return generate_latest(registry)


def _age(moment: datetime | None) -> float:
    """Whole minutes in seconds: finer would tell when a form was sent."""
    if moment is None:
        return 0
    return max(0, (now() - moment.astimezone(UTC)).total_seconds() // 60 * 60)
