"""Facts beside the texts: who took part, by counts, and what of what was said is not in the view."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import (
    and_,
    distinct,
    func,
    select,
)
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.moderation.enums import RedactionKind, RejectReason
from consult.moderation.models import Decision, PublishedText, Redaction
from consult.moderation.rules import LEAST_COUNTED, LEAST_QUOTED
from consult.participants.queries import participation, roster_size
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision, SessionNote


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
    given = (
        select(Answer.meeting_id, Response.source, func.count(distinct(Answer.response_id)))
        .join(Response, Response.id == Answer.response_id)
        .where(
            Answer.consultation_id == consultation.id,
            Answer.released,
            Answer.state != AnswerState.WITHDRAWN,
            Response.source != Source.RAPPORTEUR,
        )
        .group_by(Answer.meeting_id, Response.source)
    )
    joined: Counter[str] = Counter()
    invited: Counter[str] = Counter()
    for meeting_id, source, number in session.execute(given):
        (joined if source is Source.JOIN_CODE else invited)[meeting_id] += number
    roster = roster_size(session, consultation)
    unlinked = ground_rules_in_force(session, consultation).mode is Mode.UNLINKED
    return ParticipationFacts(
        meetings=tuple(
            MeetingFacts(
                meeting_id=row.meeting_id,
                invited=row.invited,
                answered=invited[row.meeting_id] if unlinked else row.answered,
                joined=joined[row.meeting_id],
                responses=invited[row.meeting_id],
                supplementary=row.supplementary,
            )
            for row in participation(session, consultation)
        ),
        people=roster.people,
        countries=roster.countries,
        at_several_meetings=roster.at_several_meetings,
    )
