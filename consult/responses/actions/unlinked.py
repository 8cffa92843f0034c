"""A start-code or a meeting's join code is exchanged for a response code; everything after knows that code alone."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Conflict, Refused
from consult.core.identifiers import digest, new_id, new_secret
from consult.meetings.models import Meeting
from consult.participants.models import Invitation
from consult.responses.actions.submitting import Receipt
from consult.responses.actions.words import GivenAnswer, answer_values, checked, revision_values
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, ResponseCode, Revision
from consult.responses.queries import (
    handed_out,
    meeting_of_code,
    response_by_receipt,
    standing_revisions,
)
from consult.responses.rules import code_hash, tidy_receipt

SMALLEST_BATCH = 5
"""So many new responses of a meeting reach the desk together, or none: of those by links, and of those by its code."""


def exchange(session: Session, invitation: Invitation, code: str) -> None:
    """Mark an invitation as issued and take `code`, fresh and made by us, as the way to one response.

    The same exchange sent again is done once. Raises Refused for a second code, in another mode, and when it is not
    open. Nothing here says whose the code is: not its row, and no row that is written when it is used.
    """
    session.refresh(invitation, ["issued", "declined", "revoked", "readdressed"], with_for_update=True)
    consultation = session.get_one(Consultation, invitation.meeting.consultation_id)
    rules = ground_rules_in_force(session, consultation)
    if rules.mode is not Mode.UNLINKED:
        raise Refused("This consultation needs no response code. Open your invitation's link.")
    if invitation.revoked:
        raise Refused("This invitation was replaced by a newer one. Use the newest link or code.")
    if invitation.issued and meeting_of_code(session, code) == invitation.meeting_id:
        return
    if phase(consultation, rules, now()) is not Phase.OPEN:
        raise Refused("This consultation is not open, so no response code can be handed out.")
    if invitation.issued:
        raise Refused(
            "A response code was shown for this invitation already. Type it at /receipt. It cannot be shown again: "
            "whoever has lost it asks the people who invited them for another invitation."
        )
    session.add(ResponseCode(code_hash=code_hash(code), meeting_id=invitation.meeting_id))
    invitation.issued, invitation.declined = True, invitation.declined and invitation.readdressed
    session.flush()


def join(session: Session, meeting: Meeting, code: str) -> None:
    """Take `code`, fresh and made by us, as the way to one response of somebody who typed a meeting's join code.

    The same code again is handed out once. Raises Refused where it is not open, and where answers have names.
    """
    consultation = session.get_one(Consultation, meeting.consultation_id)
    rules = ground_rules_in_force(session, consultation)
    if rules.mode is Mode.ATTRIBUTED:
        raise Refused("In this consultation answers have names. Use the link or the code of your invitation.")
    at = phase(consultation, rules, now())
    if at is Phase.PREPARING:
        raise Refused("This consultation has not opened yet.")
    if at is not Phase.OPEN:
        raise Refused("This consultation has closed.")
    if handed_out(session, code) is None:
        session.add(ResponseCode(code_hash=code_hash(code), meeting_id=meeting.id, joined=True))
        session.flush()


def submit_unlinked(session: Session, code: str, given: Sequence[GivenAnswer]) -> Receipt:
    """Take what came with a response code, once however often it is sent; the code is the receipt.

    Nothing is kept about the person, and no time. The same words again give the same receipt; others raise Conflict.
    """
    handed = handed_out(session, code)
    if handed is None:
        raise Refused("This response code is not known, or the consultation has closed.")
    meeting = hold_meeting(session, handed.meeting_id)
    consultation = session.get_one(Consultation, meeting.consultation_id)
    rules = ground_rules_in_force(session, consultation)
    answers = checked(given, rules, meeting)
    if (earlier := response_by_receipt(session, code)) is not None:
        return _replay(earlier, answers, code)
    allowed = rules.mode is Mode.UNLINKED or (handed.joined and rules.mode is Mode.CONFIDENTIAL)
    if not allowed or phase(consultation, rules, now()) not in (Phase.OPEN, Phase.GRACE):
        raise Refused("This consultation has closed. Your text was not sent: copy it if you want to keep it.")
    response = Response(
        id=new_id(),
        consultation_id=consultation.id,
        meeting_id=meeting.id,
        mode=rules.mode,
        source=Source.JOIN_CODE if handed.joined else Source.LINK,
        ground_rules_id=rules.id,
        submission_hash=digest(new_secret()),
        receipt_hash=digest(tidy_receipt(code)),
        late=False,
        answers=[
            Answer(
                **answer_values(item, meeting),
                released=rules.mode is not Mode.UNLINKED,
                revisions=[Revision(**revision_values(item, rules))],
            )
            for item in answers
        ],
    )
    session.add(response)
    session.flush()
    if rules.mode is Mode.UNLINKED:
        release_when_enough(session, meeting)
    return Receipt(code, response.id, replayed=False, late=False)


def hold_meeting(session: Session, meeting_id: str) -> Meeting:
    """The meeting, held so that two who answer at once do not each count without the other."""
    return session.scalars(
        select(Meeting).where(Meeting.id == meeting_id).with_for_update(key_share=True)
    ).one()


def release_when_enough(session: Session, meeting: Meeting) -> None:
    """Show the desk what has come in, if it is enough that nobody can tell which came when.

    Of each source by itself, since the desk tells them apart: whoever has the meeting's code may answer four times, and
    would know the fifth.
    """
    new = session.execute(
        select(Response.source, func.count(Answer.response_id.distinct()))
        .join(Response, Response.id == Answer.response_id)
        .where(
            Answer.meeting_id == meeting.id,
            Answer.released.is_(False),
            Answer.state != AnswerState.WITHDRAWN,
        )
        .group_by(Response.source)
    )
    for source, number in new.all():
        if number >= SMALLEST_BATCH:
            release(session, meeting.id, source)


def release(session: Session, meeting_id: str, source: Source | None = None) -> None:
    """Show the desk everything that has come in at a meeting, or all of one source."""
    waiting = update(Answer).where(Answer.meeting_id == meeting_id, Answer.released.is_(False))
    if source is not None:
        came = select(Response.id).where(Response.meeting_id == meeting_id, Response.source == source)
        waiting = waiting.where(Answer.response_id.in_(came))
    session.execute(waiting.values(released=True).execution_options(synchronize_session=False))


def _replay(earlier: Response, answers: Sequence[GivenAnswer], code: str) -> Receipt:
    questions = {answer.id: answer.question_id for answer in earlier.answers}
    stored = {questions[revision.answer_id]: revision.hash for revision in standing_revisions(earlier)}
    sent = {item.asking.question_id: item.hash for item in answers}
    if stored != sent:
        raise Conflict(
            "An answer came in with this code before, with other words. It stands; you may change it."
        )
    return Receipt(code, earlier.id, replayed=True, late=False)
