"""Keeping the roster, and inviting."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.errors import Invalid, Refused
from consult.core.identifiers import digest, new_id
from consult.core.sealing import Seal
from consult.core.text import tidy, unstorable
from consult.meetings.models import Meeting
from consult.participants.models import Invitation, JoinCode, Participant


@dataclass(frozen=True)
class IssuedInvitation:
    """An invitation with its secret and its typed code: kept as hashes only, derived anew for whoever holds the key."""

    invitation: Invitation
    secret: str
    code: str


def ensure_participant(
    session: Session,
    consultation: Consultation,
    *,
    name: str,
    email: str,
    country: str = "",
    organisation: str = "",
    role: str = "",
    role_label: str = "",
    sector: str = "",
    language: str = "en",
) -> Participant:
    """The person with that address on the consultation's roster, brought up to these facts."""
    address = normalised(email)
    person = session.scalars(
        select(Participant).where(
            Participant.consultation_id == consultation.id, Participant.email == address
        )
    ).first()
    if person is None:
        person = Participant(consultation_id=consultation.id, email=address)
        session.add(person)
    facts = {
        "name": name,
        "country": country.upper(),
        "organisation": organisation,
        "role": role,
        "role_label": role_label,
        "sector": sector,
        "language": language,
    }
    for field, value in facts.items():
        if unstorable(value):
            raise Invalid("This holds a character that cannot be stored. Type it anew.", field=field)
        setattr(person, field, tidy(value))
    if not person.name:
        raise Invalid("Give the person a name.", field="name")
    session.flush()
    return person


def normalised(email: str) -> str:
    """The address in the form under which a person is found again. Raises Invalid for what is no address."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(
            "%(email)s is not an e-mail address. Write it like name@example.org.", field="email", email=email
        ) from error


def invite(
    session: Session, participant: Participant, meeting: Meeting, *, seal: Seal, supplementary: bool = False
) -> IssuedInvitation:
    """Invite a person to a meeting's questions. Raises Refused where an invitation stands already."""
    if participant.consultation_id != meeting.consultation_id:
        raise Invalid("This person is not on the roster of this consultation.", field="participant")
    if _standing(session, participant, meeting) is not None:
        raise Refused("This person is already invited to this meeting. Issue the invitation again instead.")
    invitation_id = new_id()
    secret, code = seal.invitation_secret(invitation_id), seal.invitation_code(invitation_id)
    invitation = Invitation(
        id=invitation_id,
        participant=participant,
        meeting=meeting,
        secret_hash=digest(secret),
        code_hash=digest(code),
        answered=False,
        declined=False,
        revoked=False,
        supplementary=supplementary,
    )
    session.add(invitation)
    session.flush()
    return IssuedInvitation(invitation, secret, code)


def reissue(session: Session, participant: Participant, meeting: Meeting, *, seal: Seal) -> IssuedInvitation:
    """A new link and code in place of lost ones; the old ones stop working. Raises Refused after an answer.

    Were the answered one replaced, the person could answer twice and the first answer would lose its way back.
    """
    standing = _standing(session, participant, meeting)
    if standing is not None:
        session.refresh(
            standing, ["answered", "revoked", "seen_at_desk", "readdressed"], with_for_update=True
        )
        if standing.answered:
            raise Refused("This person has answered. The receipt code leads to the answer.")
        standing.revoked = True
        session.flush()
    issued = invite(session, participant, meeting, seal=seal, supplementary=standing is not None)
    if standing is not None:
        issued.invitation.seen_at_desk = standing.seen_at_desk
        issued.invitation.readdressed = standing.readdressed
    return issued


def decline(session: Session, invitation: Invitation) -> None:
    """Note that the person does not wish to answer: no reminders. Answering stays possible."""
    if invitation.answered:
        raise Refused("Your answer is in already. The receipt code leads to it.")
    invitation.declined = True
    session.flush()


def stop_reminders(session: Session, invitation: Invitation) -> None:
    """No more reminders, whoever asks and however often. Says nothing about whether an answer is in."""
    if invitation.readdressed or not invitation.answered:
        invitation.declined = True
        session.flush()


def open_join_code(session: Session, meeting: Meeting, *, seal: Seal, fresh: bool) -> JoinCode:
    """Have the meeting's join code taken from now on: the one it had, or a `fresh` one that makes that useless."""
    found = session.get(JoinCode, meeting.id, with_for_update=True)
    if found is None:
        found = JoinCode(meeting_id=meeting.id, round=0)
        session.add(found)
    if fresh or not found.round:
        found.round += 1
        found.code_hash = digest(seal.join_code(meeting.id, found.round))
    found.open = True
    session.flush()
    return found


def close_join_code(session: Session, meeting: Meeting) -> None:
    """Have it taken no longer. What came in by it stays."""
    found = session.get(JoinCode, meeting.id, with_for_update=True)
    if found is not None:
        found.open = False
        session.flush()


def _standing(session: Session, participant: Participant, meeting: Meeting) -> Invitation | None:
    return session.scalars(
        select(Invitation).where(
            Invitation.participant_id == participant.id,
            Invitation.meeting_id == meeting.id,
            Invitation.revoked.is_(False),
        )
    ).first()
