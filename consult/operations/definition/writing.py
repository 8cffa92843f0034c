"""A consultation as a definition that `consult load` takes without changing anything."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.queries import staff_of
from consult.analysis.models import Theme
from consult.consultations.kinds import KINDS
from consult.consultations.models import BREAKDOWN, Consultation, GroundRules, Question
from consult.consultations.queries import ground_rules_in_force, questions_of
from consult.meetings.enums import DatePrecision
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_in_full
from consult.reports.queries import takeaways_of

_PRECISE = {DatePrecision.YEAR: "%Y", DatePrecision.MONTH: "%Y-%m", DatePrecision.DAY: "%Y-%m-%d"}


def written(session: Session, consultation: Consultation) -> str:
    """The TOML text: structure, rules, people who direct, takeaways and codebook; nobody invited and no answers."""
    meetings, questions = meetings_in_full(session, consultation), questions_of(session, consultation)
    document = {
        **_consultation(consultation),
        "ground_rules": _rules(ground_rules_in_force(session, consultation)),
        "country_groups": consultation.country_groups,
        "reason_labels": consultation.reason_labels,
        "programme_directors": [
            {"name": held.user.name, "email": held.user.email}
            for held in staff_of(session, consultation.id)
            if held.role is Role.PROGRAMME_DIRECTOR
        ],
        "meetings": [_meeting(meeting) for meeting in meetings],
        "questions": [_question(question) for question in questions],
        "askings": _askings(meetings, questions),
        "takeaways": [
            {"text": takeaway.text, "themes": list(takeaway.theme_codes)}
            for takeaway in takeaways_of(session, consultation)
        ],
        "themes": _themes(session, consultation),
    }
    heading = f"# {consultation.title}".replace("\n", " ")
    return f"{heading}\n\n{toml(document)}"


def _consultation(consultation: Consultation) -> dict[str, Any]:
    names = (
        "slug",
        "title",
        "strapline",
        "programme",
        "convenor",
        "event",
        "language",
        "languages",
        "help_contact",
        "objectives",
        "second_approval",
        "licence",
    )
    values = {name: getattr(consultation, name) for name in names}
    times = {"opens_at": consultation.opens_at, "closes_at": consultation.closes_at}
    figures = {"participants": consultation.stated_participants, "countries": consultation.stated_countries}
    return {**values, **_given(times), "figures": _given(figures)}


def _rules(rules: GroundRules) -> dict[str, Any]:
    return {
        "mode": rules.mode.value,
        "ceiling": rules.ceiling.code,
        "smallest_group": rules.smallest_group,
        "speaker": rules.speaker.value,
        "affiliation": rules.affiliation.value,
        "attendance": rules.attendance.value,
        "timing": rules.timing.value,
        "breakdown": [name for name in BREAKDOWN if name in rules.breakdown],
        **_given(
            {
                "people_kept_months": rules.people_kept_months,
                "answers_kept_months": rules.answers_kept_months,
            }
        ),
        "grace_minutes": rules.grace_minutes,
        "promise": rules.promise,
        "rules": rules.rules_text,
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "slug": meeting.slug,
        "title": meeting.title,
        "short_title": meeting.short_title,
        "starts": meeting.starts_on.strftime(_PRECISE[meeting.precision]),
        "ends": meeting.ends_on.strftime(_PRECISE[meeting.precision]),
        "venue": meeting.venue,
        "time_zone": meeting.time_zone,
        "objectives": meeting.objectives,
        "outcomes_heading": meeting.outcomes_heading,
        "outcomes": [outcome.text for outcome in meeting.outcomes],
        "links": [
            {"kind": link.kind.value, "title": link.title}
            | ({"url": link.url} if link.url else {"to_be_published": True})
            for link in meeting.links
        ],
        "sessions": [{"title": one.title, "chair": one.chair} for one in meeting.sessions],
        "attendees": [{"name": one.name, "description": one.description} for one in meeting.attendees],
    }


def _question(question: Question) -> dict[str, Any]:
    settings = {
        setting.name: question.settings[setting.name]
        for setting in KINDS[question.kind].settings
        if question.settings.get(setting.name) not in (None, "", [], {})
    }
    return {
        "code": question.code,
        "kind": question.kind,
        "required": question.required,
        "max_length": question.max_length,
        "page": question.page,
        **settings,
        "shown_if": question.condition or {},
        "wordings": [
            {"version": wording.version, "prompt": wording.prompt, "help": wording.help_text}
            for wording in question.wordings
        ],
    }


def _askings(meetings: Sequence[Meeting], questions: Sequence[Question]) -> list[dict[str, Any]]:
    versions = {wording.id: wording.version for question in questions for wording in question.wordings}
    written = []
    for meeting in meetings:
        titles = {one.id: one.title for one in meeting.sessions}
        for asking in meeting.askings:
            place = {"session": titles[asking.session_id]} if asking.session_id else {}
            version = versions[asking.wording_id]
            written.append(
                {"question": asking.question.code, "meeting": meeting.slug, "wording": version, **place}
            )
    return written


FOR_CODERS = ("drawn_from", "includes", "excludes", "examples", "colour")


def _themes(session: Session, consultation: Consultation) -> list[dict[str, Any]]:
    themes = session.scalars(
        select(Theme)
        .where(Theme.consultation_id == consultation.id, Theme.retired.is_(False))
        .order_by(Theme.position, Theme.id)
    ).all()
    codes = {theme.id: theme.code for theme in themes}
    return [
        {"code": theme.code, "title": theme.title, "description": theme.description}
        | ({"parent": codes[theme.parent_id]} if theme.parent_id in codes else {})
        | {name: value for name in FOR_CODERS if (value := getattr(theme, name))}
        for theme in themes
    ]


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def toml(document: Mapping[str, Any]) -> str:
    """TOML of nested tables, lists of tables and plain values; an empty table is left out."""
    return "\n".join(_table(document, ())) + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in table.items() if _plain(value)]
    for name, value in table.items():
        if _plain(value):
            continue
        below = (*path, name)
        for one in value if isinstance(value, list) else [value] if value else []:
            heading = ".".join(map(_key, below))
            lines += [
                "",
                f"[[{heading}]]" if isinstance(value, list) else f"[{heading}]",
                *_table(one, below),
            ]
    return lines


def _plain(value: Any) -> bool:
    return not isinstance(value, Mapping) and not (
        isinstance(value, list) and value and isinstance(value[0], Mapping)
    )


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, list):
        inside = ", ".join(map(_value, value))
        if len(inside) > 100:
            return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
        return f"[{inside}]"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\x7f", "\\u007f") + '"""'
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
