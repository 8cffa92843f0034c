"""Changing and withdrawing what was given, until the cut-off: closing and the time of grace after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Invalid, Refused, StaleRead
from consult.meetings.models import Meeting
from consult.responses.actions.unlinked import hold_meeting, release_when_enough
from consult.responses.actions.words import GivenAnswer, answer_values, as_kept, revision_values
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import locked_response, standing_revisions
from consult.responses.rules import check_attribution, is_withdrawn, move, standing_hash


@dataclass(frozen=True)
class Change:
    """What became of a response: whether anything did, and the revisions that stand no longer."""

    changed: bool
    replaced: tuple[str, ...] = ()


def may_change(consultation: Consultation, rules: GroundRules) -> bool:
    """Whether the cut-off has not passed."""
    return phase(consultation, rules, now()) is not Phase.CLOSED


def change(session: Session, response: Response, given: Sequence[GivenAnswer], *, seen: str) -> Change:
    """Put other words in the place of those that stand; each changed answer waits for the moderators again.

    `seen` is the `standing_hash` of what was shown. What stands already is left alone, however often it is sent. An
    optional answer that comes without words is withdrawn. Raises StaleRead when the words have changed since they were
    shown, Invalid for a broken rule, Refused after the cut-off and after withdrawal.
    """
    response, rules = _open(session, response)
    if is_withdrawn(response):
        raise Refused("This answer was withdrawn, so it cannot be changed any more.")
    meeting = session.get_one(Meeting, response.meeting_id)
    sent = _as_kept(given, rules, meeting)
    standing = {answer.question_id: answer for answer in response.answers}
    differing = [item for item in sent if _differs(item, standing.get(item.asking.question_id))]
    if not differing:
        return Change(changed=False)
    if standing_hash(standing_revisions(response)) != seen:
        raise StaleRead(
            "This answer has been changed since you opened it. Look at both, then send yours again."
        )
    kept = {item.asking.question_id for item in sent if item.blank}
    if all(
        answer.question_id in kept for answer in response.answers if answer.state is not AnswerState.WITHDRAWN
    ) and all(item.blank for item in sent):
        raise Invalid("Write your answer, or withdraw it.", field="text")
    replaced: list[str] = []
    for item in differing:
        answer = standing.get(item.asking.question_id)
        if answer is None:
            session.add(
                Answer(
                    **answer_values(item, meeting),
                    response_id=response.id,
                    released=response.mode is not Mode.UNLINKED,
                    revisions=[Revision(**revision_values(item, rules))],
                )
            )
        elif not item.blank:
            replaced.append(_revise(session, answer, item, rules, response.mode))
        else:
            replaced += _erase(session, [answer])
    session.flush()
    if response.mode is Mode.UNLINKED:
        release_when_enough(session, meeting)
    return Change(changed=True, replaced=tuple(replaced))


def withdraw(session: Session, response: Response, *, after_cut_off: bool = False) -> Change:
    """Take a response back: its answers are withdrawn, its words and what was kept about the person are erased.

    The decisions stay; they hold no words. Withdrawn again, nothing happens. Raises Refused after the cut-off.
    """
    response, _rules = _open(session, response, after_cut_off=after_cut_off)
    if is_withdrawn(response):
        return Change(changed=False)
    replaced = _erase(
        session, [answer for answer in response.answers if answer.state is not AnswerState.WITHDRAWN]
    )
    response.participant_id = response.submitted_at = response.country = response.country_group = None
    response.sector = response.role_label = response.language = None
    session.flush()
    return Change(changed=True, replaced=tuple(replaced))


def _open(
    session: Session, response: Response, *, after_cut_off: bool = False
) -> tuple[Response, GroundRules]:
    """The response, held, and the rules in force. Raises Refused once the cut-off has passed."""
    if response.mode is Mode.UNLINKED:
        hold_meeting(session, response.meeting_id)
    response = locked_response(session, response)
    consultation = session.get_one(Consultation, response.consultation_id)
    rules = ground_rules_in_force(session, consultation)
    if not after_cut_off and not may_change(consultation, rules):
        raise Refused(
            "This consultation has closed, so nothing can be changed here. Ask the people who invited you."
        )
    return response, rules


def _as_kept(given: Sequence[GivenAnswer], rules: GroundRules, meeting: Meeting) -> list[GivenAnswer]:
    sent = as_kept(given, meeting)
    for item in sent:
        if not item.blank:
            check_attribution(item.attribution, rules, waived=item.waived)
    return sent


def _differs(item: GivenAnswer, answer: Answer | None) -> bool:
    if answer is None:
        return not item.blank
    current = next((revision for revision in answer.revisions if revision.current), None)
    if current is None:
        if not item.blank:
            raise Refused("One of these answers was withdrawn, so it cannot be changed any more.")
        return False
    said = (current.text or "", tuple(current.choices or ()))
    return said != (item.text, item.choices or ()) or (
        not item.blank and current.attribution != item.attribution
    )


def _revise(session: Session, answer: Answer, item: GivenAnswer, rules: GroundRules, mode: Mode) -> str:
    """Append a revision and queue the answer again; unlinked mode keeps none of the earlier words."""
    earlier = next(revision for revision in answer.revisions if revision.current)
    replaced, number = earlier.id, earlier.number + 1
    if answer.state is not AnswerState.WAITING:
        move(answer, AnswerState.WAITING)
    if mode is Mode.UNLINKED:
        answer.released = False
        session.flush()
        _delete_words(session, [answer])
    else:
        earlier.current = False
        session.flush()
    session.add(Revision(**revision_values(item, rules, number), answer_id=answer.id))
    session.flush()
    session.expire(answer, ["revisions"])
    return replaced


def _erase(session: Session, answers: Sequence[Answer]) -> list[str]:
    erased = [revision.id for answer in answers for revision in answer.revisions]
    for answer in answers:
        move(answer, AnswerState.WITHDRAWN)
    session.flush()
    _delete_words(session, answers)
    return erased


def _delete_words(session: Session, answers: Sequence[Answer]) -> None:
    session.execute(
        delete(Revision)
        .where(Revision.answer_id.in_([answer.id for answer in answers]))
        .execution_options(synchronize_session=False)
    )
    for answer in answers:
        for revision in list(answer.revisions):
            session.expunge(revision)
        session.expire(answer, ["revisions"])


def take_out_of_use(session: Session, response: Response) -> tuple[str, ...]:
    """Let approved answers wait for the moderators again, because other words were given since; their revisions."""
    response = locked_response(session, response)
    replaced = []
    for answer in response.answers:
        if answer.state is AnswerState.APPROVED:
            move(answer, AnswerState.WAITING)
            replaced += [revision.id for revision in answer.revisions if revision.current]
    session.flush()
    return tuple(replaced)
