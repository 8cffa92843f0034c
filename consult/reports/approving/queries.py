"""Named readers and what they opened; what of an edition the published view no longer carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, undefer

from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.identifiers import digest
from consult.moderation.published import printed, stands
from consult.reports.approving.models import EditionOpening, EditionReader
from consult.reports.document import Document, QuoteEntry
from consult.reports.models import Edition, EditionQuote
from consult.reports.queries import document_of

SHOWN_STALE = 50


@dataclass(frozen=True)
class ReaderEntry:
    """A reader with the number of openings and the last one."""

    reader: EditionReader
    openings: int
    last: datetime | None

    @property
    def works(self) -> bool:
        return not self.reader.revoked and self.reader.expires_at > now()


def readers_of(session: Session, edition: Edition) -> list[ReaderEntry]:
    """The edition's named readers, by name."""
    rows = session.execute(
        select(EditionReader, func.count(EditionOpening.id), func.max(EditionOpening.at))
        .outerjoin(EditionOpening, EditionOpening.reader_id == EditionReader.id)
        .where(EditionReader.edition_id == edition.id)
        .group_by(EditionReader.id)
        .order_by(EditionReader.name, EditionReader.id)
    )
    return [ReaderEntry(reader, openings, last) for reader, openings, last in rows]


def reader_of(session: Session, edition: Edition, reader_id: str) -> EditionReader | None:
    """One of the edition's readers."""
    return session.scalars(
        select(EditionReader).where(EditionReader.id == reader_id, EditionReader.edition_id == edition.id)
    ).first()


@dataclass(frozen=True)
class Reading:
    """A link that opens: whose it is, and what it opens."""

    reader: EditionReader
    edition: Edition
    consultation: Consultation


def reading_by_secret(session: Session, secret: str) -> Reading | None:
    """What that link opens now."""
    return _reading(session, EditionReader.secret_hash == digest(secret))


def reading_by_id(session: Session, reader_id: str) -> Reading | None:
    """The same for a browser that opened it: asked anew at every page, so that taking back works at once."""
    return _reading(session, EditionReader.id == reader_id)


def _reading(session: Session, which: ColumnElement[bool]) -> Reading | None:
    found = session.execute(
        select(EditionReader, Edition, Consultation)
        .join(Edition, Edition.id == EditionReader.edition_id)
        .join(Consultation, Consultation.id == Edition.consultation_id)
        .where(which, EditionReader.revoked.is_(False), EditionReader.expires_at > now())
        .options(undefer(Edition.document))
    ).first()
    return Reading(*found) if found else None


@dataclass(frozen=True)
class Stale:
    """A sentence of an edition that the published view does not carry any more; `gone` or printed otherwise."""

    text: str
    meeting: str
    gone: bool


def stale_editions(session: Session, editions: Sequence[Edition]) -> set[str]:
    """Which of these editions print an answer that is not in the published view any more. One query."""
    lacking = exists().where(EditionQuote.edition_id == Edition.id, ~stands(EditionQuote.revision_id))
    ids = [edition.id for edition in editions]
    return set(session.scalars(select(Edition.id).where(Edition.id.in_(ids), lacking)))


def stale_sentences(session: Session, edition: Edition) -> list[Stale]:
    """The answers that a changed decision took out of the published view or left there in other words.

    At most SHOWN_STALE. What its author took back stands in the edition as a tombstone already.
    """
    document: Document = document_of(session, edition)
    places = session.execute(
        select(EditionQuote.position, EditionQuote.revision_id)
        .where(EditionQuote.edition_id == edition.id)
        .order_by(EditionQuote.position)
    ).all()
    standing = printed(session, edition.consultation_id, [revision_id for _position, revision_id in places])
    found = []
    for position, revision_id in places:
        quote: QuoteEntry = document["quotes"][position]
        now_printed = standing.get(revision_id)
        if now_printed != (quote["text"], quote["line"]):
            found.append(Stale(quote["text"], quote["meeting"], now_printed is None))
        if len(found) == SHOWN_STALE:
            break
    return found
