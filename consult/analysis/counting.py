"""Keeping tallies at hand, each step in a transaction of its own: see consult.jobs.keep_tallies."""

from collections.abc import Mapping

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from consult.analysis.kept import FiguresChange, KeptTally
from consult.analysis.queries.tallies import READY, counted, name_of
from consult.consultations.models import Consultation

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
    return {
        name_of(by): [[*key, number] for key, number in counted(session, consultation, *by).items()]
        for by in READY
    }


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
