"""Finding editions and takeaways."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import consultations_by_title
from consult.core.storage import StoredFile
from consult.meetings.models import Meeting
from consult.reports.document import STORY, Document, abridged, parsed
from consult.reports.enums import EditionState
from consult.reports.models import Edition, EditionFile, Takeaway

OPEN = (EditionState.PUBLISHED, EditionState.SUPERSEDED)
"""States in which anybody may read an edition, unless it was taken back."""
IS_OPEN = and_(Edition.state.in_(OPEN), Edition.withdrawn_at.is_(None))


def published_edition(session: Session, consultation: Consultation) -> Edition | None:
    """The one edition that is published now, with its document."""
    return session.scalars(
        select(Edition)
        .where(Edition.consultation_id == consultation.id, Edition.state == EditionState.PUBLISHED)
        .options(undefer(Edition.document))
    ).first()


def story_of(session: Session, edition_id: str) -> Document:
    """The abridged document of an edition as the worker keeps it; until it has, abridged from the whole."""
    kept = session.scalar(
        select(StoredFile.content)
        .join(EditionFile, EditionFile.file_id == StoredFile.id)
        .where(EditionFile.edition_id == edition_id, EditionFile.format == STORY)
    )
    if kept is not None:
        return parsed(kept.decode("utf-8"))
    return abridged(parsed(session.scalars(select(Edition.document).where(Edition.id == edition_id)).one()))


def open_edition(session: Session, consultation: Consultation, number: int) -> Edition | None:
    """An edition that anybody may read, with its document. A frozen one is not there."""
    return session.scalars(
        select(Edition)
        .where(Edition.consultation_id == consultation.id, Edition.number == number, IS_OPEN)
        .options(undefer(Edition.document))
    ).first()


def withdrawn_edition(
    session: Session, consultation: Consultation, number: int | None = None
) -> Edition | None:
    """The edition with that number if it was taken back, else the last one that was. Without its document."""
    found = select(Edition).where(
        Edition.consultation_id == consultation.id, Edition.withdrawn_at.is_not(None)
    )
    if number is not None:
        found = found.where(Edition.number == number)
    return session.scalars(found.order_by(Edition.number.desc()).limit(1)).first()


def edition_numbered(session: Session, consultation: Consultation, number: int) -> Edition | None:
    """An edition in whatever state, for staff."""
    return session.scalars(
        select(Edition).where(Edition.consultation_id == consultation.id, Edition.number == number)
    ).first()


def editions_of(session: Session, consultation: Consultation) -> Sequence[Edition]:
    """Every edition, newest first, with its files but neither document nor contents."""
    return session.scalars(
        select(Edition)
        .where(Edition.consultation_id == consultation.id)
        .order_by(Edition.number.desc())
        .options(selectinload(Edition.files).joinedload(EditionFile.file))
    ).all()


def open_editions_of(session: Session, consultation: Consultation) -> Sequence[Edition]:
    """The editions that anybody may read, newest first, without their documents."""
    return session.scalars(
        select(Edition)
        .where(Edition.consultation_id == consultation.id, IS_OPEN)
        .order_by(Edition.number.desc())
    ).all()


@dataclass(frozen=True)
class Listed:
    """A consultation as the public list shows it."""

    consultation: Consultation
    rules: GroundRules
    meetings: list[Meeting]
    published: bool


def listed(session: Session) -> list[Listed]:
    """Every consultation but drafts, by title, with meetings and whether an edition is published, in four queries."""
    meetings: dict[str, list[Meeting]] = {}
    for meeting in session.scalars(select(Meeting).order_by(Meeting.position, Meeting.id)):
        meetings.setdefault(meeting.consultation_id, []).append(meeting)
    in_force = {
        rules.consultation_id: rules
        for rules in session.scalars(select(GroundRules).order_by(GroundRules.version))
    }
    published = set(
        session.scalars(select(Edition.consultation_id).where(Edition.state == EditionState.PUBLISHED))
    )
    return [
        Listed(found, in_force[found.id], meetings.get(found.id, []), found.id in published)
        for found in consultations_by_title(session)
        if not found.draft
    ]


def next_number(session: Session, consultation: Consultation) -> int:
    """The number that the next edition gets; the first is 1."""
    highest = session.scalar(
        select(func.max(Edition.number)).where(Edition.consultation_id == consultation.id)
    )
    return (highest or 0) + 1


def document_of(session: Session, edition: Edition) -> Document:
    """The document of an edition."""
    return parsed(
        edition.document
        if "document" in edition.__dict__
        else session.scalars(select(Edition.document).where(Edition.id == edition.id)).one()
    )


def edition_by_id(session: Session, edition_id: str) -> Edition | None:
    """An edition with its document, for the job that renders it."""
    return session.get(Edition, edition_id, options=[undefer(Edition.document)])


def edition_held(session: Session, edition_id: str) -> Edition:
    """An edition with its document, held against everybody else until the transaction ends."""
    return session.scalars(
        select(Edition)
        .where(Edition.id == edition_id)
        .options(undefer(Edition.document))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def formats_kept(session: Session, edition: Edition) -> set[str]:
    """The formats in which an edition is stored already."""
    return set(session.scalars(select(EditionFile.format).where(EditionFile.edition_id == edition.id)))


def files_of(session: Session, edition: Edition) -> dict[str, int]:
    """Format → bytes of the edition's stored files, none of them read."""
    rows = session.execute(
        select(EditionFile.format, StoredFile.size)
        .join(StoredFile, StoredFile.id == EditionFile.file_id)
        .where(EditionFile.edition_id == edition.id)
    )
    return {row[0]: row[1] for row in rows}


def file_of(session: Session, edition: Edition, format_code: str) -> StoredFile | None:
    """The stored file of an edition in one format, with its contents."""
    found = session.scalars(
        select(EditionFile)
        .where(EditionFile.edition_id == edition.id, EditionFile.format == format_code)
        .options(joinedload(EditionFile.file).undefer(StoredFile.content))
    ).first()
    return found.file if found else None


def takeaways_of(session: Session, consultation: Consultation) -> Sequence[Takeaway]:
    """The takeaways in their order."""
    return session.scalars(
        select(Takeaway)
        .where(Takeaway.consultation_id == consultation.id)
        .order_by(Takeaway.position, Takeaway.id)
    ).all()


def published_after(session: Session, slug: str, most: int) -> Sequence[tuple[Consultation, int]]:
    """Consultations with a published edition and its number, by slug, from the one after `slug` on."""
    return [
        (row[0], row[1])
        for row in session.execute(
            select(Consultation, Edition.number)
            .join(Edition, Edition.consultation_id == Consultation.id)
            .where(
                Edition.state == EditionState.PUBLISHED,
                Consultation.draft.is_(False),
                Consultation.slug > slug,
            )
            .order_by(Consultation.slug)
            .limit(most)
        )
    ]


def open_editions_after(
    session: Session, consultation: Consultation, number: int, most: int
) -> Sequence[Edition]:
    """The editions that anybody may read, oldest first, from the one after `number` on, without their documents."""
    return session.scalars(
        select(Edition)
        .where(Edition.consultation_id == consultation.id, Edition.number > number, IS_OPEN)
        .order_by(Edition.number)
        .limit(most)
    ).all()
