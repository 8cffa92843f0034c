"""Promises made in a transaction and kept after it: a row here, then a job.

A rollback takes the promise back. The row carries identifiers, never words.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consult.core.clock import now
from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime
from consult.core.identifiers import new_id

PROMISED = "promised"
"""Set in a session's `info` once it holds a promise, so that whoever commits hands it over."""

BATCH = 100
"""How many promises are handed over in one transaction."""


class OutboxRow(Identified, Base):
    """One piece of work to hand to the job queue; `handed_at` is empty until the queue has it.

    A row that is still here at `back_by` was lost by the queue, for instance with a worker that was killed.
    """

    __tablename__ = "outbox"
    __table_args__ = WITHOUT_ROWID

    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    back_by: Mapped[datetime | None] = mapped_column(UtcDateTime)


def promise(session: Session, kind: str, **payload: str) -> OutboxRow:
    """Have `kind` done once this transaction is committed."""
    row = OutboxRow(kind=kind, payload=payload, created_at=now())
    session.add(row)
    session.flush()
    session.info[PROMISED] = True
    return row


def promise_all(session: Session, kind: str, payloads: Iterable[dict[str, str]]) -> None:
    """Promise many pieces of work in one statement."""
    rows = [{"id": new_id(), "kind": kind, "payload": payload, "created_at": now()} for payload in payloads]
    if rows:
        session.execute(insert(OutboxRow), rows)
        session.info[PROMISED] = True


def waiting(session: Session, *, limit: int = BATCH) -> list[OutboxRow]:
    """Promises not handed over yet, in no telling order; rows that another worker holds are passed by."""
    statement = select(OutboxRow).where(OutboxRow.handed_at.is_(None)).order_by(OutboxRow.id).limit(limit)
    return list(session.scalars(statement.with_for_update(skip_locked=True)))


def lost(session: Session, *, limit: int = BATCH) -> list[OutboxRow]:
    """Promises that were handed over and should be done by now."""
    statement = select(OutboxRow).where(OutboxRow.back_by < now()).order_by(OutboxRow.id).limit(limit)
    return list(session.scalars(statement.with_for_update(skip_locked=True)))
