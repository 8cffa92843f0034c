"""What a participant's page shows of a meeting, kept by each process until its mark in the database moves."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force
from consult.core.marks import Marks, kept, marks
from consult.meetings.models import Asking, Meeting
from consult.meetings.queries import askings_at


@dataclass(frozen=True)
class Setting:
    """A meeting, what is asked there and under which rules. Shared by all requests: to be read, never changed."""

    consultation: Consultation
    rules: GroundRules
    """The version in force."""
    meeting: Meeting
    askings: tuple[Asking, ...]
    """In form order, with questions and wordings."""


def setting_at(session: Session, meeting_id: str, under: Marks | None = None) -> Setting:
    """The meeting's setting as it stands for this transaction. `under` are the marks that it has read already."""
    return kept(
        session,
        ("setting", meeting_id),
        (under or marks(session)).setting,
        lambda: _setting(session, meeting_id),
    )


def _setting(session: Session, meeting_id: str) -> Setting:
    """Read on this session's connection, and belonging to no session afterwards."""
    session.flush()
    with Session(session.connection()) as apart:
        meeting = apart.get_one(Meeting, meeting_id)
        consultation = apart.get_one(Consultation, meeting.consultation_id)
        rules = ground_rules_in_force(apart, consultation)
        return Setting(consultation, rules, meeting, tuple(askings_at(apart, meeting)))
