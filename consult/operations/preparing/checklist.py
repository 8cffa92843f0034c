"""The parts of setting up, and what each still lacks. What is said is an English msgid of the catalogues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, GroundRules, Question
from consult.consultations.queries import ground_rules_in_force, questions_of
from consult.core.audit import AuditEntry
from consult.core.errors import N_
from consult.core.mail.models import MailMessage
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_in_full
from consult.operations.mailing.kinds import MailKind
from consult.operations.preparing.unreached import unreached
from consult.participants.models import JoinCode
from consult.participants.queries import participation, roster_size

LANGUAGES = "languages"
"""The fact that holds codes of languages, for whoever prints the sentence to name."""


class Part(StrEnum):
    """A part of setting up, in the order of the task list."""

    ABOUT = "about"
    MEETINGS = "meetings"
    QUESTIONS = "questions"
    RULES = "rules"
    PEOPLE = "people"
    INVITATIONS = "invitations"
    OPENING = "opening"


@dataclass(frozen=True)
class Missing:
    """One thing to do before the part is ready; `facts` fill the sentence."""

    sentence: str
    facts: dict[str, object] = field(default_factory=dict)


UNSENT = Missing(N_("No invitation has been sent, no letter printed, no join code switched on."))


@dataclass(frozen=True)
class Checked:
    """A part, how much is in it, and what it lacks."""

    part: Part
    count: int
    missing: tuple[Missing, ...]

    @property
    def ready(self) -> bool:
        return not self.missing


def checklist(session: Session, consultation: Consultation) -> list[Checked]:
    """Every part in the order of the task list."""
    meetings, questions = meetings_in_full(session, consultation), questions_of(session, consultation)
    invited = {row.meeting_id: row.invited for row in participation(session, consultation)}
    rules = ground_rules_in_force(session, consultation)
    people, sent = roster_size(session, consultation).people, _mailed(session, consultation)
    found: list[tuple[Part, int, list[Missing]]] = [
        (Part.ABOUT, 0, _about(consultation)),
        (Part.MEETINGS, len(meetings), [] if meetings else [Missing(N_("Add the first meeting."))]),
        (Part.QUESTIONS, len(questions), _questions(questions, meetings, consultation.languages)),
        (Part.RULES, rules.version, _rules(rules, consultation.languages)),
        (Part.PEOPLE, people, _people(people, meetings, invited)),
        (Part.INVITATIONS, sent, [] if sent or _told_otherwise(session, consultation) else [UNSENT]),
        (Part.OPENING, 0, _opening(consultation)),
    ]
    return [Checked(part, count, tuple(missing)) for part, count, missing in found]


def _mailed(session: Session, consultation: Consultation) -> int:
    """How many invitations were put into the mail."""
    mailed = select(func.count(func.distinct(MailMessage.invitation_id))).where(
        MailMessage.consultation_id == consultation.id, MailMessage.kind == MailKind.INVITATION.value
    )
    return session.scalar(mailed) or 0


def _told_otherwise(session: Session, consultation: Consultation) -> bool:
    """Whether people learn of it without mail: by letters that were printed, or a join code that is taken."""
    letters = exists().where(
        AuditEntry.consultation_id == consultation.id, AuditEntry.act == "letters_printed"
    )
    code = exists().where(
        JoinCode.open, JoinCode.meeting_id == Meeting.id, Meeting.consultation_id == consultation.id
    )
    return bool(session.scalar(select(or_(letters, code))))


def ready_to_open(parts: list[Checked]) -> bool:
    """Whether nothing is missing but sending and opening themselves."""
    return all(checked.ready for checked in parts if checked.part not in (Part.INVITATIONS, Part.OPENING))


def _about(consultation: Consultation) -> list[Missing]:
    missing = []
    if not consultation.convenor:
        missing.append(Missing(N_("Say who convenes the consultation.")))
    if not consultation.help_contact:
        missing.append(Missing(N_("Say whom participants can ask.")))
    return missing


def _rules(rules: GroundRules, languages: Sequence[str]) -> list[Missing]:
    lacking = [code for code in languages if not rules.promise.get(code) or not rules.rules_text.get(code)]
    return [Missing(N_("Participants are promised nothing yet in: %(languages)s."), {LANGUAGES: lacking})][
        : len(lacking)
    ]


def _questions(
    questions: Sequence[Question], meetings: Sequence[Meeting], languages: Sequence[str]
) -> list[Missing]:
    if not questions:
        return [Missing(N_("Write the first question."))]
    asked = {asking.question_id for meeting in meetings for asking in meeting.askings}
    return [
        *(
            Missing(
                N_("Question “%(code)s” lacks what it offers to choose from, or its limits."),
                {"code": question.code},
            )
            for question in questions
            if KINDS[question.kind].problems(question.settings)
        ),
        *(Missing(told.message, told.facts) for told in unreached(questions, meetings)),
        *(
            Missing(N_("Question “%(code)s” has no words yet."), {"code": question.code})
            for question in questions
            if not question.wordings
        ),
        *(
            Missing(
                N_("Question “%(code)s” has no words yet in: %(languages)s."),
                {"code": question.code, LANGUAGES: lacking},
            )
            for question in questions
            if question.wordings
            and (lacking := [code for code in languages if not question.wordings[-1].prompt.get(code)])
        ),
        *(
            Missing(N_("Question “%(code)s” is asked at no meeting."), {"code": question.code})
            for question in questions
            if question.wordings and meetings and question.id not in asked
        ),
        *(
            Missing(N_("Nothing is asked at “%(meeting)s”."), {"meeting": meeting.short_title})
            for meeting in meetings
            if not meeting.askings
        ),
    ]


def _people(people: int, meetings: Sequence[Meeting], invited: Mapping[str, int]) -> list[Missing]:
    if not people:
        return [Missing(N_("Nobody is on the roster yet."))]
    return [
        Missing(N_("Nobody is invited to “%(meeting)s”."), {"meeting": meeting.short_title})
        for meeting in meetings
        if not invited.get(meeting.id)
    ]


def _opening(consultation: Consultation) -> list[Missing]:
    missing = []
    if consultation.opens_at is None:
        missing.append(Missing(N_("Say when answering opens.")))
    if consultation.closes_at is None:
        missing.append(Missing(N_("Say when answering closes.")))
    return missing
