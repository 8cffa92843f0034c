"""The desk's home and overview."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.accounts.models import User
from consult.consultations.enums import Mode, Timing
from consult.consultations.queries import consultations_by_title
from consult.consultations.rules import phase
from consult.core.clock import now
from consult.meetings.models import Meeting
from consult.moderation.queries import Pile, oldest_waiting, openings_to_agree, state_counts
from consult.participants.queries import Participation, participation
from consult.permissions import Permission, may_create
from consult.reports.queries import editions_of
from consult.responses.enums import AnswerState
from consult.responses.queries import COUNTED_UP_TO, counts_by_state
from consult.web.desk import words
from consult.web.desk.frame import framed
from consult.web.guards import Scope, requires, signed_in
from consult.web.transactions import current_session

desk = Blueprint("desk", __name__, url_prefix="/desk")


@dataclass(frozen=True)
class MeetingRow:
    """How one meeting stands."""

    meeting: Meeting
    invited: int
    answered: int
    waiting: int
    approved: int
    rejected: int


@desk.get("/")
@signed_in
def home(user: User) -> ResponseReturnValue:
    held = {membership.consultation_id for membership in user.memberships}
    mine = [c for c in consultations_by_title(current_session()) if c.id in held]
    return render_template("desk/home.html", consultations=mine, user=user, may_create=may_create(user))


@desk.get("/<slug>")
@requires(Permission.SEE_DESK)
def overview(scope: Scope) -> ResponseReturnValue:
    session, consultation, rules = scope.session, scope.consultation, scope.rules
    rows = _rows(
        scope.meetings,
        {row.meeting_id: row for row in participation(session, consultation)},
        counts_by_state(session, consultation, scope.meeting_ids),
    )
    waiting = [row.waiting for row in rows]
    timed = rules.timing is not Timing.NONE and max(waiting, default=0) <= COUNTED_UP_TO
    return render_template(
        "desk/overview.html",
        **framed(scope, "overview"),
        rows=rows,
        counted_up_to=COUNTED_UP_TO,
        oldest=oldest_waiting(session, consultation, scope.meeting_ids) if timed else None,
        closes_at=consultation.closes_at,
        phase=words.PHASES[phase(consultation, rules, now())],
        rules=rules,
        words=words,
        edition=next(iter(editions_of(session, consultation)), None),
        queue_url=url_for("desk.queue", slug=consultation.slug) if scope.may(Permission.MODERATE) else None,
        openings=_openings(scope),
        seconds=_seconds(scope),
    )


def _openings(scope: Scope) -> int:
    """How many requests to open a sealed link wait for this director."""
    if scope.rules.mode is not Mode.CONFIDENTIAL or not scope.may(Permission.OPEN_LINKS):
        return 0
    return openings_to_agree(scope.session, scope.consultation, scope.meeting_ids, by=scope.user, at=now())


def _seconds(scope: Scope) -> int:
    """How many answers wait for this person's second approval, as exactly as the others are counted."""
    if not scope.consultation.second_approval or not scope.may(Permission.MODERATE):
        return 0
    pile = Pile(scope.consultation, scope.meeting_ids, AnswerState.WAITING, second_by=scope.user.id)
    return state_counts(scope.session, pile)[AnswerState.WAITING]


def _rows(
    meetings: tuple[Meeting, ...],
    people: Mapping[str, Participation],
    answers: Mapping[str, Mapping[AnswerState, int]],
) -> list[MeetingRow]:
    return [
        MeetingRow(
            meeting,
            invited=people[meeting.id].invited,
            answered=people[meeting.id].answered,
            waiting=answers[meeting.id][AnswerState.WAITING],
            approved=answers[meeting.id][AnswerState.APPROVED],
            rejected=answers[meeting.id][AnswerState.REJECTED],
        )
        for meeting in meetings
    ]
