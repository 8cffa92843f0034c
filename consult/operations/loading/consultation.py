"""Bringing the database to what a definition says, as often as one likes.

What is not in the file any more stays in the database: a file that lost a line must not take answers with it. Ground
rules and wordings are only ever added to, since answers name the version they were given under.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.actions import ensure_user, give_role
from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.accounts.queries import user_by_email
from consult.analysis.actions import ensure_theme
from consult.analysis.codebook.actions import keep_version
from consult.analysis.enums import CodebookAct
from consult.analysis.models import Theme
from consult.analysis.queries import theme_by_code
from consult.consultations.actions import GROUND_RULES, change_ground_rules
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug, ground_rules_in_force, questions_of
from consult.consultations.rules import Stage
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Refused
from consult.meetings.queries import meetings_of
from consult.operations.definition import Definition
from consult.operations.definition.shapes import GroundRulesPart, ThemePart
from consult.operations.loading.discussions import load_notes
from consult.operations.loading.meetings import bring_to, load_askings, load_meeting, load_question
from consult.operations.preparing.stage import stage_of
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
    "second_approval",
    "reason_labels",
    "licence",
)


@dataclass
class Loaded:
    """A consultation as it now is, and what the file changed, in sentences without a full stop."""

    consultation: Consultation
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the file does not name and what stays all the same."""


def load(session: Session, definition: Definition, *, by: User | None = None) -> Loaded:
    """Create or update the consultation with the definition's slug. Loading the same again changes nothing.

    `by` is whoever loads it at the desk; without, an administrator does.
    """
    loaded = _consultation(session, definition)
    consultation, changes = loaded.consultation, loaded.changes
    _ground_rules(session, consultation, definition.ground_rules, changes)
    for position, question in enumerate(definition.questions, start=1):
        load_question(session, consultation, question, position, changes)
    for position, meeting in enumerate(definition.meetings, start=1):
        load_meeting(session, consultation, meeting, position, changes)
    load_askings(session, consultation, definition, changes)
    _themes(session, consultation, definition.themes, changes)
    _takeaways(session, consultation, definition, changes)
    _directors(session, consultation, definition, changes, by)
    loaded.notes = _what_stays(session, consultation, definition)
    loaded.notes += load_notes(session, consultation, definition, changes)
    if changes:
        audit.record(
            session,
            "consultation_loaded",
            user_id=by.id if by else None,
            consultation_id=consultation.id,
            changes=len(changes),
        )
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
    groups_change = consultation.country_groups != definition.country_groups
    if groups_change and stage_of(session, consultation) is Stage.ANSWERED:
        raise Refused("Answers were given under these country groups, so they are fixed.")
    changed = bring_to(consultation, values)
    session.flush()
    return Loaded(consultation, [f"consultation: {name} changed" for name in changed])


def _ground_rules(
    session: Session, consultation: Consultation, part: GroundRulesPart, changes: list[str]
) -> None:
    changed = change_ground_rules(
        session,
        consultation,
        {name: getattr(part, name) for name in GROUND_RULES},
        stage=stage_of(session, consultation),
    )
    version = ground_rules_in_force(session, consultation).version
    if changed and version > 1:
        changes.append(f"ground rules: version {version}, with other {', '.join(changed)}")


FOR_CODERS = ("includes", "excludes", "examples", "colour")
"""What coders are told of a theme; a definition that is silent about it leaves it."""


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
        for name in FOR_CODERS:
            if (told := getattr(part, name)) is not None:
                setattr(theme, name, list(told) if name == "examples" else told)
        if before is None:
            changes.append(f"theme {part.code}: added")
        elif before != _theme_values(theme):
            changes.append(f"theme {part.code}: changed")
        made[part.code] = theme
        return theme

    for part in parts:
        ensure(part)
    if changed := [code for code in made if any(line.startswith(f"theme {code}: ") for line in changes)]:
        keep_version(session, consultation, CodebookAct.LOADED, changed)


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
        *(getattr(theme, name) for name in FOR_CODERS),
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
    session: Session,
    consultation: Consultation,
    definition: Definition,
    changes: list[str],
    by: User | None,
) -> None:
    for director in definition.directors:
        known = user_by_email(session, director.email)
        user = ensure_user(session, email=director.email, name=director.name)
        if not any(
            membership.consultation_id == consultation.id and membership.role is Role.PROGRAMME_DIRECTOR
            for membership in user.memberships
        ):
            give_role(session, user, Role.PROGRAMME_DIRECTOR, consultation_id=consultation.id, by=by)
            account = "" if known else "; the account has no password yet"
            changes.append(f"{director.email}: made programme director{account}")


def _what_stays(session: Session, consultation: Consultation, definition: Definition) -> list[str]:
    """Meetings and questions that the file does not name."""
    slugs = {meeting.slug for meeting in definition.meetings}
    codes = {question.code for question in definition.questions}
    meetings = [meeting.slug for meeting in meetings_of(session, consultation) if meeting.slug not in slugs]
    questions = [
        question.code for question in questions_of(session, consultation) if question.code not in codes
    ]
    return [f"meeting {slug}: not in the file; it stays" for slug in meetings] + [
        f"question {code}: not in the file; it stays" for code in questions
    ]


def responses_in(session: Session, consultation: Consultation) -> int:
    """How many responses a consultation holds."""
    count = select(func.count()).select_from(Response).where(Response.consultation_id == consultation.id)
    return session.scalar(count) or 0
