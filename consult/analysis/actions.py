"""Keeping the codebook, and giving and taking back themes. The only writers of both."""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.codebook.actions import check_parent
from consult.analysis.enums import CodingState
from consult.analysis.models import Coding, Theme
from consult.analysis.queries import theme_by_code
from consult.analysis.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    check_codable,
    check_theme,
    checked_code,
    checked_text,
)
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import StaleRead
from consult.responses.models import Answer, Revision


def ensure_theme(
    session: Session,
    consultation: Consultation,
    *,
    code: str,
    title: str,
    description: str = "",
    position: int | None = None,
    parent: Theme | None = None,
    drawn_from: str = "",
) -> Theme:
    """The consultation's theme with that code, made if there is none and brought to these words otherwise.

    Without a position a new theme comes last. A retired theme that is named again is in use again; one that was merged
    into another stays where it went.
    """
    title = checked_text(title, "title", LONGEST_TITLE, needed=True)
    description = checked_text(description, "description", LONGEST_DESCRIPTION)
    drawn_from = checked_text(drawn_from, "drawn_from", LONGEST_SOURCE)
    theme = theme_by_code(session, consultation, checked_code(code))
    if position is None:
        last = select(func.max(Theme.position)).where(Theme.consultation_id == consultation.id)
        position = theme.position if theme else (session.scalar(last) or 0) + 1
    if theme is None:
        theme = Theme(consultation_id=consultation.id, code=code, title=title, position=position)
        session.add(theme)
        session.flush()
    if theme.merged_into_id is not None:
        return theme
    check_parent(session, theme, parent)
    theme.title, theme.description, theme.drawn_from = title, description, drawn_from
    theme.position, theme.parent_id, theme.retired = position, parent.id if parent else None, False
    session.flush()
    return theme


def assign(session: Session, revision: Revision, theme: Theme, *, by: User) -> Coding:
    """Give a theme to the words that stand of an approved answer. What this person has already given stays one coding.

    Raises StaleRead when the words or the approval have moved on, Refused for a theme that cannot be given.
    """
    answer = hold(session, revision)
    check_theme(theme, answer.consultation_id)
    standing = session.scalars(
        select(Coding).where(
            Coding.revision_id == revision.id,
            Coding.theme_id == theme.id,
            Coding.coder_id == by.id,
            Coding.starts.is_(None),
            Coding.state == CodingState.CONFIRMED,
        )
    ).first()
    if standing is not None:
        return standing
    coding = Coding(
        revision_id=revision.id,
        theme_id=theme.id,
        coder_id=by.id,
        state=CodingState.CONFIRMED,
        coded_at=now(),
    )
    session.add(coding)
    session.flush()
    record(session, "assign", answer, theme, by)
    return coding


def unassign(session: Session, revision: Revision, theme: Theme, *, by: User) -> int:
    """Take a theme back from an answer, whoever gave it: their codings stay on record as removed. Says how many.

    Raises StaleRead when the words or the approval have moved on.
    """
    answer = hold(session, revision)
    removed = session.scalars(
        update(Coding)
        .where(
            Coding.revision_id == revision.id,
            Coding.theme_id == theme.id,
            Coding.coder_id.is_not(None),
            Coding.state == CodingState.CONFIRMED,
        )
        .values(state=CodingState.REMOVED)
        .returning(Coding.id)
    ).all()
    if removed:
        record(session, "unassign", answer, theme, by)
    return len(removed)


def recode(
    session: Session, revision: Revision, *, give: Iterable[Theme], take: Iterable[Theme], by: User
) -> None:
    """Give these themes and take those back, together or not at all. Themes not named stay as they are."""
    for theme in take:
        unassign(session, revision, theme, by=by)
    for theme in give:
        assign(session, revision, theme, by=by)


def hold(session: Session, revision: Revision) -> Answer:
    """The answer, locked until the transaction ends, so that no decision and no other coder comes in between."""
    answer = session.scalars(
        select(Answer)
        .where(Answer.id == revision.answer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    current = session.scalars(
        select(Revision).where(Revision.id == revision.id).execution_options(populate_existing=True)
    ).one_or_none()
    if answer is None or current is None:
        raise StaleRead("The words have changed since you read them. Read them again, then choose themes.")
    check_codable(answer, current)
    return answer


def record(session: Session, act: str, answer: Answer, theme: Theme, by: User) -> None:
    audit.record(
        session,
        act,
        user_id=by.id,
        consultation_id=answer.consultation_id,
        subject=answer.id,
        theme=theme.code,
    )
