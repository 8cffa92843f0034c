"""Themes, and the codings that stand."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from consult.analysis.enums import CodingState
from consult.analysis.models import Coding, Theme
from consult.consultations.models import Consultation
from consult.responses.models import Revision

STANDS: ColumnElement[bool] = and_(Coding.state == CodingState.CONFIRMED, Coding.coder_id.is_not(None))
"""A person gave the theme, or confirmed it, and nobody has taken it back."""


def themes_of(session: Session, consultation: Consultation, *, retired: bool = False) -> Sequence[Theme]:
    """The codebook in order, each theme followed by those under it; retired ones only on request."""
    statement = (
        select(Theme)
        .where(Theme.consultation_id == consultation.id)
        .order_by(Theme.position, Theme.code, Theme.id)
    )
    themes = session.scalars(statement if retired else statement.where(Theme.retired.is_(False))).all()
    return _under_their_parents(themes)


def theme_by_code(session: Session, consultation: Consultation, code: str) -> Theme | None:
    """The consultation's theme with that code, retired or not."""
    return session.scalars(
        select(Theme).where(Theme.consultation_id == consultation.id, Theme.code == code)
    ).first()


def coded_with(theme: Theme) -> ColumnElement[bool]:
    """A condition on Revision, for a queue's filter: that theme stands on it."""
    return Revision.id.in_(select(Coding.revision_id).where(Coding.theme_id == theme.id, STANDS))


def theme_codes(session: Session, revision_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Revision → codes of the themes in use that stand on it, in the codebook's order. One query."""
    rows = session.execute(
        select(Coding.revision_id, Theme.code)
        .join(Theme, Theme.id == Coding.theme_id)
        .where(Coding.revision_id.in_(revision_ids), STANDS, Theme.retired.is_(False))
        .group_by(Coding.revision_id, Theme.code, Theme.position)
        .order_by(Theme.position, Theme.code)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for revision_id, code in rows:
        found[revision_id].append(code)
    return {revision_id: tuple(codes) for revision_id, codes in found.items()}


def theme_places(session: Session, consultation: Consultation) -> dict[str, tuple[int, str]]:
    """Theme in use → its place in the codebook's order and its code."""
    rows = session.execute(
        select(Theme.id, Theme.code)
        .where(Theme.consultation_id == consultation.id, Theme.retired.is_(False))
        .order_by(Theme.position, Theme.code)
    )
    return {theme_id: (place, code) for place, (theme_id, code) in enumerate(rows)}


def _under_their_parents(themes: Sequence[Theme]) -> list[Theme]:
    """Themes in depth-first order; one whose parent is not among them stands by itself."""
    present = {theme.id for theme in themes}
    under: dict[str | None, list[Theme]] = defaultdict(list)
    for theme in themes:
        under[theme.parent_id if theme.parent_id in present else None].append(theme)
    ordered: list[Theme] = []
    waiting = list(reversed(under[None]))
    while waiting:
        theme = waiting.pop()
        ordered.append(theme)
        waiting.extend(reversed(under[theme.id]))
    return ordered
