"""Those who took part, as the organisers publish them: a list a meeting, where the ground rules open it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.consultations.enums import Switch
from consult.core.errors import NotFound, Refused
from consult.meetings.attending import MOST_PEOPLE, listed, set_attendees, written
from consult.meetings.models import Meeting
from consult.meetings.queries import meeting_by_slug
from consult.permissions import Permission
from consult.web.desk.composing.forms import covering_all
from consult.web.desk.frame import framed
from consult.web.desk.setup.forms import EachLine, LinesField
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import Form
from consult.web.guards import Scope, requires


class AttendanceForm(Form):
    """A person a line: the name, a comma, what the organisers say of the person."""

    people = LinesField(_l("Who took part"), [EachLine(500, MOST_PEOPLE)])


@desk.get("/<slug>/report/attendance/<meeting>")
@requires(Permission.FREEZE)
def attendance(scope: Scope, meeting: str) -> ResponseReturnValue:
    found = _meeting(scope, meeting)
    return _page(scope, found, AttendanceForm(formdata=None, data={"people": written(found)}))


@desk.post("/<slug>/report/attendance/<meeting>")
@requires(Permission.FREEZE)
def attendance_save(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = _meeting(scope, meeting), AttendanceForm()
    if not form.validate():
        return _page(scope, found, form), 422
    try:
        set_attendees(scope.session, scope.consultation, found, listed(form.people.lines), by=scope.user)
    except Refused as error:
        form.people.errors = [words(error)]
        return _page(scope, found, form), status_of(error)
    return redirect(url_for("desk.compose", slug=scope.consultation.slug), code=303)


def _meeting(scope: Scope, slug: str) -> Meeting:
    found = meeting_by_slug(scope.session, covering_all(scope).consultation, slug)
    if found is None:
        raise NotFound("This consultation has no such meeting.")
    return found


def _page(scope: Scope, meeting: Meeting, form: AttendanceForm) -> str:
    return render_template(
        "desk/composing/attendance.html",
        **framed(scope, "report"),
        meeting=meeting,
        form=form,
        is_open=scope.rules.attendance is Switch.OPEN,
        title=_("Who took part"),
    )
