"""The register of released tables: what is in it stays, and every later table is checked against it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure.cells.attack import Fact
from consult.analysis.disclosure.cells.gridding import View
from consult.analysis.disclosure.cells.grids import GridEntry, ReleasedTable, TableRequest
from consult.analysis.disclosure.cells.sequences import Earlier
from consult.analysis.kept import ReleasedFigures
from consult.consultations.models import Consultation, GroundRules
from consult.core import clock

PUBLISHED = {"kind": "published"}
"""The request under which publications are kept: editions and exports for release."""


def released_tables(session: Session, consultation: Consultation) -> list[ReleasedTable]:
    """Every table released so far, the newest first; what publications said is no table."""
    return [
        ReleasedTable.kept(row.number, row.document)
        for row in reversed(_rows(session, consultation))
        if row.request != PUBLISHED
    ]


def released_table(session: Session, consultation: Consultation, number: int) -> ReleasedTable | None:
    """The table with that number."""
    row = session.scalars(
        select(ReleasedFigures).where(
            ReleasedFigures.consultation_id == consultation.id, ReleasedFigures.number == number
        )
    ).first()
    return ReleasedTable.kept(row.number, row.document) if row and row.request != PUBLISHED else None


def earlier_tables(session: Session, consultation: Consultation) -> list[Earlier]:
    """What tables and publications all said, as somebody would note it down who wants to subtract.

    Holds the register until the end of the transaction.
    """
    session.execute(select(Consultation.id).where(Consultation.id == consultation.id).with_for_update())
    return [_said(row) for row in _rows(session, consultation)]


def standing(session: Session, consultation: Consultation, request: TableRequest) -> ReleasedTable | None:
    """The newest table that was released for the same request."""
    row = session.scalars(
        select(ReleasedFigures)
        .where(
            ReleasedFigures.consultation_id == consultation.id,
            ReleasedFigures.request_hash == _hash(request.to_document()),
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
    counted: Mapping[str, Any],
    by: User | None,
) -> ReleasedTable:
    """Enter a table; the same table once more is the one that is there. `counted`: see `Publishing.with_a_table`."""
    before = standing(session, consultation, request)
    if before is not None and before.document == entry:
        return before
    facts = [people, [[fact.to_document() for fact in view.facts] for view in views], dict(counted)]
    number = _enter(session, consultation, rules, request.to_document(), dict(entry), facts, by)
    return ReleasedTable(number, entry)


@dataclass(frozen=True)
class Entered:
    """What a publication or a table said, and what is known of how it was counted. A table's `document` is None."""

    document: dict[str, Any] | None
    counted: dict[str, Any]
    said: Earlier


def entered(session: Session, consultation: Consultation) -> list[Entered]:
    """Everything in the register, the oldest first."""
    return [
        Entered(
            row.document if row.request == PUBLISHED else None,
            row.facts[2] if len(row.facts) > 2 else {},
            _said(row),
        )
        for row in _rows(session, consultation)
    ]


def register_publication(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    document: dict[str, Any],
    counted: dict[str, Any],
    *,
    views: Sequence[View],
    people: int,
    by: User | None,
) -> None:
    """Enter what a publication says, unless the one before said just that."""
    before = session.scalars(
        select(ReleasedFigures.document)
        .where(
            ReleasedFigures.consultation_id == consultation.id,
            ReleasedFigures.request_hash == _hash(PUBLISHED),
        )
        .order_by(ReleasedFigures.number.desc())
        .limit(1)
    ).first()
    if before != document:
        facts = [people, [[fact.to_document() for fact in view.facts] for view in views], counted]
        _enter(session, consultation, rules, PUBLISHED, document, facts, by)


def last_entered(session: Session, consultation: Consultation) -> int:
    """The number of the newest entry, or 0."""
    last = session.scalar(
        select(func.max(ReleasedFigures.number)).where(ReleasedFigures.consultation_id == consultation.id)
    )
    return last or 0


def _enter(  # noqa: PLR0917
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    request: dict[str, Any],
    document: dict[str, Any],
    facts: list[Any],
    by: User | None,
) -> int:
    row = ReleasedFigures(
        consultation_id=consultation.id,
        number=last_entered(session, consultation) + 1,
        request=request,
        request_hash=_hash(request),
        document=document,
        facts=facts,
        ground_rules_id=rules.id,
        released_by=by.id if by else None,
        released_on=clock.now().date(),
    )
    session.add(row)
    session.flush()
    return row.number


def _said(row: ReleasedFigures) -> Earlier:
    views = tuple(tuple(Fact.from_document(fact) for fact in view) for view in row.facts[1])
    return Earlier(row.facts[0], views)


def _rows(session: Session, consultation: Consultation) -> Sequence[ReleasedFigures]:
    return session.scalars(
        select(ReleasedFigures)
        .where(ReleasedFigures.consultation_id == consultation.id)
        .order_by(ReleasedFigures.number)
    ).all()


def _hash(request: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode("utf-8")).hexdigest()
