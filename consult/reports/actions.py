"""Takeaways, freezing and publishing. The only writers of editions."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core import audit, clock, outbox, storage
from consult.core.errors import Refused
from consult.reports import queries
from consult.reports.document import canonical, document_hash
from consult.reports.drafting import draft, has_answers
from consult.reports.enums import EditionState
from consult.reports.models import Edition, EditionFile, Takeaway
from consult.reports.rules import move

RENDER = "render_edition"
"""The kind of job that makes an edition's files; its payload is {"edition": id}."""


def set_takeaways(
    session: Session, consultation: Consultation, takeaways: Sequence[tuple[str, Sequence[str]]]
) -> list[Takeaway]:
    """Replace a consultation's takeaways by these, each (text, theme codes). Editions keep the old ones."""
    session.execute(delete(Takeaway).where(Takeaway.consultation_id == consultation.id))
    rows = [
        Takeaway(consultation_id=consultation.id, position=position, text=text, theme_codes=list(codes))
        for position, (text, codes) in enumerate(takeaways, start=1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def freeze(session: Session, consultation: Consultation, *, by: User) -> Edition:
    """A new numbered edition of what is published now. Raises Refused while nothing is approved."""
    _one_at_a_time(session, consultation)
    number = queries.next_number(session, consultation)
    document = draft(session, consultation, number=number, on=clock.now().date())
    if not has_answers(document):
        raise Refused("No answer is approved yet. Approve at least one in the queue, then freeze again.")
    text = canonical(document)
    edition = Edition(
        consultation_id=consultation.id,
        number=number,
        state=EditionState.FROZEN,
        document=text,
        document_hash=document_hash(text),
        ground_rules_id=ground_rules_in_force(session, consultation).id,
        frozen_by=by.id,
        frozen_at=clock.now(),
    )
    session.add(edition)
    session.flush()
    audit.record(
        session,
        "edition.freeze",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=edition.id,
        number=number,
        document_hash=edition.document_hash,
    )
    outbox.promise(session, RENDER, edition=edition.id)
    return edition


def publish(session: Session, edition: Edition, *, by: User) -> Edition:
    """Make an edition the public one; the one that was is superseded. Raises Refused if it was published before."""
    consultation = session.get_one(Consultation, edition.consultation_id)
    _one_at_a_time(session, consultation)
    session.refresh(edition, ["state"])
    earlier = queries.published_edition(session, consultation)
    if earlier is not None and earlier is not edition:
        move(earlier, EditionState.SUPERSEDED)
        session.flush()
    move(edition, EditionState.PUBLISHED)
    edition.published_at = clock.now()
    session.flush()
    audit.record(
        session,
        "edition.publish",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=edition.id,
        number=edition.number,
        supersedes=earlier.number if earlier else None,
    )
    return edition


def keep_file(
    session: Session, edition: Edition, format_code: str, content: bytes, *, name: str, content_type: str
) -> EditionFile:
    """Store an edition rendered in one format. Rendering twice keeps one file."""
    kept = session.scalars(
        select(EditionFile).where(EditionFile.edition_id == edition.id, EditionFile.format == format_code)
    ).first()
    if kept is not None:
        return kept
    file = storage.store(session, content, name=name, content_type=content_type)
    kept = EditionFile(edition_id=edition.id, format=format_code, file_id=file.id)
    session.add(kept)
    session.flush()
    return kept


def _one_at_a_time(session: Session, consultation: Consultation) -> None:
    """Two who freeze or publish at once queue here, so that numbers follow each other and one edition is public."""
    session.execute(select(Consultation.id).where(Consultation.id == consultation.id).with_for_update())
