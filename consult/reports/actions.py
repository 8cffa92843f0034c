"""Takeaways, freezing and publishing. The only writers of editions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure import keep_published
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core import audit, clock, outbox, storage
from consult.core.database import unhurried
from consult.core.errors import Refused, StaleRead
from consult.reports import queries
from consult.reports.document import canonical, document_hash, parsed, tombstone
from consult.reports.enums import EditionState, ErasureKind
from consult.reports.models import Edition, EditionFile, EditionQuote, Erasure, Takeaway
from consult.reports.rules import may_be_withdrawn, move
from consult.reports.sketching import Sketch, sketched, still_stands

RENDER = "render_edition"
"""The kind of job that makes an edition's files; its payload is {"edition": id}."""


def set_takeaways(
    session: Session, consultation: Consultation, takeaways: Sequence[tuple[str, Sequence[str]]]
) -> list[Takeaway]:
    """Replace a consultation's takeaways by these, each (text, theme codes). Editions keep the old ones.

    Where they say what stands already, nothing is touched, nor what was picked as their evidence.
    """
    standing = list(queries.takeaways_of(session, consultation))
    if [(one.text, list(one.theme_codes)) for one in standing] == [(t, list(c)) for t, c in takeaways]:
        return standing
    session.execute(delete(Takeaway).where(Takeaway.consultation_id == consultation.id))
    rows = [
        Takeaway(consultation_id=consultation.id, position=position, text=text, theme_codes=list(codes))
        for position, (text, codes) in enumerate(takeaways, start=1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def freeze(session: Session, consultation: Consultation, *, by: User, found: Sketch | None = None) -> Edition:
    """A new numbered edition of what is published now. Raises Refused while nothing is approved.

    `found` was worked out in a reading session, so that nobody waits for it to be; where it does not stand any more, it
    is worked out anew.
    """
    _one_at_a_time(session, consultation)
    unhurried(session)
    if found is None or not still_stands(session, consultation, found):
        found = sketched(session, consultation)
    edition = Edition(
        consultation_id=consultation.id,
        number=found.number,
        state=EditionState.FROZEN,
        document=found.text,
        document_hash=document_hash(found.text),
        ground_rules_id=found.ground_rules_id,
        frozen_by=by.id,
        frozen_at=clock.now(),
    )
    session.add(edition)
    session.flush()
    if found.sources:
        session.execute(
            insert(EditionQuote),
            [
                {"edition_id": edition.id, "position": position, "revision_id": source}
                for position, source in enumerate(found.sources)
            ],
        )
    audit.record(
        session,
        "edition.freeze",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=edition.id,
        number=found.number,
        document_hash=edition.document_hash,
    )
    rules = ground_rules_in_force(session, consultation)
    keep_published(session, consultation, rules, by=by, found=found.publication)
    outbox.promise(session, RENDER, edition=edition.id)
    return edition


def approve(session: Session, edition: Edition, *, read: str, by: User) -> Edition:
    """A second director has read the edition whose document has that hash. Raises Refused, or StaleRead."""
    session.refresh(edition, ["state", "approved_by", "document_hash"], with_for_update=True)
    if edition.frozen_by == by.id:
        raise Refused("You froze this edition yourself, so another programme director has to approve it.")
    if edition.approved_by is not None or edition.state is not EditionState.FROZEN:
        raise Refused("Edition %(number)s is approved already.", number=edition.number)
    if read != edition.document_hash:
        raise StaleRead(
            "Words were taken out of this edition since you read it. Read it again, then approve."
        )
    edition.approved_by, edition.approved_at = by.id, clock.now()
    session.flush()
    audit.record(
        session,
        "edition.approve",
        user_id=by.id,
        consultation_id=edition.consultation_id,
        subject=edition.id,
        number=edition.number,
        document_hash=edition.document_hash,
    )
    return edition


def publish(session: Session, edition: Edition, *, by: User) -> Edition:
    """Make an approved edition the public one; the one that was is superseded. Raises Refused for any other."""
    consultation = session.get_one(Consultation, edition.consultation_id)
    _one_at_a_time(session, consultation)
    session.refresh(edition, ["state", "approved_by"])
    if edition.approved_by is None and edition.state is EditionState.FROZEN:
        raise Refused(
            "Edition %(number)s waits for approval by a programme director who did not freeze it.",
            number=edition.number,
        )
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


def withdraw(session: Session, edition: Edition, *, why: str, by: User) -> Edition:
    """Take a published edition back. Whoever asks for it is told so and why; its files are thrown away.

    What it said stays on the desk, which has to answer for it. Raises Refused for one that was never public.
    """
    consultation = session.get_one(Consultation, edition.consultation_id)
    _one_at_a_time(session, consultation)
    session.refresh(edition, ["state", "withdrawn_at"])
    if not may_be_withdrawn(edition):
        raise Refused("Edition %(number)s is not public, so it cannot be taken back.", number=edition.number)
    if edition.state is EditionState.PUBLISHED:
        move(edition, EditionState.SUPERSEDED)
    edition.withdrawn_at, edition.withdrawn_why = clock.now(), why
    _throw_files_away(session, edition)
    session.flush()
    audit.record(
        session,
        "edition.withdraw",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=edition.id,
        number=edition.number,
    )
    return edition


def erase(
    session: Session,
    consultation: Consultation,
    revision_ids: Sequence[str],
    *,
    kind: ErasureKind,
    response_id: str,
    day: date | None,
) -> Erasure:
    """Take what these revisions said out of every edition, and note in the ledger that it was done.

    A tombstone stands in its place, the hash follows, the edition counts its corrections, and its files are thrown
    away and rendered anew. Figures stay. `day` is None unless the timing switch keeps days; an audit entry would be a
    finer time, so there is none.
    """
    quoted: dict[str, list[int]] = {}
    places = select(EditionQuote).where(EditionQuote.revision_id.in_(revision_ids))
    for place in session.scalars(places):
        quoted.setdefault(place.edition_id, []).append(place.position)
    numbers = []
    for edition_id in sorted(quoted):
        edition = queries.edition_held(session, edition_id)
        _take_out(edition, quoted[edition_id])
        numbers.append(edition.number)
        _throw_files_away(session, edition)
        outbox.promise(session, RENDER, edition=edition.id)
    session.execute(delete(EditionQuote).where(EditionQuote.revision_id.in_(revision_ids)))
    entry = Erasure(
        consultation_id=consultation.id,
        response_id=response_id,
        kind=kind,
        editions=sorted(numbers),
        day=day,
    )
    session.add(entry)
    session.flush()
    return entry


def _take_out(edition: Edition, positions: Sequence[int]) -> None:
    document = parsed(edition.document)
    language = document["consultation"]["language"]
    for position in positions:
        document["quotes"][position] = tombstone(document["quotes"][position], language)
    edition.corrections += len(positions)
    document["edition"]["corrections"] = edition.corrections
    edition.document = canonical(document)
    edition.document_hash = document_hash(edition.document)


def _throw_files_away(session: Session, edition: Edition) -> None:
    files = session.scalars(select(EditionFile.file_id).where(EditionFile.edition_id == edition.id)).all()
    session.execute(delete(EditionFile).where(EditionFile.edition_id == edition.id))
    session.execute(delete(storage.StoredFile).where(storage.StoredFile.id.in_(files)))


def keep_file(
    session: Session,
    edition: Edition,
    format_code: str,
    content: bytes,
    *,
    name: str,
    content_type: str,
    rendered_from: str | None = None,
) -> EditionFile | None:
    """Store an edition rendered in one format. Rendering twice keeps one file.

    `rendered_from` is the hash of the document that was rendered: if words were taken out of the edition meanwhile,
    nothing is kept, and the rendering that was promised with it makes the file.
    """
    session.refresh(edition, ["document_hash", "corrections"], with_for_update=True)
    if rendered_from not in (None, edition.document_hash):
        return None
    kept = session.scalars(
        select(EditionFile).where(EditionFile.edition_id == edition.id, EditionFile.format == format_code)
    ).first()
    if kept is not None:
        return kept
    file = storage.store(session, content, name=name, content_type=content_type)
    if edition.corrections:
        file.stored_at = edition.frozen_at  # the day of rendering would be that of the withdrawal
    kept = EditionFile(edition_id=edition.id, format=format_code, file_id=file.id)
    session.add(kept)
    session.flush()
    return kept


def _one_at_a_time(session: Session, consultation: Consultation) -> None:
    """Two who freeze or publish at once queue here, so that numbers follow each other and one edition is public."""
    session.execute(select(Consultation.id).where(Consultation.id == consultation.id).with_for_update())
