"""The audit log: who of the staff did what. Append-only, chained by hashes, and without anybody's words."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consult.core.clock import now
from consult.core.database import Base, Database, UtcDateTime
from consult.core.identifiers import ID_LENGTH

FIRST = "0" * 64
_PAGE = 1000


class AuditEntry(Base):
    """One act of staff. Each row holds the hash of the one before; the database refuses change and deletion."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_act", "act", "number"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    consultation_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    subject: Mapped[str] = mapped_column(String(64), default="")
    facts: Mapped[str] = mapped_column(Text, default="{}")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The one row that says where the chain ends, so that a cut-off end is missed.

    The database moves it with each entry, and only ever on by one.
    """

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("one = 1", name="one_row"),)

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


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
    head = _head(session)
    entry = AuditEntry(
        number=head.number + 1,
        at=now(),
        act=act,
        user_id=user_id,
        consultation_id=consultation_id,
        subject=subject,
        facts=written(facts),
        previous_hash=head.hash,
    )
    entry.hash = chained(entry)
    session.add(entry)
    session.flush()  # with the row the database moves the head
    return entry


def record_once_a_day(database: Database, act: str, *, consultation_id: str, subject: str, what: str) -> None:
    """Append an act of a program that reads, in a short transaction of its own; a second one of the day is not told."""
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    told = select(AuditEntry.number).where(
        AuditEntry.act == act,
        AuditEntry.subject == subject,
        AuditEntry.at >= today,
        AuditEntry.facts == written({"what": what}),
    )
    with database.reading() as session:
        if session.scalars(told.limit(1)).first() is not None:
            return
    with database.transaction() as session:
        _head(session)
        if session.scalars(told.limit(1)).first() is None:
            record(session, act, consultation_id=consultation_id, subject=subject, what=what)


def written(facts: Mapping[str, str | int | bool | None]) -> str:
    """Facts as an entry keeps them: one way to write the same."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False)


def chain_end(session: Session) -> AuditHead:
    """Where the chain ends. Whoever notes number and hash elsewhere can prove later that nothing before was changed."""
    return session.scalars(select(AuditHead).execution_options(populate_existing=True)).one()


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
    """The number of the first row that was changed, follows a gap or was cut off, or None where the chain holds."""
    expected_number, expected_hash = 1, FIRST
    for entry in _entries(session):
        whole = entry.number == expected_number and entry.previous_hash == expected_hash
        if not whole or entry.hash != chained(entry):
            return entry.number
        expected_number, expected_hash = entry.number + 1, entry.hash
    head = session.scalars(select(AuditHead).execution_options(populate_existing=True)).first()
    if head is not None and (head.number + 1, head.hash) == (expected_number, expected_hash):
        return None
    return min(expected_number, head.number + 1) if head is not None else expected_number


def _head(session: Session) -> AuditHead:
    """The end of the chain, held until this transaction ends: one chain, so one writer at a time."""
    return session.scalars(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()


def _entries(session: Session) -> Iterator[AuditEntry]:
    """Every row in order, in pages, so that stopping early leaves no cursor open."""
    page = select(AuditEntry).order_by(AuditEntry.number).limit(_PAGE)
    statement = page
    while rows := session.scalars(statement).all():
        yield from rows
        statement = page.where(AuditEntry.number > rows[-1].number)
