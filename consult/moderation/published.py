"""The published view: what reports and exports may read, and nothing else.

Decisions write it. The database refuses a row whose answer is not approved or whose level does not allow it, and takes
rows away with the approval, the revision or the answer.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    and_,
    delete,
    distinct,
    exists,
    func,
    literal,
    null,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.meetings.models import Meeting, MeetingSession
from consult.moderation.enums import RedactionKind, RejectReason
from consult.moderation.models import Decision, PublishedCase, PublishedText, Redaction
from consult.moderation.phrases import attribution_line, note_line, removed_words
from consult.moderation.rules import LEAST_COUNTED, LEAST_QUOTED, Segments, Span, segments_of
from consult.participants.queries import participation, roster_size
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision, SessionNote
from consult.responses.queries import part_of_note

PAGE = 500


def write(session: Session, answer: Answer, revision: Revision, spans: Sequence[Span]) -> None:
    """Put an approved answer's words into the view: a case, and a quotable text where its level allows one.

    None of its rows stands there yet: an approval that is renewed takes them out first.
    """
    if revision.attribution < LEAST_COUNTED:
        return
    response = session.get_one(Response, answer.response_id)
    session.add(PublishedCase(**case_values(answer, revision, response)))
    if revision.attribution >= LEAST_QUOTED and revision.text is not None:
        language = session.get_one(Consultation, answer.consultation_id).language
        segments = segments_of(revision.text, spans)
        session.add(
            PublishedText(
                revision_id=revision.id,
                consultation_id=answer.consultation_id,
                meeting_id=answer.meeting_id,
                question_id=answer.question_id,
                segments=segments,
                text=as_printed(segments, language),
                language=revision.language,
                attribution=revision.attribution.code,
                attribution_line=line_of(session, answer, revision, response, language),
                shuffle_key=answer.shuffle_key,
            )
        )
    session.flush()


def case_values(answer: Answer, revision: Revision, response: Response) -> dict[str, Any]:
    """The columns of an answer's countable case."""
    return {
        "revision_id": revision.id,
        "consultation_id": answer.consultation_id,
        "meeting_id": answer.meeting_id,
        "question_id": answer.question_id,
        "choices": revision.choices,
        "counts_as_participant": response.source is not Source.RAPPORTEUR,
        "country": response.country or None,
        "country_group": response.country_group or None,
        "sector": response.sector or None,
        "role_label": response.role_label or None,
        "language": response.language or None,
    }


def remove(session: Session, answer: Answer) -> None:
    """Take every row of an answer out of the view."""
    for table in (PublishedText, PublishedCase):
        session.execute(
            delete(table).where(
                table.revision_id.in_(select(Revision.id).where(Revision.answer_id == answer.id))
            )
        )


def as_printed(segments: Segments, language: str) -> str:
    """The text as one string, each redaction as "[affiliation]"."""
    return "".join(f"[{removed_words(kind, language)}]" if kind else words or "" for words, kind in segments)


def line_of(session: Session, answer: Answer, revision: Revision, response: Response, language: str) -> str:
    """The attribution line under an answer, from what was copied to its response. A note is called one."""
    meeting = session.get_one(Meeting, answer.meeting_id)
    if response.source is Source.RAPPORTEUR:
        return note_line(language, part_of_note(session, answer.id), meeting.starts_on, meeting.precision)
    return attribution_line(
        language,
        revision.attribution,
        meeting.starts_on,
        meeting.precision,
        role_label=response.role_label,
        country_group=response.country_group,
    )


def quotable_texts(
    session: Session, consultation: Consultation, meeting_ids: Collection[str] | None = None
) -> Iterator[PublishedText]:
    """Every quotable text in its shuffled order, read in pages, so that no list of them is ever held."""
    page: Select[PublishedText] = (
        select(PublishedText)
        .where(PublishedText.consultation_id == consultation.id)
        .order_by(PublishedText.shuffle_key, PublishedText.revision_id)
        .limit(PAGE)
    )
    if meeting_ids is not None:
        page = page.where(PublishedText.meeting_id.in_(meeting_ids))
    statement = page
    while rows := session.scalars(statement).all():
        yield from rows
        if len(rows) < PAGE:
            return
        reached = (rows[-1].shuffle_key, rows[-1].revision_id)
        statement = page.where(tuple_(PublishedText.shuffle_key, PublishedText.revision_id) > reached)


