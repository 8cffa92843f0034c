"""Bringing the database to what a definition says, as often as one likes.

What is not in the file any more stays in the database: a file that lost a line must not take answers with it. Ground
rules and wordings are only ever added to, since answers name the version they were given under.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.actions import ensure_user, give_role
from consult.accounts.enums import Role
from consult.accounts.queries import user_by_email
from consult.analysis.actions import ensure_theme
from consult.analysis.models import Theme
from consult.analysis.queries import theme_by_code
from consult.consultations.models import Consultation, GroundRules, Question, Wording, promise_hash
from consult.consultations.queries import consultation_by_slug
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Refused
from consult.meetings.models import Asking, Meeting, MeetingLink, MeetingSession, Outcome
from consult.meetings.queries import meeting_by_slug, meetings_of
from consult.operations.definition import Definition
from consult.operations.definition.shapes import GroundRulesPart, MeetingPart, QuestionPart, ThemePart
from consult.reports.actions import set_takeaways
from consult.reports.queries import takeaways_of
from consult.responses.models import Response

_CONSULTATION_FIELDS = (
    "title",
    "strapline",
    "programme",
    "convenor",
    "event",
    "language",
    "languages",
    "help_contact",
    "objectives",
    "stated_participants",
    "stated_countries",
    "country_groups",
)
_GROUND_RULES_FIELDS = (
    "mode",
    "ceiling",
    "smallest_group",
    "speaker",
    "affiliation",
    "attendance",
    "timing",
    "grace_minutes",
    "promise",
    "rules_text",
)
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


@dataclass
class Loaded:
    """A consultation as it now is, and what the file changed, in sentences without a full stop."""

    consultation: Consultation
    changes: list[str] = field(default_factory=list)


def load(session: Session, definition: Definition) -> Loaded:
    """Create or update the consultation with the definition's slug. Loading the same again changes nothing."""
    loaded = _consultation(session, definition)
    consultation, changes = loaded.consultation, loaded.changes
    _ground_rules(session, consultation, definition.ground_rules, changes)
    for position, question in enumerate(definition.questions, start=1):
        _question(session, consultation, question, position, changes)
    for position, meeting in enumerate(definition.meetings, start=1):
        _meeting(session, consultation, meeting, position, changes)
    _askings(session, consultation, definition, changes)
    _themes(session, consultation, definition.themes, changes)
    _takeaways(session, consultation, definition, changes)
    _directors(session, consultation, definition, changes)
    _say_what_stays(session, consultation, definition, changes)
    if changes:
        audit.record(session, "consultation_loaded", consultation_id=consultation.id, changes=len(changes))
    return loaded


def _consultation(session: Session, definition: Definition) -> Loaded:
    values = {name: getattr(definition, name) for name in _CONSULTATION_FIELDS}
    for name in ("opens_at", "closes_at"):  # absent: set by hand, so left as it is
        if getattr(definition, name) is not None:
            values[name] = getattr(definition, name)
    consultation = consultation_by_slug(session, definition.slug)
    if consultation is None:
        consultation = Consultation(slug=definition.slug, created_at=now(), **values)
        session.add(consultation)
        session.flush()
        return Loaded(consultation, [f"created consultation {definition.slug}"])
    changed = _bring_to(consultation, values)
    session.flush()
    return Loaded(consultation, [f"consultation: {name} changed" for name in changed])


