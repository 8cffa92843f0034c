"""The audit log: who of the staff did what. Append-only, chained by hashes, and without anybody's words."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consult.core.clock import now
from consult.core.database import Base, UtcDateTime
from consult.core.identifiers import ID_LENGTH

FIRST = "0" * 64
_CHAIN_LOCK = 20_160_708


class AuditEntry(Base):
    """One act of staff. Each row holds the hash of the one before; the database refuses change and deletion."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    consultation_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    subject: Mapped[str] = mapped_column(String(64), default="")
    facts: Mapped[str] = mapped_column(Text, default="{}")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


def record(
    session: Session,
    act: str,
    *,
    user_id: str | None = None,
    consultation_id: str | None = None,
    subject: str = "",
    **facts: str | int | bool | None,
) -> AuditEntry:
    """Append one act. `facts` are identifiers, states and reasons: never words of an answer, never who answered."""
    if (
        session.get_bind().dialect.name == "postgresql"
    ):  # one chain, so one writer at a time; SQLite has just one
        session.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).first()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=now(),
        act=act,
        user_id=user_id,
        consultation_id=consultation_id,
        subject=subject,
        facts=json.dumps(facts, sort_keys=True, ensure_ascii=False),
        previous_hash=last.hash if last else FIRST,
    )
    entry.hash = chained(entry)
    session.add(entry)
    session.flush()
    return entry


def chained(entry: AuditEntry) -> str:
    """SHA-256 over the row's own values and the hash before it."""
    parts = (
        entry.number,
        entry.at.isoformat(timespec="microseconds"),
        entry.act,
        entry.user_id,
        entry.consultation_id,
        entry.subject,
        entry.facts,
        entry.previous_hash,
    )
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8")).hexdigest()


def first_broken(session: Session) -> int | None:
    """The number of the first row that was changed or follows a gap, or None where the chain holds."""
    expected_number, expected_hash = 1, FIRST
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)
    ):
        whole = entry.number == expected_number and entry.previous_hash == expected_hash
        if not whole or entry.hash != chained(entry):
            return entry.number
        expected_number, expected_hash = entry.number + 1, entry.hash
    return None
