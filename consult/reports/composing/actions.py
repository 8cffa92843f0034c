"""Composing. Whoever saves words names the version that was read, so that nobody's are lost."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.errors import Invalid, Refused, StaleRead
from consult.core.identifiers import new_id
from consult.meetings.models import Meeting
from consult.reports.composing.models import LONGEST_TEXT, Pick, ReportSection
from consult.reports.composing.queries import Place, is_composed, outline_of, parts_missing, picked_for
from consult.reports.composing.shapes import Part
from consult.reports.document import PARTS
from consult.reports.models import Takeaway

MOST_SECTIONS = 60
MOST_TAKEAWAYS = 30
MOST_PICKS = 40
ALWAYS = ("method", "withheld")
"""Ground rules, procedure and what is not printed stand in every report."""
TEXT = "text-"
"""How the code of an author's own text begins."""


def start(
    session: Session, consultation: Consultation, parts: Sequence[Part], *, replace: bool, by: User
) -> None:
    """Begin with these parts. Raises Refused where a report is composed already and is not to be replaced."""
    if is_composed(session, consultation) and not replace:
        raise Refused("There is an outline already. Say that it may be replaced: its texts would be lost.")
    session.execute(delete(ReportSection).where(ReportSection.consultation_id == consultation.id))
    session.add_all(
        ReportSection(
            consultation_id=consultation.id,
            code=part.code or _new_code(),
            position=position,
            hidden=part.hidden,
            heading=part.heading[:200],
            body=part.body,
            meeting_id=part.meeting_id,
        )
        for position, part in enumerate(parts, start=1)
    )
    session.flush()
    _record(session, consultation, "report.start", by)


def kept(session: Session, consultation: Consultation, code: str) -> ReportSection | None:
    """The section with that code, in the database: the first change to a report writes its outline down."""
    outline = outline_of(session, consultation)
    if outline and outline[0].version == 0:
        for section in outline:
            section.version = 1
        session.add_all(outline)
        session.flush()
    return next((section for section in outline if section.code == code), None)


def add_text(
    session: Session, consultation: Consultation, heading: str, meeting: Meeting | None, *, by: User
) -> ReportSection:
    """A text of the authors' own, at the end."""
    kept(session, consultation, "")
    outline = outline_of(session, consultation)
    if len(outline) >= MOST_SECTIONS:
        raise Refused("A report has at most %(most)s parts.", most=MOST_SECTIONS)
    section = ReportSection(
        consultation_id=consultation.id,
        code=_new_code(),
        position=_last(session, consultation) + 1,
        heading=heading,
        meeting_id=meeting.id if meeting else None,
    )
    session.add(section)
    session.flush()
    _record(session, consultation, "report.add", by, section.code)
    return section


def write(
    session: Session, consultation: Consultation, code: str, *, heading: str, body: str, read: int, by: User
) -> ReportSection:
    """Save a section's words over the version that was read. Raises StaleRead if somebody saved meanwhile."""
    section = kept(session, consultation, code)
    if section is None:
        raise StaleRead(
            "This part was taken out of the report meanwhile. Copy your text, then add a part for it."
        )
    if len(body) > LONGEST_TEXT:
        raise Invalid("Shorten the text to %(most)s characters.", field="body", most=LONGEST_TEXT)
    if code.startswith(TEXT) and not heading:
        raise Invalid("Give this text a heading.", field="heading")
    _compared(session, ReportSection, section.id, max(read, 1), heading=heading, body=body)
    session.refresh(section)
    _record(session, consultation, "report.write", by, code)
    return section


def show(session: Session, consultation: Consultation, code: str, *, shown: bool) -> None:
    """Print a part, or leave it out; one that the outline never had comes last. Raises Refused for what stays."""
    if code in ALWAYS and not shown:
        raise Refused("Every report says how it was done and what was withheld. This part stays.")
    section = kept(session, consultation, code)
    if section is None and shown and code in parts_missing(session, consultation):
        section = ReportSection(
            consultation_id=consultation.id, code=code, position=_last(session, consultation) + 1
        )
        session.add(section)
    if section is not None:
        section.hidden = not shown
        session.flush()


def move(session: Session, consultation: Consultation, code: str, *, up: bool) -> None:
    """One place up or down; at the end it stays."""
    kept(session, consultation, code)
    outline = outline_of(session, consultation)
    _moved([section.code for section in outline].index(code), outline, up=up)
    session.flush()


