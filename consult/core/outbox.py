"""Promises made in a transaction and kept after it: a row here, then a job.

A rollback takes the promise back. The row carries identifiers, never words.
"""

from datetime import datetime

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consult.core.clock import now
from consult.core.database import Base, Identified, UtcDateTime

PROMISED = "promised"
"""Set in a session's `info` once it holds a promise, so that whoever commits hands it over."""


class OutboxRow(Identified, Base):
    """One piece of work to hand to the job queue; `handed_at` is empty until the queue has it."""

    __tablename__ = "outbox"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


def promise(session: Session, kind: str, **payload: str) -> OutboxRow:
    """Have `kind` done once this transaction is committed."""
    row = OutboxRow(kind=kind, payload=payload, created_at=now())
    session.add(row)
    session.flush()
    session.info[PROMISED] = True
    return row


def waiting(session: Session, *, limit: int = 100) -> list[OutboxRow]:
    """Promises not handed over yet, in no telling order; rows that another worker holds are passed by."""
    statement = select(OutboxRow).where(OutboxRow.handed_at.is_(None)).order_by(OutboxRow.id).limit(limit)
    return list(session.scalars(statement.with_for_update(skip_locked=True)))
