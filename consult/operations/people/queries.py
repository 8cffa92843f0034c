"""Listing the roster. What is told of a person never depends on whether they have answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from consult.consultations.models import Consultation
from consult.core.mail.models import MailMessage, MailState
from consult.operations.mailing.kinds import MailKind
from consult.participants.models import Invitation, Participant

PAGE = 50
HELD = "Held back by hand."
"""Stands at an invitation's mail that nobody is to get."""


@dataclass(frozen=True)
class Listed:
    """A person with the meetings that an invitation stands for, by identifier."""

    person: Participant
    meeting_ids: frozenset[str]


@dataclass(frozen=True)
class RosterPage:
    """Some of the roster by name; `after` continues it, where there is more."""

    people: Sequence[Listed]
    after: str | None


@dataclass(frozen=True)
class Invited:
    """An invitation that stands, and its newest mail."""

    invitation: Invitation
    mail: MailMessage | None

    @property
    def held(self) -> bool:
        """Whether the link was made new for nobody."""
        return (
            self.mail is not None and self.mail.state is MailState.SUPPRESSED and self.mail.last_error == HELD
        )


def roster_page(
    session: Session, consultation: Consultation, *, search: str = "", after: str = "", limit: int = PAGE
) -> RosterPage:
    """People by name, those whose name, address or organisation holds `search`, from behind the person `after`."""
    statement = select(Participant).where(Participant.consultation_id == consultation.id)
    if search:
        statement = statement.where(_holds(search))
    if after:
        place = (
            select(Participant.name, Participant.id)
            .where(Participant.consultation_id == consultation.id, Participant.id == after)
            .subquery()
        )
        statement = statement.join(
            place, tuple_(Participant.name, Participant.id) > tuple_(place.c.name, place.c.id)
        )
    people = session.scalars(statement.order_by(Participant.name, Participant.id).limit(limit + 1)).all()
    shown = people[:limit]
    invited: dict[str, set[str]] = {}
    rows = session.execute(
        select(Invitation.participant_id, Invitation.meeting_id).where(
            Invitation.participant_id.in_([person.id for person in shown]), Invitation.revoked.is_(False)
        )
    )
    for person_id, meeting_id in rows:
        invited.setdefault(person_id, set()).add(meeting_id)
    return RosterPage(
        [Listed(person, frozenset(invited.get(person.id, ()))) for person in shown],
        shown[-1].id if len(people) > limit else None,
    )


def person_in(session: Session, consultation: Consultation, person_id: str) -> Participant | None:
    """The person of that consultation's roster."""
    return session.scalars(
        select(Participant).where(Participant.id == person_id, Participant.consultation_id == consultation.id)
    ).first()


def person_by_address(session: Session, consultation: Consultation, address: str) -> Participant | None:
    """The person with that address."""
    return session.scalars(
        select(Participant).where(
            Participant.email == address, Participant.consultation_id == consultation.id
        )
    ).first()


def invitations_of(session: Session, person: Participant) -> list[Invited]:
    """The person's standing invitations with their newest mail that is no reminder."""
    found = session.scalars(
        select(Invitation)
        .where(Invitation.participant_id == person.id, Invitation.revoked.is_(False))
        .options(joinedload(Invitation.meeting))
    ).all()
    newest: dict[str, MailMessage] = {}
    for message in session.scalars(
        select(MailMessage)
        .where(
            MailMessage.invitation_id.in_([invitation.id for invitation in found]),
            MailMessage.kind == MailKind.INVITATION.value,
        )
        .order_by(MailMessage.created_at, MailMessage.id)
    ):
        newest[message.invitation_id or ""] = message
    ordered = sorted(found, key=lambda invitation: invitation.meeting.position)
    return [Invited(invitation, newest.get(invitation.id)) for invitation in ordered]


def answering_has_begun(session: Session, meeting_ids: Sequence[str]) -> bool:
    """Whether anybody at one of these meetings has answered or taken a response code: a figure, not a person."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Invitation.meeting_id.in_(meeting_ids),
                    or_(Invitation.answered, Invitation.issued),
                )
            )
        )
    )


def _holds(search: str) -> ColumnElement[bool]:
    """SQLite folds the letters a to z alone, so other letters are sought in the three ways they are written."""
    written = dict.fromkeys((search, search.lower(), search.upper(), search.title()))
    columns = (Participant.name, Participant.email, Participant.organisation)
    return or_(*(column.icontains(form, autoescape=True) for column in columns for form in written))
