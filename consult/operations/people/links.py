"""Giving out links anew, and taking them out of use. The same for whoever has answered and whoever has not."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Mode
from consult.consultations.models import Consultation, GroundRules
from consult.core import audit
from consult.core.errors import Refused, Said
from consult.core.mail.actions import move, note_bounced, send_again
from consult.core.mail.models import MailState
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.operations.mailing.actions import FIRST, about, send_invitation
from consult.operations.mailing.kinds import MailKind
from consult.operations.people.queries import HELD, Invited, answering_has_begun
from consult.participants.actions import invite
from consult.participants.models import Invitation
from consult.responses.models import ResponseLink

BOUNCED_BY_HAND = str(Said("Marked by hand: it came back."))


def replace_link(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    invitation: Invitation,
    *,
    seal: Seal,
    by: User,
) -> Invitation:
    """A new link and code; the old ones stop working at once. Counted as supplementary.

    An answer goes over to the new link unseen: were that refused, the refusal would tell who has answered. In unlinked
    mode nothing can go over, so the new link opens a new answer, and the report says how many such links there were.
    """
    session.scalars(select(Invitation.id).where(Invitation.id == invitation.id).with_for_update()).one()
    carried = ["answered", "declined", "seen_at_desk", "readdressed"]
    session.refresh(invitation, [*carried, "issued", "revoked"])
    if invitation.revoked:
        raise Refused("This invitation was replaced by a newer one a moment ago. Load the page again.")
    invitation.revoked = True
    session.flush()
    fresh = invite(
        session, invitation.participant, invitation.meeting, seal=seal, supplementary=True
    ).invitation
    for name in carried:
        setattr(fresh, name, getattr(invitation, name))
    if rules.mode is Mode.CONFIDENTIAL:
        _carry_over(session, invitation, fresh, seal)
    session.flush()
    _record(session, "link_replaced", consultation, fresh, by)
    return fresh


def hold_back(session: Session, consultation: Consultation, invitation: Invitation, *, by: User) -> None:
    """Keep this invitation from being mailed to all, and so from reminders, which follow a mail that was sent."""
    message = about(invitation, MailKind.INVITATION, consultation)
    message.occasion, message.state, message.last_error = FIRST, MailState.SUPPRESSED, HELD
    session.add(message)
    session.flush()
    _record(session, "link_held_back", consultation, invitation, by)


def take_back(session: Session, consultation: Consultation, invitation: Invitation, *, by: User) -> None:
    """Have it stand no longer, and its mail not leave. Raises Refused once answering has begun at its meeting."""
    _check_not_begun(session, invitation.meeting)
    invitation.revoked = True
    session.flush()
    _record(session, "invitation_taken_back", consultation, invitation, by)


def take_all_back(session: Session, consultation: Consultation, meeting: Meeting, *, by: User) -> int:
    """The same of everybody invited to a meeting; how many."""
    _check_not_begun(session, meeting)
    standing = update(Invitation).where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False))
    ids = session.scalars(standing.values(revoked=True).returning(Invitation.id)).all()
    audit.record(
        session,
        "invitations_taken_back",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=meeting.id,
        number=len(ids),
    )
    return len(ids)


def may_take_back(session: Session, meeting: Meeting) -> bool:
    """While no answer could be theirs: by the meeting's figures, so that trying tells nothing of one person."""
    return not answering_has_begun(session, [meeting.id])


def _check_not_begun(session: Session, meeting: Meeting) -> None:
    """From then on the counts would tell: 61 of 142 before, 60 of 141 afterwards, and it was theirs."""
    here = select(Invitation.id).where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False))
    session.scalars(here.with_for_update()).all()
    if not may_take_back(session, meeting):
        raise Refused(
            "Answers have come in at this meeting, so no invitation is taken back any more: the counts would "
            "tell whether it was answered. Take the link out of use instead."
        )


def mail_again(session: Session, consultation: Consultation, held: Invited, *, by: User) -> None:
    """Mail the invitation once more to the person's address of today. Not while one is on its way."""
    mail = held.mail
    if mail is not None and mail.state is MailState.QUEUED:
        if mail.address == held.invitation.participant.email:
            raise Refused("A message to this person is on its way. Wait until it was sent, then look again.")
        move(mail, MailState.SUPPRESSED)
        mail.last_error = str(Said("The address was corrected."))
    if mail is not None and mail.state in {MailState.FAILED, MailState.BOUNCED}:
        send_again(session, mail, address=held.invitation.participant.email)
    else:
        send_invitation(session, consultation, held.invitation)
    _record(session, "invitation_mailed_again", consultation, held.invitation, by)


def mark_bounced(session: Session, consultation: Consultation, held: Invited, *, by: User) -> None:
    """Somebody saw the mail come back. Raises Refused for one that never left."""
    if held.mail is None or held.mail.state is not MailState.SENT:
        raise Refused("Only a message that was sent can have come back.")
    note_bounced(held.mail, BOUNCED_BY_HAND)
    session.flush()
    _record(session, "mail_marked_bounced", consultation, held.invitation, by)


def _carry_over(session: Session, old: Invitation, new: Invitation, seal: Seal) -> None:
    link = session.get(ResponseLink, seal.handle(old.id))
    if link is None:
        return
    response_id, handle = seal.open(link.sealed, under=link.handle), seal.handle(new.id)
    session.delete(link)
    session.flush()
    session.add(ResponseLink(handle=handle, sealed=seal.close(response_id, under=handle)))


def _record(session: Session, act: str, consultation: Consultation, invitation: Invitation, by: User) -> None:
    audit.record(
        session,
        act,
        user_id=by.id,
        consultation_id=consultation.id,
        subject=invitation.participant_id,
        meeting=invitation.meeting_id,
    )
