"""The outline of a report, and the answers picked for its parts and takeaways."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.meetings.models import Meeting
from consult.reports.composing.models import Pick, ReportSection
from consult.reports.document import PARTS, SectionEntry
from consult.reports.models import Takeaway

Place = ReportSection | Takeaway
"""For what an answer is picked."""


def outline_of(session: Session, consultation: Consultation) -> list[ReportSection]:
    """The sections in their order; until somebody composes, PARTS, which the database does not hold yet."""
    kept = list(
        session.scalars(
            select(ReportSection)
            .where(ReportSection.consultation_id == consultation.id)
            .order_by(ReportSection.position, ReportSection.id)
        )
    )
    return kept or [
        ReportSection(
            consultation_id=consultation.id,
            code=code,
            position=position,
            hidden=False,
            heading="",
            body="",
            version=0,
        )
        for position, code in enumerate(PARTS, start=1)
    ]


def parts_missing(session: Session, consultation: Consultation) -> list[str]:
    """Those of PARTS that the outline has not: it was begun before there were such parts."""
    there = {section.code for section in outline_of(session, consultation)}
    return [code for code in PARTS if code not in there]


def is_composed(session: Session, consultation: Consultation) -> bool:
    """Whether somebody has begun to compose."""
    kept = select(ReportSection.id).where(ReportSection.consultation_id == consultation.id).limit(1)
    return session.scalar(kept) is not None


def section_coded(session: Session, consultation: Consultation, code: str) -> ReportSection | None:
    """One section of the outline."""
    return next((one for one in outline_of(session, consultation) if one.code == code), None)


def takeaway_in(session: Session, consultation: Consultation, takeaway_id: str) -> Takeaway | None:
    """One takeaway of this consultation."""
    return session.scalars(
        select(Takeaway).where(Takeaway.id == takeaway_id, Takeaway.consultation_id == consultation.id)
    ).first()


def picked_for(session: Session, place: Place) -> list[str]:
    """The revisions picked for a section or a takeaway, in the order of picking."""
    column = Pick.section_id if isinstance(place, ReportSection) else Pick.takeaway_id
    return list(
        session.scalars(select(Pick.revision_id).where(column == place.id).order_by(Pick.position, Pick.id))
    )


def picks_in(session: Session, consultation: Consultation) -> dict[str, list[str]]:
    """Section or takeaway id → the revisions picked for it."""
    found: dict[str, list[str]] = {}
    for statement in (
        select(Pick.section_id, Pick.revision_id)
        .join(ReportSection, ReportSection.id == Pick.section_id)
        .where(ReportSection.consultation_id == consultation.id)
        .order_by(Pick.position, Pick.id),
        select(Pick.takeaway_id, Pick.revision_id)
        .join(Takeaway, Takeaway.id == Pick.takeaway_id)
        .where(Takeaway.consultation_id == consultation.id)
        .order_by(Pick.position, Pick.id),
    ):
        for place, revision_id in session.execute(statement):
            found.setdefault(place or "", []).append(revision_id)
    return found


def meeting_of(session: Session, section: ReportSection) -> Meeting | None:
    """The meeting that a text is about."""
    return session.get(Meeting, section.meeting_id) if section.meeting_id else None


def section_entries(
    session: Session, consultation: Consultation, places: dict[str, int], picks: dict[str, list[str]]
) -> list[SectionEntry] | None:
    """What an edition prints and in which order; None where nobody has composed. `places`: revision → its quote."""
    if not is_composed(session, consultation):
        return None
    return [
        {
            "code": section.code,
            "heading": section.heading,
            "body": section.body,
            "quotes": chosen(picks.get(section.id, ()), places),
        }
        for section in outline_of(session, consultation)
        if not section.hidden
    ]


def chosen(picked: Sequence[str], places: dict[str, int]) -> list[int]:
    """Where the picked answers stand among the quotes; those that may not be quoted now are passed by."""
    return [places[revision_id] for revision_id in picked if revision_id in places]