def _ground_rules(
    session: Session, consultation: Consultation, part: GroundRulesPart, changes: list[str]
) -> None:
    in_force = session.scalars(
        select(GroundRules)
        .where(GroundRules.consultation_id == consultation.id)
        .order_by(GroundRules.version.desc())
        .limit(1)
    ).first()
    values = {name: getattr(part, name) for name in _GROUND_RULES_FIELDS}
    changed = [name for name in values if in_force is None or getattr(in_force, name) != values[name]]
    if in_force is not None and not changed:
        return
    if in_force is not None and in_force.mode is not part.mode and _has_responses(session, consultation):
        raise Refused(
            "The mode of %(slug)s cannot change from %(old)s to %(new)s: answers were given under it. "
            "Put the old mode back, or define a new consultation.",
            slug=consultation.slug,
            old=in_force.mode.value,
            new=part.mode.value,
        )
    version = in_force.version + 1 if in_force else 1
    session.add(
        GroundRules(
            consultation_id=consultation.id,
            version=version,
            promise_hash=promise_hash(part.promise, part.rules_text),
            made_at=now(),
            **values,
        )
    )
    session.flush()
    if in_force is not None:
        changes.append(f"ground rules: version {version}, with other {', '.join(changed)}")


def _has_responses(session: Session, consultation: Consultation) -> bool:
    found = select(Response.id).where(Response.consultation_id == consultation.id).limit(1)
    return session.scalar(found) is not None


def _question(
    session: Session, consultation: Consultation, part: QuestionPart, position: int, changes: list[str]
) -> None:
    values = {"required": part.required, "max_length": part.max_length, "position": position}
    question = session.scalars(
        select(Question).where(Question.consultation_id == consultation.id, Question.code == part.code)
    ).first()
    if question is None:
        question = Question(consultation_id=consultation.id, code=part.code, kind=part.kind, **values)
        session.add(question)
        session.flush()
        changes.append(f"question {part.code}: added")
    elif question.kind is not part.kind:
        raise Refused("Question %(code)s cannot change its kind. Give it a new code.", code=part.code)
    else:
        changes.extend(f"question {part.code}: {name} changed" for name in _bring_to(question, values))
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


def _meeting(
    session: Session, consultation: Consultation, part: MeetingPart, position: int, changes: list[str]
) -> None:
    values = {name: getattr(part, name) for name in _MEETING_FIELDS} | {"position": position}
    meeting = meeting_by_slug(session, consultation, part.slug)
    new = meeting is None
    if meeting is None:
        meeting = Meeting(consultation_id=consultation.id, slug=part.slug, **values)
        session.add(meeting)
        changes.append(f"meeting {part.slug}: added")
    else:
        changes.extend(f"meeting {part.slug}: {name} changed" for name in _bring_to(meeting, values))
    session.flush()
    outcomes = [{"text": text} for text in part.outcomes]
    links = [vars(link) for link in part.links]
    sessions = [vars(each) for each in part.sessions]
    for model, word, wanted in (
        (Outcome, "outcome", outcomes),
        (MeetingLink, "link", links),
        (MeetingSession, "session", sessions),
    ):
        done = _numbered(session, model, meeting, wanted)
        if not new:
            changes.extend(f"meeting {part.slug}: {word} {what}" for what in done)


