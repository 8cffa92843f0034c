"""Break-glass: who gave one confidential answer is read by two directors together, or by nobody.

What is read is told and not kept. No mail is sent: a message to the person beside the row that names the answer would
link the two in the database for ever. The person is told where they read their answer.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consult.accounts.models import User
from consult.accounts.queries import directors_of_a_party
from consult.consultations.enums import Mode
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, NotFound, Refused
from consult.core.sealing import Seal
from consult.core.text import unstorable
from consult.moderation.models import LinkOpening
from consult.participants.models import Invitation, Participant
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, ResponseLink

TIME_TO_AGREE = timedelta(hours=24)
TIME_TO_READ = timedelta(hours=24)
"""From the agreement on; each of the two reads it once in that time."""
LONGEST_REASON = 1000
_SEVERAL = 400


@dataclass(frozen=True)
class Opened:
    """Who gave an answer, as the roster has them."""

    name: str
    organisation: str
    email: str


def ask_to_open(session: Session, answer: Answer, *, reason: str, by: User) -> LinkOpening:
    """Ask that who gave this answer be read. Raises Invalid without a reason, Refused where nothing can be."""
    reason = _checked(reason)
    _check_sealed(answer)
    session.execute(select(Answer.id).where(Answer.id == answer.id).with_for_update())
    at = now()
    standing = session.scalars(
        select(LinkOpening.id).where(
            LinkOpening.answer_id == answer.id, LinkOpening.agreed_by.is_(None), LinkOpening.expires_at > at
        )
    ).first()
    if standing is not None:
        raise Refused("This was asked already, and waits for a second director.")
    opening = LinkOpening(
        answer_id=answer.id, asked_by=by.id, asked_at=at, reason=reason, expires_at=at + TIME_TO_AGREE
    )
    session.add(opening)
    session.flush()
    _record(session, "link_opening_asked", opening, answer, by, reason=reason)
    return opening


def agree_to_open(session: Session, opening: LinkOpening, *, reason: str, by: User) -> None:
    """Agree to what another director asked. Raises Refused for the one who asked, too late, and a second time."""
    _hold(session, opening)
    if opening.asked_by == by.id:
        raise Refused("You asked for this yourself. Another director has to agree.")
    if opening.agreed_by is not None:
        raise Refused("Another director has agreed already.")
    if opening.asked_by in directors_of_a_party(session, opening.answer.consultation_id, by):
        raise Refused(
            "You and the director who asked were made directors by one another, or by the same director. "
            "Another one has to agree, whom an administrator names."
        )
    at = now()
    if at > opening.expires_at:
        raise Refused("The time to agree is over. Whoever still needs to know asks again.")
    _check_sealed(opening.answer)
    opening.agreed_reason = _checked(reason)
    opening.agreed_by, opening.agreed_at = by.id, at
    session.flush()
    _record(session, "link_opening_agreed", opening, opening.answer, by, reason=opening.agreed_reason)


def read_opened(session: Session, opening: LinkOpening, *, seal: Seal, by: User) -> Opened:
    """Who gave the answer, once for each of the two. Raises Refused for anybody else, again, and too late."""
    _hold(session, opening)
    if by.id not in (opening.asked_by, opening.agreed_by):
        raise Refused("Only the two directors who asked and agreed read this.")
    if opening.agreed_by is None or opening.agreed_at is None:
        raise Refused("Another director has to agree first.")
    asker = by.id == opening.asked_by
    if (opening.asker_read_at if asker else opening.agreer_read_at) is not None:
        raise Refused("You have read this once. It is not shown again.")
    if now() > opening.agreed_at + TIME_TO_READ:
        raise Refused("The time to read it is over.")
    _check_sealed(opening.answer)
    person = _giver(session, opening.answer, seal)
    if person is None:
        raise NotFound("No link leads to this answer: it came in without an invitation.")
    if asker:
        opening.asker_read_at = now()
    else:
        opening.agreer_read_at = now()
    session.flush()
    _record(session, "link_opening_read", opening, opening.answer, by)
    return Opened(person.name, person.organisation, person.email)


def _giver(session: Session, answer: Answer, seal: Seal) -> Participant | None:
    """Handles lead from an invitation to a response and never back, so those of the meeting are tried one by one."""
    handles = {
        seal.handle(invitation_id): invitation_id
        for invitation_id in session.scalars(
            select(Invitation.id).where(Invitation.meeting_id == answer.meeting_id)
        )
    }
    wanted = list(handles)
    for start in range(0, len(wanted), _SEVERAL):
        links = select(ResponseLink).where(ResponseLink.handle.in_(wanted[start : start + _SEVERAL]))
        for link in session.scalars(links):
            if seal.open(link.sealed, under=link.handle) == answer.response_id:
                return session.get_one(Invitation, handles[link.handle]).participant
    return None


def _check_sealed(answer: Answer) -> None:
    if answer.response.mode is not Mode.CONFIDENTIAL:
        raise Refused("Only in confidential mode is there a sealed link that can be opened.")
    if answer.state is AnswerState.WITHDRAWN:
        raise Refused(
            "This answer was withdrawn by the person who gave it. Nothing more can be done with it."
        )


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid("Write the reason. The person who gave the answer reads it as well.", field="reason")
    if len(reason) > LONGEST_REASON or unstorable(reason):
        raise Invalid("Shorten the reason to %(most)s characters.", field="reason", most=LONGEST_REASON)
    return reason


def _hold(session: Session, opening: LinkOpening) -> None:
    session.scalars(
        select(LinkOpening)
        .where(LinkOpening.id == opening.id)
        .options(joinedload(LinkOpening.answer).joinedload(Answer.response))
        .with_for_update(of=LinkOpening)
        .execution_options(populate_existing=True)
    ).one()


def _record(session: Session, act: str, opening: LinkOpening, answer: Answer, by: User, **facts: str) -> None:
    audit.record(
        session,
        act,
        user_id=by.id,
        consultation_id=answer.consultation_id,
        subject=answer.id,
        opening=opening.id,
        **facts,
    )
