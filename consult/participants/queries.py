"""Finding invitations and counting them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, cast, distinct, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.consultations.models import Consultation
from consult.core.identifiers import digest, tidy_code
from consult.core.marks import Changing, Marks, column_of
from consult.meetings.models import Meeting
from consult.meetings.setting import Setting, setting_at
from consult.participants.models import Invitation, JoinCode, Participant


@dataclass(frozen=True)
class Participation:
    """Counts for one meeting: people invited, how many of them answered, how many links were made anew."""

    meeting_id: str
    invited: int
    answered: int
    supplementary: int


@dataclass(frozen=True)
class OpenedInvitation:
    """A standing invitation with its person, the setting of its meeting, and the marks under which that was read."""

    invitation: Invitation
    setting: Setting
    marks: Marks


_OPENED = (
    select(Invitation, column_of(Changing.SETTING), column_of(Changing.ROSTER))
    .where(Invitation.id == bindparam("invitation_id"), Invitation.revoked.is_(False))
    .options(joinedload(Invitation.participant, innerjoin=True))
)


def opened_invitation(session: Session, invitation_id: str) -> OpenedInvitation | None:
    """That invitation unless it was revoked, in one statement while the setting stands. Its meeting is to be read."""
    row = session.execute(_OPENED, {"invitation_id": invitation_id}).first()
    if row is None:
        return None
    invitation, setting, roster = row
    marks = Marks(int(setting), int(roster))
    at = setting_at(session, invitation.meeting_id, marks)
    set_committed_value(invitation, "meeting", at.meeting)
    return OpenedInvitation(invitation, at, marks)


def standing_invitation(session: Session, invitation_id: str) -> Invitation | None:
    """The invitation with that identifier unless it was revoked, with its person and meeting."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.revoked.is_(False))
        .options(joinedload(Invitation.participant), joinedload(Invitation.meeting))
    ).first()


def invitation_by_secret(session: Session, secret: str) -> Invitation | None:
    """The standing invitation that a link's secret opens."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.secret_hash == digest(secret), Invitation.revoked.is_(False))
        .options(joinedload(Invitation.participant), joinedload(Invitation.meeting))
    ).first()


def invitation_by_code(session: Session, code: str) -> Invitation | None:
    """The standing invitation that a typed code opens, however it was spaced or cased."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.code_hash == digest(tidy_code(code)), Invitation.revoked.is_(False))
        .options(joinedload(Invitation.participant), joinedload(Invitation.meeting))
    ).first()


def join_code_of(session: Session, meeting: Meeting) -> JoinCode | None:
    """The meeting's join code, open or not; None where it never had one."""
    return session.get(JoinCode, meeting.id)


def meeting_by_join_code(session: Session, code: str) -> Meeting | None:
    """The meeting whose poster shows that code, while it is open, however the code was spaced or cased."""
    return session.scalars(
        select(Meeting)
        .join(JoinCode, JoinCode.meeting_id == Meeting.id)
        .where(JoinCode.code_hash == digest(tidy_code(code)), JoinCode.open)
    ).first()


def participation(session: Session, consultation: Consultation) -> Sequence[Participation]:
    """Invited and answered per meeting, in the meetings' order; meetings with nobody invited too."""
    rows = session.execute(
        select(
            Meeting.id,
            func.count(Invitation.id),
            func.coalesce(func.sum(cast(Invitation.answered, Integer)), 0),
            func.coalesce(func.sum(cast(Invitation.supplementary, Integer)), 0),
        )
        .outerjoin(Invitation, (Invitation.meeting_id == Meeting.id) & Invitation.revoked.is_(False))
        .where(Meeting.consultation_id == consultation.id)
        .group_by(Meeting.id, Meeting.position)
        .order_by(Meeting.position, Meeting.id)
    )
    return [Participation(*row) for row in rows]


@dataclass(frozen=True)
class RosterSize:
    """How many people are on the roster, from how many countries, and how many go to more than one meeting."""

    people: int
    countries: int
    at_several_meetings: int


def roster_size(session: Session, consultation: Consultation) -> RosterSize:
    """Counts of people; never who."""
    people, countries = session.execute(
        select(func.count(), func.count(distinct(func.nullif(Participant.country, "")))).where(
            Participant.consultation_id == consultation.id
        )
    ).one()
    several = (
        select(Invitation.participant_id)
        .join(Invitation.participant)
        .where(Participant.consultation_id == consultation.id, Invitation.revoked.is_(False))
        .group_by(Invitation.participant_id)
        .having(func.count() > 1)
        .subquery()
    )
    return RosterSize(people, countries, session.scalar(select(func.count()).select_from(several)) or 0)


def combinations_invited(session: Session, meeting_id: str) -> dict[tuple[str, str, str, str], int]:
    """How many people invited to a meeting share each (country, sector, role label, language)."""
    attributes = (Participant.country, Participant.sector, Participant.role_label, Participant.language)
    rows = session.execute(
        select(*attributes, func.count())
        .join(Invitation, Invitation.participant_id == Participant.id)
        .where(Invitation.meeting_id == meeting_id, Invitation.revoked.is_(False))
        .group_by(*attributes)
    )
    return {(country, sector, role, language): people for country, sector, role, language, people in rows}


def invited_to_both(session: Session, consultation: Consultation, first: str, second: str) -> int:
    """How many people hold standing invitations to both meetings, by slug; never who."""
    both = (
        select(Invitation.participant_id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Meeting.consultation_id == consultation.id,
            Meeting.slug.in_((first, second)),
            Invitation.revoked.is_(False),
        )
        .group_by(Invitation.participant_id)
        .having(func.count(distinct(Invitation.meeting_id)) == 2)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(both)) or 0
