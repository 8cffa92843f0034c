"""Queueing a consultation's mail: one row a recipient, promised in the transaction that causes it."""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.mail.actions import queue, queue_many
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
    return _queue_about(session, consultation, meeting, MailKind.INVITATION, never, occasion=FIRST)


def send_invitation(session: Session, consultation: Consultation, invitation: Invitation) -> MailMessage:
    """Mail one invitation, again if need be, to the person's address of today."""
    return queue(session, about(invitation, MailKind.INVITATION, consultation))


def send_reminders(
    session: Session,
    consultation: Consultation,
    *,
    occasion: str,
    meeting: Meeting | None = None,
    kind: MailKind = MailKind.REMINDER,
) -> int:
    """Remind those who got an invitation by mail and have neither answered nor declined; how many, never who.

    Those whose address was changed are reminded in any case: see `Invitation.readdressed`.

    `occasion` names the reminder, e.g. "three-days"; while it is being sent, no second one of that name starts.
    """
    arrived = exists().where(
        MailMessage.invitation_id == Invitation.id,
        MailMessage.kind == MailKind.INVITATION.value,
        MailMessage.state == MailState.SENT,
    )
    open_ones = and_(
        or_(
            and_(Invitation.answered.is_(False), Invitation.issued.is_(False)),
            Invitation.readdressed,
        ),
        Invitation.declined.is_(False),
        arrived,
    )
    return _queue_about(session, consultation, meeting, kind, open_ones, occasion=occasion)


def announce_report(session: Session, consultation: Consultation) -> int:
    """One mail to everybody on the roster who was invited, whether they answered or not; how many."""
    invited = exists().where(Invitation.participant_id == Participant.id, Invitation.revoked.is_(False))
    people = session.execute(
        select(Participant.id, Participant.email, Participant.language)
        .where(Participant.consultation_id == consultation.id, invited)
        .order_by(Participant.id)
    )
    return queue_many(
        session,
        [
            {
                "consultation_id": consultation.id,
                "kind": MailKind.PUBLISHED.value,
                "participant_id": person_id,
                "address": address,
                "language": language,
            }
            for person_id, address, language in people
        ],
    )


def send_to_staff(
    session: Session, consultation: Consultation, user: User, *, kind: MailKind, language: str
) -> MailMessage:
    """A test mail to oneself, or the invitation of a new colleague."""
    return queue(
        session,
        MailMessage(
            consultation_id=consultation.id,
            kind=kind.value,
            language=language,
            address=user.email,
            user_id=user.id,
            created_at=now(),
        ),
    )


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


def about(invitation: Invitation, kind: MailKind, consultation: Consultation) -> MailMessage:
    """A message about one invitation."""
    person = invitation.participant
    return MailMessage(
        consultation_id=consultation.id,
        kind=kind.value,
        language=person.language,
        address=person.email,
        participant_id=person.id,
        invitation_id=invitation.id,
        forgotten=kind in CHOSEN_BY_ANSWERING,
        created_at=now(),
    )


def _queue_about(
    session: Session,
    consultation: Consultation,
    meeting: Meeting | None,
    kind: MailKind,
    wanted: ColumnElement[bool],
    *,
    occasion: str,
) -> int:
    """Queue a message about every standing invitation that is `wanted`, without loading any."""
    statement = (
        select(Invitation.id, Participant.id, Participant.email, Participant.language)
        .join(Invitation.participant)
        .join(Invitation.meeting)
        .where(Meeting.consultation_id == consultation.id, Invitation.revoked.is_(False), wanted)
        .order_by(Invitation.id)
    )
    if meeting is not None:
        statement = statement.where(Invitation.meeting_id == meeting.id)
    return queue_many(
        session,
        [
            {
                "consultation_id": consultation.id,
                "kind": kind.value,
                "invitation_id": invitation_id,
                "participant_id": person_id,
                "address": address,
                "language": language,
                "occasion": occasion,
                "forgotten": kind in CHOSEN_BY_ANSWERING,
            }
            for invitation_id, person_id, address, language in session.execute(statement)
        ],
    )
