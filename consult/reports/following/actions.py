"""Saying what was done with what people said. Only after a report is published; editable, dated, never deleted."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.errors import Refused, StaleRead
from consult.reports.following.models import FollowUp
from consult.reports.queries import published_edition

Words = tuple[str, str, str]
"""What was asked, what people said, what was done."""


def follow_up(
    session: Session, consultation: Consultation, on_day: date, words: Words, *, by: User
) -> FollowUp:
    """A new entry. Raises Refused before anything is published."""
    if published_edition(session, consultation) is None:
        raise Refused("Publish a report first: these entries stand on its story page.")
    asked, said, did = words
    entry = FollowUp(consultation_id=consultation.id, on_day=on_day, asked=asked, said=said, did=did)
    session.add(entry)
    session.flush()
    _record(session, "follow_up.add", entry, by)
    return entry


def change(session: Session, entry: FollowUp, on_day: date, words: Words, *, read: int, by: User) -> FollowUp:
    """Save over the version that was read. Raises StaleRead if somebody saved meanwhile."""
    asked, said, did = words
    _compared(session, entry, read, on_day=on_day, asked=asked, said=said, did=did)
    _record(session, "follow_up.write", entry, by)
    return entry


def take_back(session: Session, entry: FollowUp, *, by: User) -> FollowUp:
    """It is not shown any more."""
    _compared(session, entry, entry.version, taken_back=True)
    _record(session, "follow_up.take_back", entry, by)
    return entry


def _compared(session: Session, entry: FollowUp, read: int, **values: object) -> None:
    changed = session.execute(
        update(FollowUp)
        .where(FollowUp.id == entry.id, FollowUp.version == read)
        .values(version=FollowUp.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleRead("Somebody saved this while you were writing. Both texts stand below.")
    session.refresh(entry)


def _record(session: Session, act: str, entry: FollowUp, by: User) -> None:
    audit.record(session, act, user_id=by.id, consultation_id=entry.consultation_id, subject=entry.id)
