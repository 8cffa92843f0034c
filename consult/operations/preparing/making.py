"""A new consultation: from nothing, or from an earlier one's structure without its people and answers."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.actions import give_role
from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.analysis.models import Theme
from consult.consultations.actions import GROUND_RULES, change_ground_rules, create_consultation
from consult.consultations.enums import Attribution, Mode, Switch, Timing
from consult.consultations.models import BREAKDOWN, Consultation, Question, Translations, Wording
from consult.consultations.queries import ground_rules_in_force, questions_of
from consult.consultations.rules import Stage
from consult.meetings.models import Asking, Meeting, MeetingSession
from consult.meetings.queries import meetings_in_full

_COPIED = (
    "strapline",
    "programme",
    "convenor",
    "event",
    "help_contact",
    "objectives",
    "country_groups",
    "second_approval",
    "reason_labels",
)
_OF_QUESTION = ("kind", "settings", "condition", "page", "position", "required", "max_length")
_OF_MEETING = (
    "slug",
    "position",
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


def cautious_rules(promise: Translations, rules_text: Translations) -> dict[str, Any]:
    """The ground rules that a blank consultation starts with: nothing but words, quoted without their author."""
    return {
        "mode": Mode.CONFIDENTIAL,
        "ceiling": Attribution.QUOTE_UNATTRIBUTED,
        "smallest_group": 5,
        **dict.fromkeys(("speaker", "affiliation", "attendance"), Switch.CLOSED),
        "timing": Timing.NONE,
        "breakdown": list(BREAKDOWN),
        "people_kept_months": None,
        "answers_kept_months": None,
        "grace_minutes": 15,
        "promise": promise,
        "rules_text": rules_text,
    }


def make_blank(
    session: Session,
    *,
    slug: str,
    title: str,
    language: str,
    languages: list[str],
    rules: dict[str, Any],
    by: User,
) -> Consultation:
    """A consultation without meetings and questions."""
    consultation = create_consultation(
        session, slug=slug, title=title, language=language, languages=languages, by=by
    )
    change_ground_rules(session, consultation, rules, stage=Stage.FREE, by=by)
    return consultation


def make_copy(session: Session, earlier: Consultation, *, slug: str, title: str, by: User) -> Consultation:
    """The structure of an earlier one: meetings and sessions, questions as they were worded last, ground rules, themes.

    No people, no answers, no outcomes, no links and no times.
    """
    consultation = create_consultation(
        session,
        slug=slug,
        title=title,
        language=earlier.language,
        languages=list(earlier.languages),
        by=by,
        **{name: getattr(earlier, name) for name in _COPIED},
    )
    rules = ground_rules_in_force(session, earlier)
    wanted = {name: getattr(rules, name) for name in GROUND_RULES}
    change_ground_rules(session, consultation, wanted, stage=Stage.FREE, by=by)
    wordings: dict[str, Wording] = {}
    for question in questions_of(session, earlier):
        wordings |= _copied_question(session, consultation, question)
    for meeting in meetings_in_full(session, earlier):
        _copied_meeting(session, consultation, meeting, wordings)
    _copied_themes(session, earlier, consultation)
    session.flush()
    return consultation


def let_in(session: Session, consultation: Consultation, director: User) -> None:
    """Make somebody its first programme director."""
    give_role(session, director, Role.PROGRAMME_DIRECTOR, consultation_id=consultation.id)


def _copied_question(session: Session, consultation: Consultation, question: Question) -> dict[str, Wording]:
    """The question with every wording that it had; old wording's identifier → the copy."""
    copy = Question(
        consultation_id=consultation.id,
        code=question.code,
        **{name: getattr(question, name) for name in _OF_QUESTION},
    )
    session.add(copy)
    session.flush()
    copies = {}
    for wording in question.wordings:
        copies[wording.id] = Wording(
            question_id=copy.id,
            version=wording.version,
            prompt=dict(wording.prompt),
            help_text=dict(wording.help_text),
            source_text=wording.source_text,
        )
        session.add(copies[wording.id])
    session.flush()
    return copies


def _copied_meeting(
    session: Session, consultation: Consultation, meeting: Meeting, wordings: dict[str, Wording]
) -> None:
    copy = Meeting(consultation_id=consultation.id, **{name: getattr(meeting, name) for name in _OF_MEETING})
    session.add(copy)
    session.flush()
    sessions = {}
    for one in meeting.sessions:
        sessions[one.id] = MeetingSession(
            meeting_id=copy.id, position=one.position, title=one.title, chair=one.chair
        )
        session.add(sessions[one.id])
    session.flush()
    for asking in meeting.askings:
        wording = wordings[asking.wording_id]
        session.add(
            Asking(
                meeting_id=copy.id,
                question_id=wording.question_id,
                wording_id=wording.id,
                session_id=sessions[asking.session_id].id if asking.session_id else None,
                position=asking.position,
            )
        )


def _copied_themes(session: Session, earlier: Consultation, consultation: Consultation) -> None:
    """The codebook in use, without anything that was coded with it."""
    themes = session.scalars(
        select(Theme)
        .where(Theme.consultation_id == earlier.id, Theme.retired.is_(False))
        .order_by(Theme.position, Theme.id)
    ).all()
    copies: dict[str, Theme] = {}
    for theme in themes:
        copies[theme.id] = Theme(
            consultation_id=consultation.id,
            code=theme.code,
            title=theme.title,
            description=theme.description,
            includes=theme.includes,
            excludes=theme.excludes,
            examples=list(theme.examples),
            colour=theme.colour,
            position=theme.position,
        )
        session.add(copies[theme.id])
    session.flush()
    for theme in themes:
        copies[theme.id].parent_id = copies[theme.parent_id].id if theme.parent_id in copies else None
    session.flush()
