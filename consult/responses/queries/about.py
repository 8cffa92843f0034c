"""What is stored of a person beside an answer: never more than enough invited people share."""

from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import BREAKDOWN, Consultation, GroundRules
from consult.core.marks import Marks, kept
from consult.participants.models import Invitation
from consult.participants.queries import combinations_invited
from consult.responses.rules import (
    Breakdown,
    coarsened,
    country_group,
)


def kept_about(
    session: Session,
    invitation: Invitation,
    consultation: Consultation,
    rules: GroundRules,
    marks: Marks | None = None,
) -> Breakdown:
    """What is stored about the person with an answer.

    Only what the ground rules name: all of it in attributed mode, else coarsened over everybody invited to the meeting.
    With `marks` what may be kept for each combination of attributes is worked out once for all who are invited.
    """
    groups, left_out = consultation.country_groups, set(BREAKDOWN) - set(rules.breakdown)
    person = invitation.participant
    group = country_group(person.country, groups)
    own = Breakdown(person.country, group, person.sector, person.role_label, person.language).without(
        *left_out
    )
    if rules.mode is Mode.ATTRIBUTED:
        return own

    def counted() -> dict[Breakdown, Breakdown]:
        invited: dict[Breakdown, int] = {}
        for row, people in combinations_invited(session, invitation.meeting_id).items():
            country, sector, role_label, language = row
            group = country_group(country, groups)
            combination = Breakdown(country, group, sector, role_label, language).without(*left_out)
            invited[combination] = invited.get(combination, 0) + people
        return coarsened(invited, rules.smallest_group)

    stored = counted() if marks is None else kept(session, ("about", invitation.meeting_id), marks, counted)
    return stored.get(own, Breakdown())
