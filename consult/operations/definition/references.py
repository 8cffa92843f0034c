"""What the parts of a definition say about each other: names that must be unique, and names that must exist."""

from collections.abc import Hashable, Sequence

from consult.core.errors import Said
from consult.operations.definition.discussions import check_discussions
from consult.operations.definition.fields import Faults
from consult.operations.definition.questions import check_questions
from consult.operations.definition.shapes import Definition, ThemePart


def check_references(definition: Definition, faults: Faults) -> None:
    """Note every double and every reference to what is not there."""
    _unique([meeting.slug for meeting in definition.meetings], "meetings", "slug", faults)
    _unique([question.code for question in definition.questions], "questions", "code", faults)
    _unique([theme.code for theme in definition.themes], "themes", "code", faults)
    _unique([person.email for person in definition.directors], "programme_directors", "email", faults)
    _unique(
        [(asking.question, asking.meeting) for asking in definition.askings], "askings", "meeting", faults
    )
    _check_askings(definition, faults)
    check_questions(definition.questions, definition.askings, faults)
    _check_themes(definition.themes, faults)
    sessions = {meeting.slug: [one.title for one in meeting.sessions] for meeting in definition.meetings}
    check_discussions(definition, sessions, faults)
    codes = {theme.code for theme in definition.themes}
    for number, takeaway in enumerate(definition.takeaways):
        for place, code in enumerate(takeaway.themes):
            if code not in codes:
                faults.note(
                    ("takeaways", number, "themes", place), _unknown(code, Said("theme"), sorted(codes))
                )


def _check_askings(definition: Definition, faults: Faults) -> None:
    versions = {
        question.code: [wording.version for wording in question.wordings] for question in definition.questions
    }
    meetings = [meeting.slug for meeting in definition.meetings]
    sessions = {
        meeting.slug: [session.title for session in meeting.sessions] for meeting in definition.meetings
    }
    for number, asking in enumerate(definition.askings):
        known = sessions.get(asking.meeting, [])
        if asking.session and asking.meeting in sessions and asking.session not in known:
            faults.note(("askings", number, "session"), _unknown(asking.session, Said("session"), known))
        if asking.meeting and asking.meeting not in meetings:
            faults.note(("askings", number, "meeting"), _unknown(asking.meeting, Said("meeting"), meetings))
        if not asking.question:
            continue
        if asking.question not in versions:
            faults.note(
                ("askings", number, "question"), _unknown(asking.question, Said("question"), list(versions))
            )
        elif asking.wording not in versions[asking.question]:
            numbers = [str(version) for version in versions[asking.question]]
            faults.note(
                ("askings", number, "wording"), _unknown(str(asking.wording), Said("wording"), numbers)
            )


def _check_themes(themes: Sequence[ThemePart], faults: Faults) -> None:
    parents = {theme.code: theme.parent for theme in themes}
    for number, theme in enumerate(themes):
        if theme.parent is None:
            continue
        where = ("themes", number, "parent")
        if theme.parent not in parents:
            faults.note(where, _unknown(theme.parent, Said("theme"), sorted(parents)))
        elif _above_itself(theme.code, parents):
            faults.note(where, Said("this theme would stand above itself. Choose another parent."))


def _above_itself(code: str, parents: dict[str, str | None]) -> bool:
    above, seen = parents[code], set[str]()
    while above is not None and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _unique(values: Sequence[Hashable], section: str, key: str, faults: Faults) -> None:
    first: dict[Hashable, int] = {}
    for number, value in enumerate(values):
        if value in first and value != "":
            earlier = f"{section}[{first[value] + 1}]"
            faults.note(
                (section, number, key), Said("%(earlier)s has the same. Give each its own.", earlier=earlier)
            )
        first.setdefault(value, number)


def _unknown(code: str, what: Said, known: Sequence[str]) -> Said:
    if not known:
        return Said("there is no %(what)s “%(code)s” in this file: it defines none.", what=what, code=code)
    return Said(
        "there is no %(what)s “%(code)s” in this file. It has: %(known)s.",
        what=what,
        code=code,
        known=", ".join(known),
    )