def number_of_rows(
    session: Session,
    consultation: Consultation,
    meeting: Meeting | None,
    *,
    choices: bool,
    most: int | None = None,
) -> int:
    """How many quotable texts there are, and countable choices where they are wanted; counted to one past `most`."""
    wanted: list[tuple[type[PublishedText | PublishedCase], ColumnElement[bool]]] = [(PublishedText, true())]
    if choices:
        wanted.append((PublishedCase, PublishedCase.choices.is_not(null())))
    number = 0
    for table, kind in wanted:
        rows = select(literal(1)).where(table.consultation_id == consultation.id, kind)
        if meeting is not None:
            rows = rows.where(table.meeting_id == meeting.id)
        if most is not None:
            rows = rows.limit(most + 1)
        number += session.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    return number


def stands(revision_id: InstrumentedAttribute[str]) -> Exists:
    """Whether that revision's words are quotable now, for a query that has revisions."""
    return exists().where(PublishedText.revision_id == revision_id)


def printed(
    session: Session, consultation_id: str, revision_ids: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Revision → (words, attribution line) as they may be printed now; those that may not are missing."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(revision_ids), PAGE):
        rows = session.execute(
            select(PublishedText.revision_id, PublishedText.text, PublishedText.attribution_line).where(
                PublishedText.consultation_id == consultation_id,
                PublishedText.revision_id.in_(revision_ids[start : start + PAGE]),
            )
        )
        found |= {revision_id: (text, line) for revision_id, text, line in rows}
    return found


@dataclass(frozen=True)
class PublishedNote:
    """A rapporteur's note as it may be printed. `session_id` None is the whole meeting."""

    meeting_id: str
    session_id: str | None
    voiced: str
    """"told", "said", or a word of quantity: how widely its rapporteur heard it."""
    text: str
    language: str


def published_notes(session: Session, consultation: Consultation) -> list[PublishedNote]:
    """Every approved note by meeting and session, in the place that its rapporteur gave it."""
    rows = session.execute(
        select(
            SessionNote.meeting_id,
            SessionNote.session_id,
            SessionNote.voiced,
            PublishedText.text,
            PublishedText.language,
        )
        .join(Revision, Revision.answer_id == SessionNote.answer_id)
        .join(PublishedText, PublishedText.revision_id == Revision.id)
        .join(Meeting, Meeting.id == SessionNote.meeting_id)
        .outerjoin(MeetingSession, MeetingSession.id == SessionNote.session_id)
        .where(SessionNote.consultation_id == consultation.id)
        .order_by(
            Meeting.position,
            Meeting.id,
            MeetingSession.position,
            SessionNote.position,
            PublishedText.shuffle_key,
            PublishedText.revision_id,
        )
    )
    return [
        PublishedNote(meeting_id, session_id, voiced.value, words, language)
        for meeting_id, session_id, voiced, words, language in rows
    ]


@dataclass(frozen=True)
class Withheld:
    """How much is not quoted, and why. No answer is counted under two headings, rapporteurs' notes under none."""

    rejected_by_reason: dict[RejectReason, int] = field(default_factory=dict)
    """Rejected answers whose writer had allowed a use."""
    redactions_by_kind: dict[RedactionKind, int] = field(default_factory=dict)
    """Spans taken out of the texts that are quotable."""
    aggregate_only: int = 0
    """Approved answers that are counted and not quoted, as their writer asked."""
    not_for_use: int = 0
    """Answers whose writer asked that they are not used."""
    waiting: int = 0
    """Answers that nobody has decided on yet, leaving aside those not for use."""


def withheld(
    session: Session, consultation: Consultation, meeting_ids: Collection[str] | None = None
) -> Withheld:
    """See Withheld. Withdrawn answers count nowhere."""
    notes = select(SessionNote.answer_id).where(SessionNote.consultation_id == consultation.id)
    scope = [Answer.consultation_id == consultation.id, Answer.released, Answer.id.not_in(notes)]
    if meeting_ids is not None:
        scope.append(Answer.meeting_id.in_(meeting_ids))
    current = and_(Revision.answer_id == Answer.id, Revision.current.is_(True))
    standing = and_(
        Decision.answer_id == Answer.id,
        Decision.number
        == select(func.max(Decision.number))
        .where(Decision.answer_id == Answer.id)
        .correlate(Answer)
        .scalar_subquery(),
    )
    reasons = session.execute(
        select(Decision.reason, func.count())
        .select_from(Answer)
        .join(Revision, current)
        .join(Decision, standing)
        .where(*scope, Answer.state == AnswerState.REJECTED, Revision.attribution >= LEAST_COUNTED)
        .group_by(Decision.reason)
    )
    kinds = session.execute(
        select(Redaction.kind, func.count())
        .select_from(Answer)
        .join(Revision, current)
        .join(PublishedText, PublishedText.revision_id == Revision.id)
        .join(Decision, standing)
        .join(Redaction, Redaction.decision_id == Decision.id)
        .where(*scope)
        .group_by(Redaction.kind)
    )
    levels = session.execute(
        select(Answer.state, Revision.attribution, func.count())
        .join(Revision, current)
        .where(*scope, Answer.state != AnswerState.WITHDRAWN)
        .group_by(Answer.state, Revision.attribution)
    ).all()
    return Withheld(
        rejected_by_reason={reason: n for reason, n in reasons if reason is not None},
        redactions_by_kind={row[0]: row[1] for row in kinds},
        aggregate_only=sum(
            n for state, level, n in levels if state is AnswerState.APPROVED and level < LEAST_QUOTED
        ),
        not_for_use=sum(n for _state, level, n in levels if level is Attribution.NOT_FOR_USE),
        waiting=sum(
            n for state, level, n in levels if state is AnswerState.WAITING and level >= LEAST_COUNTED
        ),
    )


@dataclass(frozen=True)
class MeetingFacts:
    """Counts of one meeting that may be printed as they are."""

    meeting_id: str
    invited: int
    answered: int
    """Invitations that were answered; in unlinked mode, where none says so, responses by them received and shown."""
    joined: int
    """Responses that came in by the meeting's join code and are shown: of people there, invited or not."""
    responses: int
    """Responses received whatever their source; rapporteurs' notes, wholly withdrawn ones and `joined` left aside."""
    approved: int
    """Responses with at least one approved answer, of those who joined, too."""
    supplementary: int
    """Invitations made anew in place of one whose link was lost."""


@dataclass(frozen=True)
class ParticipationFacts:
    """Counts of people, never who. Meetings stand in their order."""

    meetings: tuple[MeetingFacts, ...]
    people: int
    countries: int
    at_several_meetings: int


def participation_facts(session: Session, consultation: Consultation) -> ParticipationFacts:
    """How many were invited, answered and are published, per meeting, and how large the roster is."""
    received = _responses(
        session,
        select(Answer.meeting_id, func.count(distinct(Answer.response_id)))
        .join(Response, Response.id == Answer.response_id)
        .where(
            Answer.consultation_id == consultation.id,
            Answer.released,
            Answer.state != AnswerState.WITHDRAWN,
            Response.source != Source.RAPPORTEUR,
        )
        .group_by(Answer.meeting_id),
    )
    joined = _responses(
        session,
        select(Answer.meeting_id, func.count(distinct(Answer.response_id)))
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.consultation_id == consultation.id,
            Response.source == Source.JOIN_CODE,
            Answer.released,
            Answer.state != AnswerState.WITHDRAWN,
        )
        .group_by(Answer.meeting_id),
    )
    approved = _responses(
        session,
        select(PublishedCase.meeting_id, func.count(distinct(Answer.response_id)))
        .join(Revision, Revision.id == PublishedCase.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(PublishedCase.consultation_id == consultation.id, PublishedCase.counts_as_participant)
        .group_by(PublishedCase.meeting_id),
    )
    roster = roster_size(session, consultation)
    unlinked = ground_rules_in_force(session, consultation).mode is Mode.UNLINKED
    return ParticipationFacts(
        meetings=tuple(
            MeetingFacts(
                meeting_id=row.meeting_id,
                invited=row.invited,
                answered=received.get(row.meeting_id, 0) - joined.get(row.meeting_id, 0)
                if unlinked
                else row.answered,
                joined=joined.get(row.meeting_id, 0),
                responses=received.get(row.meeting_id, 0) - joined.get(row.meeting_id, 0),
                approved=approved.get(row.meeting_id, 0),
                supplementary=row.supplementary,
            )
            for row in participation(session, consultation)
        ),
        people=roster.people,
        countries=roster.countries,
        at_several_meetings=roster.at_several_meetings,
    )


def _responses(session: Session, statement: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(statement)}
