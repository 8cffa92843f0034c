"""Queueing a consultation's mail: one row a recipient, promised in the transaction that causes it."""

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.mail.actions import queue
from consult.core.mail.models import MailMessage, MailState, MailText
from consult.core.mail.queries import own_words
from consult.meetings.models import Meeting
from consult.operations.mailing.kinds import CHOSEN_BY_ANSWERING, MailKind
from consult.operations.mailing.words import checked
from consult.participants.models import Invitation, Participant

FIRST = "first"
"""The occasion of an invitation's first mail, which no double click sends twice."""


def send_invitations(session: Session, consultation: Consultation, *, meeting: Meeting | None = None) -> int:
    """Mail every standing invitation that was never mailed; how many. Two at once: one of them is a conflict."""
    never = ~exists().where(
        MailMessage.invitation_id == Invitation.id, MailMessage.kind == MailKind.INVITATION.value
    )
    invitations = _invitations(session, consultation, meeting, never)
    return queue(
        session,
        (about(invitation, MailKind.INVITATION, consultation, occasion=FIRST) for invitation in invitations),
    )


def send_invitation(session: Session, consultation: Consultation, invitation: Invitation) -> MailMessage:
    """Mail one invitation, again if need be, to the person's address of today."""
    message = about(invitation, MailKind.INVITATION, consultation)
    queue(session, [message])
    return message


def send_reminders(
    session: Session,
    consultation: Consultation,
    *,
    occasion: str,
    meeting: Meeting | None = None,
    kind: MailKind = MailKind.REMINDER,
) -> int:
    """Remind those who got an invitation by mail and have neither answered nor declined; how many, never who.

    `occasion` names the reminder, e.g. "three-days"; while it is being sent, no second one of that name starts.
    """
    arrived = exists().where(
        MailMessage.invitation_id == Invitation.id,
        MailMessage.kind == MailKind.INVITATION.value,
        MailMessage.state == MailState.SENT,
    )
    open_ones = Invitation.answered.is_(False) & Invitation.declined.is_(False) & arrived
    invitations = _invitations(session, consultation, meeting, open_ones)
    return queue(
        session, (about(invitation, kind, consultation, occasion=occasion) for invitation in invitations)
    )


def announce_report(session: Session, consultation: Consultation) -> int:
    """One mail to everybody on the roster who was invited, whether they answered or not; how many."""
    invited = exists().where(Invitation.participant_id == Participant.id, Invitation.revoked.is_(False))
    people = session.scalars(
        select(Participant)
        .where(Participant.consultation_id == consultation.id, invited)
        .order_by(Participant.id)
    )
    return queue(
        session,
        (
            _row(MailKind.PUBLISHED, consultation, person.language, person.email, participant_id=person.id)
            for person in people
        ),
    )


def send_to_staff(
    session: Session, consultation: Consultation, user: User, *, kind: MailKind, language: str
) -> MailMessage:
    """A test mail to oneself, or the invitation of a new colleague."""
    message = _row(kind, consultation, language, user.email, user_id=user.id)
    queue(session, [message])
    return message


def write_own_words(
    session: Session, consultation: Consultation, kind: MailKind, language: str, *, subject: str, body: str
) -> MailText:
    """Keep a consultation's own words. Raises Invalid with the field."""
    words = checked(kind, subject, body)
    text = own_words(session, consultation.id, kind.value, language)
    if text is None:
        text = MailText(consultation_id=consultation.id, kind=kind.value, language=language)
        session.add(text)
    text.subject, text.body = words.subject, words.body
    session.flush()
    return text


def about(
    invitation: Invitation, kind: MailKind, consultation: Consultation, *, occasion: str = ""
) -> MailMessage:
    """A message about one invitation."""
    person = invitation.participant
    return _row(
        kind,
        consultation,
        person.language,
        person.email,
        participant_id=person.id,
        invitation_id=invitation.id,
        occasion=occasion,
        forgotten=kind in CHOSEN_BY_ANSWERING,
    )


def _row(
    kind: MailKind, consultation: Consultation, language: str, address: str, **more: object
) -> MailMessage:
    return MailMessage(
        consultation_id=consultation.id,
        kind=kind.value,
        language=language,
        address=address,
        created_at=now(),
        **more,
    )


def _invitations(
    session: Session, consultation: Consultation, meeting: Meeting | None, wanted: object
) -> Iterable[Invitation]:
    statement = (
        select(Invitation)
        .join(Invitation.meeting)
        .where(Meeting.consultation_id == consultation.id, Invitation.revoked.is_(False), wanted)  # type: ignore[arg-type]
        .order_by(Invitation.id)
        .options(joinedload(Invitation.participant))
    )
    if meeting is not None:
        statement = statement.where(Invitation.meeting_id == meeting.id)
    return session.scalars(statement).all()
