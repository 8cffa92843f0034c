"""The questions, meetings and askings of a definition."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, Question, Wording
from consult.core.errors import Refused
from consult.meetings.models import Asking, Attendee, Meeting, MeetingLink, MeetingSession, Outcome
from consult.meetings.queries import meeting_by_slug, meetings_of
from consult.operations.definition import Definition
from consult.operations.definition.shapes import MeetingPart, QuestionPart
from consult.responses.queries import frozen_questions, unchangeable_meetings

_MEETING_FIELDS = (
    "title",
    "short_title",
    "starts_on",
    "ends_on",
    "precision",
    "venue",
    "time_zone",
    "objectives",
    "outcomes_heading",
)


def load_question(
    session: Session, consultation: Consultation, part: QuestionPart, position: int, changes: list[str]
) -> None:
    """Bring one question to the file's words. A wording that stands is never edited: other words are Refused."""
    values = {
        "required": part.required,
        "max_length": part.max_length,
        "page": part.page,
        "position": position,
    }
    fixed = {"kind": part.kind, "settings": part.settings, "condition": part.condition}
    question = session.scalars(
        select(Question).where(Question.consultation_id == consultation.id, Question.code == part.code)
    ).first()
    if question is None:
        question = Question(consultation_id=consultation.id, code=part.code, **fixed, **values)
        session.add(question)
        session.flush()
        changes.append(f"question {part.code}: added")
    else:
        changed = [name for name, value in fixed.items() if getattr(question, name) != value]
        if changed and question.id in frozen_questions(session, consultation):
            raise Refused(
                "Question %(code)s has been answered, so its kind, its options and its condition stay as they are. "
                "Put them back, or give the question a new code.",
                code=part.code,
            )
        changes.extend(f"question {part.code}: {name} changed" for name in bring_to(question, fixed))
        changes.extend(f"question {part.code}: {name} changed" for name in bring_to(question, values))
    standing = {
        wording.version: wording
        for wording in session.scalars(select(Wording).where(Wording.question_id == question.id))
    }
    for wording in part.wordings:
        stands = standing.get(wording.version)
        if stands is None:
            session.add(
                Wording(
                    question_id=question.id,
                    version=wording.version,
                    prompt=wording.prompt,
                    help_text=wording.help_text,
                    source_text=wording.prompt[consultation.language],
                )
            )
            changes.append(f"question {part.code}: wording {wording.version} added")
        elif (stands.prompt, stands.help_text) != (wording.prompt, wording.help_text):
            raise Refused(
                "Wording %(version)s of question %(code)s stands and is never edited, since answers name the words "
                "they saw. Put it back, and write the new words as a wording with version %(next)s.",
                version=wording.version,
                code=part.code,
                next=max([*standing, *(each.version for each in part.wordings)]) + 1,
            )
    session.flush()


def load_meeting(
    session: Session, consultation: Consultation, part: MeetingPart, position: int, changes: list[str]
) -> None:
    """Bring one meeting, with its outcomes, links and sessions, to what the file says."""
    values = {name: getattr(part, name) for name in _MEETING_FIELDS} | {"position": position}
    meeting = meeting_by_slug(session, consultation, part.slug)
    new = meeting is None
    if meeting is None:
        meeting = Meeting(consultation_id=consultation.id, slug=part.slug, **values)
        session.add(meeting)
        changes.append(f"meeting {part.slug}: added")
    else:
        changes.extend(f"meeting {part.slug}: {name} changed" for name in bring_to(meeting, values))
    session.flush()
    outcomes = [{"text": text} for text in part.outcomes]
    links = [vars(link) for link in part.links]
    sessions = [vars(each) for each in part.sessions]
    attendees = [vars(each) for each in part.attendees]
    for model, word, wanted in (
        (Outcome, "outcome", outcomes),
        (MeetingLink, "link", links),
        (MeetingSession, "session", sessions),
        (Attendee, "attendee", attendees),
    ):
        done = _numbered(session, model, meeting, wanted)
        if not new:
            changes.extend(f"meeting {part.slug}: {word} {what}" for what in done)


def _numbered(
    session: Session,
    model: type[Outcome] | type[MeetingLink] | type[MeetingSession] | type[Attendee],
    meeting: Meeting,
    wanted: Sequence[dict[str, Any]],
) -> list[str]:
    """Rows of a meeting in the file's order: the n-th row becomes the n-th entry, and rows beyond the last go."""
    standing = list(
        session.scalars(
            select(model).where(model.meeting_id == meeting.id).order_by(model.position, model.id)
        )
    )
    done = []
    for number, values in enumerate(wanted, start=1):
        if number > len(standing):
            session.add(model(meeting_id=meeting.id, position=number, **values))
            done.append(f"{number} added")
        elif bring_to(standing[number - 1], values | {"position": number}):
            done.append(f"{number} reworded" if model is Outcome else f"{number} changed")
    for number, row in enumerate(standing[len(wanted) :], start=len(wanted) + 1):
        if isinstance(row, MeetingSession):  # what was asked there is asked at the meeting as a whole
            session.execute(update(Asking).where(Asking.session_id == row.id).values(session_id=None))
        session.delete(row)
        done.append(f"{number} removed")
    session.flush()
    return done


def load_askings(
    session: Session, consultation: Consultation, definition: Definition, changes: list[str]
) -> None:
    """Have each question asked at the meetings that the file names, in the wording it names."""
    meetings = {meeting.slug: meeting for meeting in meetings_of(session, consultation)}
    wordings = {
        (code, wording.version): wording
        for code, wording in session.execute(
            select(Question.code, Wording)
            .join(Wording, Wording.question_id == Question.id)
            .where(Question.consultation_id == consultation.id)
        )
    }
    sessions = {
        (each.meeting_id, each.title): each.id
        for each in session.scalars(
            select(MeetingSession)
            .where(MeetingSession.meeting_id.in_([meeting.id for meeting in meetings.values()]))
            .order_by(MeetingSession.position.desc())
        )
    }
    kept = unchangeable_meetings(session, consultation)
    positions = {question.code: place for place, question in enumerate(definition.questions, start=1)}
    for part in definition.askings:
        meeting, wording = meetings[part.meeting], wordings[part.question, part.wording]
        values = {
            "wording_id": wording.id,
            "session_id": sessions[meeting.id, part.session] if part.session else None,
            "position": positions[part.question],
        }
        asking = session.scalars(
            select(Asking)
            .where(Asking.meeting_id == meeting.id, Asking.question_id == wording.question_id)
            .order_by(Asking.id)
        ).first()
        name = f"meeting {part.meeting}: question {part.question}"
        if meeting.id in kept and (asking is None or asking.wording_id != wording.id):
            raise Refused(
                "Answers without links are given at %(meeting)s now, so what is asked there stays as it is until it is "
                "closed: other words would tell when an answer was given. Put question %(code)s back.",
                meeting=part.meeting,
                code=part.question,
            )
        if asking is None:
            session.add(Asking(meeting_id=meeting.id, question_id=wording.question_id, **values))
            changes.append(f"{name} is asked in wording {part.wording}")
            continue
        changed = bring_to(asking, values)
        if "wording_id" in changed:
            changes.append(f"{name} is now asked in wording {part.wording}")
        if "session_id" in changed:
            changes.append(f"{name} now belongs to {part.session or 'no session'}")
    session.flush()


def bring_to(row: object, values: dict[str, Any]) -> list[str]:
    """Set what differs, and name it."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
