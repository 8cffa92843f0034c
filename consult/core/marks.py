"""What changes rarely is read once a process and kept while its mark in the database stands.

Triggers give a mark another random number in the very transaction that changes what it stands for, whoever changes it.
A mark is read before what is kept under it, in the same transaction, so nothing older is ever kept under a newer mark.
"""

from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import BigInteger, ScalarSelect, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consult.core.database import KEPT, WITHOUT_ROWID, Base

_MOST_KEPT = 2000

Kept = TypeVar("Kept")


class Changing(StrEnum):
    """What has a mark."""

    SETTING = "setting"
    """Consultations, ground rules, questions, wordings, meetings, what is asked there."""
    ROSTER = "roster"
    """Who is invited where, and what is copied from them to a response."""


class ChangeMark(Base):
    """A random number that another takes the place of with every change.

    On PostgreSQL each connection moves a number of its own in one of a few slots, so that two do not wait for each
    other; the mark is the sum.
    """

    __tablename__ = "change_mark"
    __table_args__ = WITHOUT_ROWID

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)


class Marks(NamedTuple):
    """Both marks as a transaction read them."""

    setting: int
    roster: int


def column_of(changing: Changing) -> ScalarSelect[Any]:
    """The mark as a column of some other statement."""
    return select(func.sum(ChangeMark.number)).where(ChangeMark.name == changing.value).scalar_subquery()


_MARKS = select(column_of(Changing.SETTING), column_of(Changing.ROSTER))


def marks(session: Session) -> Marks:
    """The marks as they stand for this transaction."""
    setting, roster = session.execute(_MARKS).one()
    return Marks(int(setting), int(roster))


def kept(session: Session, key: Hashable, under: Hashable, read: Callable[[], Kept]) -> Kept:
    """What was read under those marks earlier in this process, else what `read` reads now.

    Only for what names nobody and nobody wrote as a participant.
    """
    store: dict[Hashable, tuple[Hashable, Any]] | None = session.info.get(KEPT)
    if store is None:
        return read()
    held = store.get(key)
    if held is not None and held[0] == under:
        return cast(Kept, held[1])
    value = read()
    if len(store) >= _MOST_KEPT:
        store.clear()
    store[key] = (under, value)
    return value
