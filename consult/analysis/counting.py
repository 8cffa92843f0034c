"""Keeping tallies at hand, each step in a transaction of its own: see consult.jobs.keep_tallies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from consult.analysis.kept import FiguresChange, KeptTally
from consult.analysis.queries.tallies import ATTRIBUTES, MEETING, READY, THEME, WROTE, counted, name_of
from consult.consultations.models import Consultation

ONCE = (MEETING, *ATTRIBUTES)
"""What is counted together in one reading, and summed by less."""
Kept = Mapping[str, list[list[str | int | None]]]


def changed(session: Session) -> list[str]:
    """Consultations with a mark of change."""
    return sorted(session.scalars(select(FiguresChange.consultation_id).distinct()))


def forget(session: Session, consultation_id: str) -> None:
    """Take away the marks that are seen now, and with them what was kept before they were left."""
    session.execute(delete(KeptTally).where(KeptTally.consultation_id == consultation_id))
    session.execute(delete(FiguresChange).where(FiguresChange.consultation_id == consultation_id))


def taken(session: Session, consultation_id: str) -> Kept:
    """Every tally that is kept at hand, counted now."""
    consultation = session.get(Consultation, consultation_id)
    if consultation is None:
        return {}
    lasts: tuple[tuple[str, ...], ...] = ((), (THEME,), (WROTE,))
    whole = {last: counted(session, consultation, *ONCE, *last) for last in lasts}
    return {name_of(by): _summed(by, whole[by[-1:] if by[-1] in (THEME, WROTE) else ()]) for by in READY}


def _summed(by: Sequence[str], whole: Mapping[tuple[str | None, ...], int]) -> list[list[str | int | None]]:
    """A tally by fewer variables: everybody is at one meeting and has one value of each attribute."""
    places = [ONCE.index(name) if name in ONCE else len(ONCE) for name in by]
    sums: dict[tuple[str | None, ...], int] = defaultdict(int)
    for key, number in whole.items():
        sums[tuple(key[place] for place in places)] += number
    return [[*key, number] for key, number in sums.items()]


def keep(session: Session, consultation_id: str, tallies: Kept) -> bool:
    """Keep them, unless something has changed while they were counted; whether they were kept."""
    if not tallies or session.scalar(
        select(exists().where(FiguresChange.consultation_id == consultation_id))
    ):
        return False
    session.execute(delete(KeptTally).where(KeptTally.consultation_id == consultation_id))
    session.execute(
        insert(KeptTally),
        [
            {"consultation_id": consultation_id, "name": name, "cells": cells}
            for name, cells in tallies.items()
        ],
    )
    return True
