"""What followed a report."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.database import Database, table_of
from consult.reports.enums import EditionState
from consult.reports.following.models import FollowUp
from consult.reports.models import Edition


def followed_up(session: Session, consultation_id: str) -> Sequence[FollowUp]:
    """The entries that are shown, the newest day first."""
    return session.scalars(
        select(FollowUp)
        .where(FollowUp.consultation_id == consultation_id, FollowUp.taken_back.is_(False))
        .order_by(FollowUp.on_day.desc(), FollowUp.id)
    ).all()


def follow_up_in(session: Session, consultation: Consultation, entry_id: str) -> FollowUp | None:
    """One entry that is shown."""
    return next((one for one in followed_up(session, consultation.id) if one.id == entry_id), None)


_EDITION, _CONSULTATION, _ENTRY = (table_of(model).c for model in (Edition, Consultation, FollowUp))
_GROWN = select(func.sum(_ENTRY.version)).where(_ENTRY.consultation_id == _CONSULTATION.id).scalar_subquery()
_MARK = (
    select(_EDITION.id, _EDITION.document_hash, _GROWN)
    .join(table_of(Consultation), _CONSULTATION.id == _EDITION.consultation_id)
    .where(
        _CONSULTATION.slug == bindparam("slug"),
        _EDITION.state == literal_column(f"'{EditionState.PUBLISHED.value}'"),
    )
)
"""Put together once, past the object layer: it is asked before every page."""
Mark = tuple[str, str, str]
"""What the story page is made from: the published edition's identifier, its document's hash, and a number that grows
with every change to the entries."""


def mark_of(session: Session, slug: str) -> Mark | None:
    """The mark as a transaction sees it."""
    return _mark(session.connection().execute(_MARK, {"slug": slug}).first())


def mark_now(database: Database, slug: str) -> Mark | None:
    """The mark as it is committed, outside any transaction."""
    return _mark(database.glances.first(_MARK, slug=slug))


def _mark(found: Sequence[object] | None) -> Mark | None:
    return (str(found[0]), str(found[1]), str(found[2] or 0)) if found else None
