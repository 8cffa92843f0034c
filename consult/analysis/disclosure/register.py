"""The register of released tables: what is in it stays, and every later table is checked against it."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure.attack import Fact
from consult.analysis.disclosure.gridding import View
from consult.analysis.disclosure.grids import GridEntry, ReleasedTable, TableRequest
from consult.analysis.disclosure.sequences import Earlier
from consult.analysis.kept import ReleasedFigures
from consult.consultations.models import Consultation, GroundRules
from consult.core import clock


def released_tables(session: Session, consultation: Consultation) -> list[ReleasedTable]:
    """Every table released so far, the newest first."""
    return [ReleasedTable.kept(row.number, row.document) for row in reversed(_rows(session, consultation))]


def released_table(session: Session, consultation: Consultation, number: int) -> ReleasedTable | None:
    """The table with that number."""
    row = session.scalars(
        select(ReleasedFigures).where(
            ReleasedFigures.consultation_id == consultation.id, ReleasedFigures.number == number
        )
    ).first()
    return ReleasedTable.kept(row.number, row.document) if row else None


def earlier_tables(session: Session, consultation: Consultation) -> list[Earlier]:
    """What they all said, as somebody would note it down who wants to subtract. Holds the register until the end."""
    session.execute(select(Consultation.id).where(Consultation.id == consultation.id).with_for_update())
    return [
        Earlier(
            row.facts[0], tuple(tuple(Fact.from_document(fact) for fact in view) for view in row.facts[1])
        )
        for row in _rows(session, consultation)
    ]


def standing(session: Session, consultation: Consultation, request: TableRequest) -> ReleasedTable | None:
    """The newest table that was released for the same request."""
    row = session.scalars(
        select(ReleasedFigures)
        .where(
            ReleasedFigures.consultation_id == consultation.id,
            ReleasedFigures.request_hash == _hash(request),
        )
        .order_by(ReleasedFigures.number.desc())
        .limit(1)
    ).first()
    return ReleasedTable.kept(row.number, row.document) if row else None


def register(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    request: TableRequest,
    entry: GridEntry,
    *,
    views: Sequence[View],
    people: int,
    by: User | None,
) -> ReleasedTable:
    """Enter a table; the same table once more is the one that is there."""
    before = standing(session, consultation, request)
    if before is not None and before.document == entry:
        return before
    last = session.scalar(
        select(func.max(ReleasedFigures.number)).where(ReleasedFigures.consultation_id == consultation.id)
    )
    row = ReleasedFigures(
        consultation_id=consultation.id,
        number=(last or 0) + 1,
        request=request.to_document(),
        request_hash=_hash(request),
        document=dict(entry),
        facts=[people, [[fact.to_document() for fact in view.facts] for view in views]],
        ground_rules_id=rules.id,
        released_by=by.id if by else None,
        released_on=clock.now().date(),
    )
    session.add(row)
    session.flush()
    return ReleasedTable(row.number, entry)


def _rows(session: Session, consultation: Consultation) -> Sequence[ReleasedFigures]:
    return session.scalars(
        select(ReleasedFigures)
        .where(ReleasedFigures.consultation_id == consultation.id)
        .order_by(ReleasedFigures.number)
    ).all()


def _hash(request: TableRequest) -> str:
    return hashlib.sha256(json.dumps(request.to_document(), sort_keys=True).encode("utf-8")).hexdigest()
