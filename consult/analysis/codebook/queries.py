"""Reading a codebook's versions, and the answers behind one of its themes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.models import CodebookVersion, Coding, Theme
from consult.analysis.queries.codebook import STANDS
from consult.consultations.models import Consultation
from consult.core.text import fold
from consult.moderation.models import PublishedText
from consult.responses.models import Revision


def all_themes(session: Session, consultation: Consultation) -> Sequence[Theme]:
    """Every theme that there ever was, in the codebook's order, retired and merged ones too."""
    return session.scalars(
        select(Theme)
        .where(Theme.consultation_id == consultation.id)
        .order_by(Theme.position, Theme.code, Theme.id)
    ).all()


@dataclass(frozen=True)
class KeptVersion:
    """A version of the codebook, and by whom it was made; nobody where a definition was loaded."""

    version: CodebookVersion
    by: str | None


def versions_of(session: Session, consultation: Consultation, *, limit: int = 50) -> list[KeptVersion]:
    """The newest first."""
    rows = session.execute(
        select(CodebookVersion, User.name)
        .outerjoin(User, User.id == CodebookVersion.kept_by)
        .where(CodebookVersion.consultation_id == consultation.id)
        .order_by(CodebookVersion.number.desc())
        .limit(limit)
    )
    return [KeptVersion(version, by) for version, by in rows]


def version_numbered(session: Session, consultation: Consultation, number: int) -> KeptVersion | None:
    """The version with that number."""
    row = session.execute(
        select(CodebookVersion, User.name)
        .outerjoin(User, User.id == CodebookVersion.kept_by)
        .where(CodebookVersion.consultation_id == consultation.id, CodebookVersion.number == number)
    ).first()
    return KeptVersion(*row) if row else None


def newest_number(session: Session, consultation: Consultation) -> int:
    """The number of the newest version, or 0."""
    statement = select(func.max(CodebookVersion.number)).where(
        CodebookVersion.consultation_id == consultation.id
    )
    return session.scalar(statement) or 0


def answers_behind(session: Session, themes: Collection[Theme]) -> dict[str, int]:
    """Theme id → on how many answers it stands, at all meetings. For those who keep the codebook."""
    statement = (
        select(Coding.theme_id, func.count(distinct(Coding.revision_id)))
        .where(Coding.theme_id.in_([theme.id for theme in themes]), STANDS)
        .group_by(Coding.theme_id)
    )
    return dict(session.execute(statement).all())


@dataclass(frozen=True)
class Coded:
    """An answer with a theme, as published; `segments` is None where its words are only counted."""

    revision_id: str
    segments: list[list[str | None]] | None
    language: str


def answers_with(session: Session, theme: Theme, *, words: str = "", limit: int = 100) -> list[Coded]:
    """Answers on which the theme stands, in a shuffled order; with `words` those whose published text has them all."""
    statement = (
        select(Revision.id, PublishedText.segments, Revision.language, PublishedText.text)
        .outerjoin(PublishedText, PublishedText.revision_id == Revision.id)
        .where(
            Revision.id.in_(select(Coding.revision_id).where(Coding.theme_id == theme.id, STANDS)),
            Revision.current.is_(True),
        )
        .order_by(Revision.search_key)
    )
    wanted, found = fold(words).split(), []
    for revision_id, segments, language, text in session.execute(statement):
        folded = fold(text or "")
        if all(word in folded for word in wanted):
            found.append(Coded(revision_id, segments, language))
            if len(found) == limit:
                break
    return found
