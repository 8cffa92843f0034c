"""The form that says at which meetings a question is asked, in which wording, and in which session."""

from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField

from consult.consultations.models import Question
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_in_full
from consult.web.desk.setup.forms import Form
from consult.web.fields import SelectChoice
from consult.web.guards import Scope

NOT_ASKED, WHOLE = "", ""


def asked_form(scope: Scope, question: Question, *, fresh: bool = False) -> Any:
    """For each meeting the wording, and the session at one that has any."""
    meetings = meetings_in_full(scope.session, scope.consultation)
    fields: dict[str, Any] = {}
    known: dict[str, str] = {}
    versions = {wording.id: str(wording.version) for wording in question.wordings}
    for number, meeting in enumerate(meetings):
        fields[f"wording_{number}"] = SelectField(meeting.title, choices=_wordings(question))
        if meeting.sessions:
            fields[f"session_{number}"] = SelectField(
                _("Session at %(meeting)s", meeting=meeting.short_title), choices=_sessions(meeting)
            )
        for asking in meeting.askings:
            if asking.question_id == question.id:
                known[f"wording_{number}"] = versions[asking.wording_id]
                known[f"session_{number}"] = asking.session_id or WHOLE
    form = type("AskedForm", (Form,), fields)
    return form(formdata=None, data=known) if fresh else form()


def _wordings(question: Question) -> list[SelectChoice]:
    return [
        SelectChoice(NOT_ASKED, _("not asked")),
        *(
            SelectChoice(str(wording.version), f"{wording.version}: {wording.source_text[:80]}")
            for wording in question.wordings
        ),
    ]


def _sessions(meeting: Meeting) -> list[SelectChoice]:
    return [
        SelectChoice(WHOLE, _("the meeting as a whole")),
        *(SelectChoice(one.id, one.title) for one in meeting.sessions),
    ]
