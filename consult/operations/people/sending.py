"""What a director sends about invitations: how many would get it, three samples, and each reminder once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, delete, exists, func, literal, select, true, tuple_
from sqlalchemy.orm import Session, joinedload

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.audit import AuditEntry
from consult.core.errors import Refused
from consult.core.identifiers import digest, in_groups
from consult.core.mail.actions import send_failed_again
from consult.core.mail.models import MailMessage, MailState, MailText
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.operations.mailing.actions import send_invitations, send_reminders
from consult.operations.mailing.kinds import MailKind
from consult.operations.people.queries import HELD
from consult.participants.models import Invitation, Participant

Columns = TypeVarTuple("Columns")
REMINDED = "reminders_sent"
SAMPLES = 3
LETTERS = 400
"""In one PDF: it is made while somebody waits."""


@dataclass(frozen=True)
class Standing:
    """Counts about one meeting's invitations; supplementary ones are those made anew.

    How many a reminder would reach is not among them: that depends on each person's mail as well, so that marking one
    person's mail as returned and counting again would tell whether they had answered.
    """

    invited: int
    unsent: int
    unanswered: int
    supplementary: int


@dataclass(frozen=True)
class PaperLetter:
    """What stands on one printed invitation."""

    name: str
    language: str
    link: str
    code: str


def standing(session: Session, meeting: Meeting) -> Standing:
    """How many invitations stand, were never mailed, were not answered, were made anew."""
    here = (
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False))
    )
    return Standing(
        session.scalar(here) or 0,
        session.scalar(here.where(_never())) or 0,
        session.scalar(here.where(Invitation.answered.is_(False))) or 0,
        session.scalar(here.where(Invitation.supplementary)) or 0,
    )


def first_unsent(session: Session, meeting: Meeting) -> Sequence[Invitation]:
    """Some of the invitations that would be mailed now, with their people."""
    return session.scalars(
        select(Invitation)
        .join(Invitation.participant)
        .options(joinedload(Invitation.participant), joinedload(Invitation.meeting))
        .where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False), _never())
        .order_by(Participant.name, Participant.id)
        .limit(SAMPLES)
    ).all()


def invite_by_mail(session: Session, consultation: Consultation, meeting: Meeting, *, by: User) -> int:
    """Queue every invitation of the meeting that was never mailed; how many."""
    number = send_invitations(session, consultation, meeting=meeting)
    _record(session, "invitations_sent", consultation, meeting.id, by, number=number)
    return number


def try_again(session: Session, consultation: Consultation, *, by: User) -> int:
    """Send all mail once more that never left; how many. Raises Refused where there is none."""
    number = send_failed_again(session, consultation.id)
    if not number:
        raise Refused("No mail is left to be tried again.")
    _record(session, "mail_tried_again", consultation, consultation.id, by, number=number)
    return number


def remind(
    session: Session, consultation: Consultation, meeting: Meeting, *, occasion: str, by: User | None
) -> int:
    """Remind those who have not answered; how many, for tests alone. Raises Refused for a second on the same occasion.

    The audit chain holds the occasion for good, and being one chain lets one through where two come at once.
    """
    subject = f"{meeting.id}:{occasion}"
    number = send_reminders(session, consultation, occasion=occasion, meeting=meeting)
    entry = _record(session, REMINDED, consultation, subject, by)
    before = exists().where(
        AuditEntry.act == REMINDED, AuditEntry.subject == subject, AuditEntry.number < entry.number
    )
    if session.scalar(select(before)):
        raise Refused("This reminder was sent already. Wait until tomorrow for another one.")
    return number


def reminded_on(session: Session, meeting: Meeting, occasion: str) -> bool:
    """Whether that reminder was sent."""
    subject = f"{meeting.id}:{occasion}"
    return bool(
        session.scalar(select(exists().where(AuditEntry.act == REMINDED, AuditEntry.subject == subject)))
    )


def forget_own_words(session: Session, consultation: Consultation, kind: MailKind, language: str) -> None:
    """Go back to the program's words."""
    session.execute(
        delete(MailText).where(
            MailText.consultation_id == consultation.id,
            MailText.kind == kind.value,
            MailText.language == language,
        )
    )


def letter_parts(session: Session, meeting: Meeting) -> list[str]:
    """After whom each PDF of a meeting's letters begins, by identifier: nobody for the first."""
    place = func.row_number().over(order_by=(Participant.name, Participant.id)).label("place")
    people = _on_paper(select(Participant.id, place), meeting).subquery()
    last_ones = select(people.c.id).where(people.c.place % LETTERS == 0).order_by(people.c.place)
    number = session.scalar(select(func.count()).select_from(people)) or 0
    return ["", *session.scalars(last_ones)][: -(-number // LETTERS)]


def paper_letters(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    *,
    seal: Seal,
    base: str,
    after: str,
    by: User,
) -> list[PaperLetter]:
    """The invitations of a meeting for paper, by name; links taken out of use are left out.

    Whoever prints has read them: from now on they show no words, so that printing is no way to learn who wrote what.
    """
    last = session.get(Participant, after) if after else None
    beyond = (
        tuple_(Participant.name, Participant.id) > tuple_(literal(last.name), literal(last.id))
        if last
        else true()
    )
    found = session.scalars(
        _on_paper(select(Invitation), meeting)
        .where(beyond)
        .order_by(Participant.name, Participant.id)
        .limit(LETTERS)
        .options(joinedload(Invitation.participant))
    ).all()
    letters = []
    for one in found:
        secret, code = seal.invitation_secret(one.id), seal.invitation_code(one.id)
        if digest(secret) == one.secret_hash and digest(code) == one.code_hash:
            person = one.participant
            letters.append(
                PaperLetter(person.name, person.language, f"{base}/i/{secret}", in_groups(code, 3))
            )
            one.seen_at_desk = True
    _record(session, "letters_printed", consultation, meeting.id, by, number=len(letters))
    return letters


def _on_paper(statement: Select[*Columns], meeting: Meeting) -> Select[*Columns]:
    held = exists().where(
        MailMessage.invitation_id == Invitation.id,
        MailMessage.state == MailState.SUPPRESSED,
        MailMessage.last_error == HELD,
    )
    return (
        statement.select_from(Invitation)
        .join(Invitation.participant)
        .where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False), ~held)
    )


def _never() -> ColumnElement[bool]:
    return ~exists().where(
        MailMessage.invitation_id == Invitation.id, MailMessage.kind == MailKind.INVITATION.value
    )


def _record(
    session: Session, act: str, consultation: Consultation, subject: str, by: User | None, **counts: int
) -> AuditEntry:
    return audit.record(
        session,
        act,
        user_id=by.id if by else None,
        consultation_id=consultation.id,
        subject=subject,
        **counts,
    )
