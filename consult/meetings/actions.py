"""Setting up meetings: their facts, what is asked there, their documents. Every change is in the audit chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation, Question, Wording
from consult.consultations.rules import SLUG
from consult.core import audit
from consult.core.errors import Invalid
from consult.core.storage import StoredFile, store
from consult.meetings.enums import LinkKind
from consult.meetings.models import Asking, Meeting, MeetingLink, MeetingSession, Outcome, PilotAnswer
from consult.meetings.queries import meeting_by_slug, meetings_of

LARGEST_DOCUMENT = 10 * 1024 * 1024
PDF = "application/pdf"
DOCUMENTS = (LinkKind.PROGRAMME, LinkKind.REPORT)
"""Kinds of link that may be a document of ours."""


@dataclass(frozen=True)
class WrittenSession:
    """A session as the desk wrote it; `id` of the one that stands, or "" for a new one."""

    id: str
    title: str
    chair: str


def add_meeting(
    session: Session, consultation: Consultation, *, slug: str, facts: Mapping[str, Any], by: User
) -> Meeting:
    """A meeting after the others. Raises Invalid for an address that cannot be had."""
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise Invalid("Use small letters a to z, digits and single hyphens, e.g. london-2015.", field="slug")
    if meeting_by_slug(session, consultation, slug) is not None:
        raise Invalid("Another meeting has this address. Choose another.", field="slug")
    place = max((meeting.position for meeting in meetings_of(session, consultation)), default=0) + 1
    meeting = Meeting(consultation_id=consultation.id, slug=slug, position=place, **facts)
    session.add(meeting)
    session.flush()
    _recorded(session, "meeting_added", consultation, meeting, by)
    return meeting


def change_meeting(
    session: Session, consultation: Consultation, meeting: Meeting, facts: Mapping[str, Any], *, by: User
) -> None:
    """Set what the meeting is."""
    changed = [name for name, value in facts.items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, facts[name])
    session.flush()
    if changed:
        _recorded(session, "meeting_changed", consultation, meeting, by, changed=" ".join(changed))


def order_meetings(session: Session, consultation: Consultation, slugs: Sequence[str], *, by: User) -> None:
    """Put the meetings in that order, in which every page and report names them."""
    places = {slug: place for place, slug in enumerate(slugs, start=1)}
    for meeting in meetings_of(session, consultation):
        meeting.position = places.get(meeting.slug, meeting.position)
    session.flush()
    audit.record(
        session, "meetings_ordered", user_id=by.id, consultation_id=consultation.id, changed=" ".join(slugs)
    )


def remove_meeting(session: Session, consultation: Consultation, meeting: Meeting, *, by: User) -> None:
    """Take away a meeting at which nobody is invited; the caller has looked. The database keeps one with answers."""
    documents = select(MeetingLink.document_id).where(MeetingLink.meeting_id == meeting.id)
    kept = [one for one in session.scalars(documents) if one]
    session.execute(delete(PilotAnswer).where(PilotAnswer.asking_id.in_(_askings_of(meeting))))
    session.execute(delete(Asking).where(Asking.meeting_id == meeting.id))
    session.execute(delete(MeetingLink).where(MeetingLink.meeting_id == meeting.id))
    session.execute(delete(StoredFile).where(StoredFile.id.in_(kept)))
    _recorded(session, "meeting_removed", consultation, meeting, by)
    session.execute(delete(Meeting).where(Meeting.id == meeting.id))
    session.flush()


def set_outcomes(
    session: Session, consultation: Consultation, meeting: Meeting, outcomes: Sequence[str], *, by: User
) -> None:
    """What was concluded there, in order; the n-th becomes the n-th, so that identifiers stay."""
    standing = list(
        session.scalars(
            select(Outcome).where(Outcome.meeting_id == meeting.id).order_by(Outcome.position, Outcome.id)
        )
    )
    if [outcome.text for outcome in standing] == list(outcomes):
        return
    for number, text in enumerate(outcomes, start=1):
        if number <= len(standing):
            standing[number - 1].text, standing[number - 1].position = text, number
        else:
            session.add(Outcome(meeting_id=meeting.id, position=number, text=text))
    for outcome in standing[len(outcomes) :]:
        session.delete(outcome)
    session.flush()
    _recorded(session, "outcomes_set", consultation, meeting, by, number=len(outcomes))


def set_sessions(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    written: Sequence[WrittenSession],
    *,
    by: User,
) -> None:
    """The sessions in order. What was asked at one that goes is asked at the meeting as a whole."""
    standing = {
        one.id: one
        for one in session.scalars(select(MeetingSession).where(MeetingSession.meeting_id == meeting.id))
    }
    before = sorted((one.position, one.id, one.title, one.chair) for one in standing.values())
    kept = {one.id for one in written if one.id in standing}
    gone = set(standing) - kept
    session.execute(update(Asking).where(Asking.session_id.in_(gone)).values(session_id=None))
    session.execute(delete(MeetingSession).where(MeetingSession.id.in_(gone)))
    after = []
    for number, one in enumerate(written, start=1):
        row = standing.get(one.id)
        if row is None:
            row = MeetingSession(meeting_id=meeting.id, position=number, title=one.title)
            session.add(row)
        row.position, row.title, row.chair = number, one.title, one.chair
        after.append((number, one.id, one.title, one.chair))
    session.flush()
    session.expire(meeting, ["sessions"])
    if before != after:
        _recorded(session, "sessions_set", consultation, meeting, by, number=len(written))


def set_link(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    link: MeetingLink | None,
    *,
    kind: LinkKind,
    title: str,
    url: str | None,
    by: User,
) -> MeetingLink:
    """Add a link or change one; without an address it is still to be published. A document it led to goes with it."""
    if link is None:
        place = len(session.scalars(select(MeetingLink.id).where(MeetingLink.meeting_id == meeting.id)).all())
        link = MeetingLink(meeting_id=meeting.id, position=place + 1, kind=kind, title=title)
        session.add(link)
    if url != link.url:
        _drop_document(session, link)
    link.kind, link.title, link.url, link.to_be_published = kind, title, url, url is None
    session.flush()
    _recorded(
        session, "meeting_link_set", consultation, meeting, by, kind=kind.value, published=url is not None
    )
    return link


def remove_link(
    session: Session, consultation: Consultation, meeting: Meeting, link: MeetingLink, *, by: User
) -> None:
    """Take a link away, and its document."""
    _recorded(session, "meeting_link_removed", consultation, meeting, by, kind=link.kind.value)
    _drop_document(session, link)
    session.delete(link)
    session.flush()


def check_document(content: bytes) -> None:
    """Raises Invalid for what is no PDF by its content, or too large."""
    if len(content) > LARGEST_DOCUMENT:
        raise Invalid("This file is larger than %(most)s MB.", field="document", most=LARGEST_DOCUMENT >> 20)
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Invalid("This is no whole PDF, whatever its name. Choose a PDF.", field="document")


def attach_document(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    link: MeetingLink,
    content: bytes,
    *,
    name: str,
    by: User,
) -> StoredFile:
    """Keep a PDF; the caller sets the link's address to where it is served. Raises Invalid for another file."""
    if link.kind not in DOCUMENTS:
        raise Invalid("Only a programme or a report can be a document.", field="kind")
    check_document(content)
    _drop_document(session, link)
    file = store(session, content, name=name, content_type=PDF)
    link.document_id = file.id
    session.flush()
    _recorded(
        session, "meeting_document_kept", consultation, meeting, by, kind=link.kind.value, size=file.size
    )
    return file