def remove(session: Session, consultation: Consultation, code: str, *, by: User) -> None:
    """Take a text of the authors' own out. Raises Refused for a part that an edition fills by itself: hide that."""
    if code in PARTS:
        raise Refused("This part belongs to every report. Hide it instead.")
    session.execute(
        delete(ReportSection).where(
            ReportSection.consultation_id == consultation.id, ReportSection.code == code
        )
    )
    _record(session, consultation, "report.remove", by, code)


def pick(session: Session, place: Place, shown: Collection[str], wanted: Sequence[str]) -> None:
    """Of the answers that were `shown`, those `wanted` are picked and the others are not. Keeps the order.

    The caller has made sure that every one of `wanted` is quotable.
    """
    stands = [revision_id for revision_id in picked_for(session, place) if revision_id not in shown]
    standing = [one for one in picked_for(session, place) if one in wanted]
    new = [revision_id for revision_id in wanted if revision_id not in standing]
    order = [one for one in picked_for(session, place) if one in stands or one in standing] + list(
        dict.fromkeys(new)
    )
    if len(order) > MOST_PICKS:
        raise Refused("Pick at most %(most)s answers for one place.", most=MOST_PICKS)
    of_section = isinstance(place, ReportSection)
    session.execute(delete(Pick).where((Pick.section_id if of_section else Pick.takeaway_id) == place.id))
    session.add_all(
        Pick(
            section_id=place.id if of_section else None,
            takeaway_id=None if of_section else place.id,
            revision_id=revision_id,
            position=position,
        )
        for position, revision_id in enumerate(order, start=1)
    )
    session.flush()


def add_takeaway(session: Session, consultation: Consultation, text: str, *, by: User) -> Takeaway:
    """A takeaway at the end."""
    of_it = Takeaway.consultation_id == consultation.id
    number, last = session.execute(select(func.count(), func.max(Takeaway.position)).where(of_it)).one()
    if number >= MOST_TAKEAWAYS:
        raise Refused("A report has at most %(most)s takeaways.", most=MOST_TAKEAWAYS)
    takeaway = Takeaway(consultation_id=consultation.id, position=(last or 0) + 1, text=text)
    session.add(takeaway)
    session.flush()
    _record(session, consultation, "takeaway.add", by, takeaway.id)
    return takeaway


def write_takeaway(
    session: Session,
    takeaway: Takeaway,
    *,
    text: str,
    themes: Sequence[str],
    against: Sequence[str],
    read: int,
    by: User,
) -> Takeaway:
    """Save a takeaway over the version that was read. Raises Invalid for a theme on both sides, or StaleRead."""
    if set(themes) & set(against):
        raise Invalid("A theme cannot both carry a takeaway and speak against it.", field="against")
    _compared(
        session, Takeaway, takeaway.id, read, text=text, theme_codes=list(themes), against_codes=list(against)
    )
    session.refresh(takeaway)
    consultation = session.get_one(Consultation, takeaway.consultation_id)
    _record(session, consultation, "takeaway.write", by, takeaway.id)
    return takeaway


def move_takeaway(session: Session, takeaways: Sequence[Takeaway], takeaway: Takeaway, *, up: bool) -> None:
    """One place up or down among all of them."""
    _moved(list(takeaways).index(takeaway), list(takeaways), up=up)
    session.flush()


def remove_takeaway(session: Session, takeaway: Takeaway, *, by: User) -> None:
    """Take it out of what will be frozen; editions keep theirs."""
    consultation = session.get_one(Consultation, takeaway.consultation_id)
    session.delete(takeaway)
    session.flush()
    _record(session, consultation, "takeaway.remove", by, takeaway.id)


def _compared(session: Session, table: type[Place], row_id: str, read: int, **values: Any) -> None:
    changed = session.execute(
        update(table)
        .where(table.id == row_id, table.version == read)
        .values(version=table.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleRead("Somebody saved this while you were writing. Both texts stand below.")


def _moved(place: int, rows: Sequence[Any], *, up: bool) -> None:
    order = list(rows)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for position, row in enumerate(order, start=1):
        row.position = position


def _last(session: Session, consultation: Consultation) -> int:
    return outline_of(session, consultation)[-1].position


def _new_code() -> str:
    return TEXT + new_id()[:10]


def _record(session: Session, consultation: Consultation, act: str, by: User, subject: str = "") -> None:
    audit.record(session, act, user_id=by.id, consultation_id=consultation.id, subject=subject)