def _numbered(
    session: Session,
    model: type[Outcome] | type[MeetingLink] | type[MeetingSession],
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
        elif _bring_to(standing[number - 1], values | {"position": number}):
            done.append(f"{number} reworded" if model is Outcome else f"{number} changed")
    for number, row in enumerate(standing[len(wanted) :], start=len(wanted) + 1):
        session.delete(row)
        done.append(f"{number} removed")
    session.flush()
    return done


def _askings(
    session: Session, consultation: Consultation, definition: Definition, changes: list[str]
) -> None:
    meetings = {meeting.slug: meeting for meeting in meetings_of(session, consultation)}
    wordings = {
        (code, wording.version): wording
        for code, wording in session.execute(
            select(Question.code, Wording)
            .join(Wording, Wording.question_id == Question.id)
            .where(Question.consultation_id == consultation.id)
        )
    }
    positions = {question.code: place for place, question in enumerate(definition.questions, start=1)}
    for part in definition.askings:
        meeting, wording = meetings[part.meeting], wordings[part.question, part.wording]
        values = {"wording_id": wording.id, "position": positions[part.question]}
        asking = session.scalars(
            select(Asking).where(
                Asking.meeting_id == meeting.id,
                Asking.question_id == wording.question_id,
                Asking.session_id.is_(None),
            )
        ).first()
        name = f"meeting {part.meeting}: question {part.question}"
        if asking is None:
            session.add(Asking(meeting_id=meeting.id, question_id=wording.question_id, **values))
            changes.append(f"{name} is asked in wording {part.wording}")
        elif "wording_id" in _bring_to(asking, values):
            changes.append(f"{name} is now asked in wording {part.wording}")
    session.flush()


def _themes(
    session: Session, consultation: Consultation, parts: Sequence[ThemePart], changes: list[str]
) -> None:
    places = {part.code: place for place, part in enumerate(parts, start=1)}
    by_code = {part.code: part for part in parts}
    made: dict[str, Theme] = {}

    def ensure(part: ThemePart) -> Theme:
        if part.code in made:
            return made[part.code]
        parent = ensure(by_code[part.parent]) if part.parent else None
        before = _theme_values(theme_by_code(session, consultation, part.code))
        theme = ensure_theme(
            session,
            consultation,
            code=part.code,
            title=part.title,
            description=part.description,
            position=places[part.code],
            parent=parent,
            drawn_from=part.drawn_from,
        )
        if before is None:
            changes.append(f"theme {part.code}: added")
        elif before != _theme_values(theme):
            changes.append(f"theme {part.code}: changed")
        made[part.code] = theme
        return theme

    for part in parts:
        ensure(part)


def _theme_values(theme: Theme | None) -> tuple[object, ...] | None:
    if theme is None:
        return None
    return (
        theme.title,
        theme.description,
        theme.drawn_from,
        theme.position,
        theme.parent_id,
        theme.retired,
    )


def _takeaways(
    session: Session, consultation: Consultation, definition: Definition, changes: list[str]
) -> None:
    wanted = [(takeaway.text, takeaway.themes) for takeaway in definition.takeaways]
    standing = [(takeaway.text, takeaway.theme_codes) for takeaway in takeaways_of(session, consultation)]
    if standing == wanted:
        return
    set_takeaways(session, consultation, wanted)
    for number in range(1, max(len(standing), len(wanted)) + 1):
        was, will = standing[number - 1 : number], wanted[number - 1 : number]
        if was != will:
            done = "added" if not was else "removed" if not will else "changed"
            changes.append(f"takeaway {number}: {done}")


def _directors(
    session: Session, consultation: Consultation, definition: Definition, changes: list[str]
) -> None:
    for director in definition.directors:
        known = user_by_email(session, director.email)
        user = ensure_user(session, email=director.email, name=director.name)
        if not any(
            membership.consultation_id == consultation.id and membership.role is Role.PROGRAMME_DIRECTOR
            for membership in user.memberships
        ):
            give_role(session, user, Role.PROGRAMME_DIRECTOR, consultation_id=consultation.id)
            account = "" if known else "; the account has no password yet"
            changes.append(f"{director.email}: made programme director{account}")


def _say_what_stays(
    session: Session, consultation: Consultation, definition: Definition, changes: list[str]
) -> None:
    """Name meetings and questions that the file has lost, once something else is reported too."""
    if not changes:
        return
    slugs = {meeting.slug for meeting in definition.meetings}
    codes = {question.code for question in definition.questions}
    changes.extend(
        f"meeting {meeting.slug}: not in the file; it stays"
        for meeting in meetings_of(session, consultation)
        if meeting.slug not in slugs
    )
    standing = session.scalars(select(Question.code).where(Question.consultation_id == consultation.id))
    changes.extend(f"question {code}: not in the file; it stays" for code in standing if code not in codes)


def _bring_to(row: object, values: dict[str, Any]) -> list[str]:
    """Set what differs, and name it."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def responses_in(session: Session, consultation: Consultation) -> int:
    """How many responses a consultation holds."""
    count = select(func.count()).select_from(Response).where(Response.consultation_id == consultation.id)
    return session.scalar(count) or 0