def serve_document_at(session: Session, link: MeetingLink, url: str) -> None:
    """The link leads to its document at that address."""
    link.url, link.to_be_published = url, False
    session.flush()


def ask(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    question: Question,
    wording: Wording | None,
    *,
    session_id: str | None = None,
    by: User,
) -> None:
    """Have the question asked at the meeting in that wording, in a session or as a whole; None asks it no longer."""
    asking = session.scalars(
        select(Asking).where(Asking.meeting_id == meeting.id, Asking.question_id == question.id)
    ).first()
    if wording is None:
        if asking is not None:
            session.execute(delete(PilotAnswer).where(PilotAnswer.asking_id == asking.id))
            session.delete(asking)
            session.flush()
            _recorded(session, "question_no_longer_asked", consultation, meeting, by, question=question.code)
        return
    if asking is None:
        asking = Asking(meeting_id=meeting.id, question_id=question.id, wording_id=wording.id)
        session.add(asking)
    elif (asking.wording_id, asking.session_id) == (wording.id, session_id):
        return
    asking.wording_id, asking.session_id, asking.position = wording.id, session_id, question.position
    session.flush()
    _recorded(
        session,
        "question_asked",
        consultation,
        meeting,
        by,
        question=question.code,
        wording=wording.version,
    )


def order_askings(session: Session, questions: Iterable[Question]) -> None:
    """Put what is asked into the questions' order, at every meeting."""
    for question in questions:
        session.execute(
            update(Asking).where(Asking.question_id == question.id).values(position=question.position)
        )
    session.flush()


def _askings_of(meeting: Meeting) -> Any:
    return select(Asking.id).where(Asking.meeting_id == meeting.id)


def _drop_document(session: Session, link: MeetingLink) -> None:
    if link.document_id is None:
        return
    kept, link.document_id = link.document_id, None
    session.flush()
    session.execute(delete(StoredFile).where(StoredFile.id == kept))


def _recorded(
    session: Session, act: str, consultation: Consultation, meeting: Meeting, by: User, **facts: Any
) -> None:
    audit.record(session, act, user_id=by.id, consultation_id=consultation.id, subject=meeting.id, **facts)
