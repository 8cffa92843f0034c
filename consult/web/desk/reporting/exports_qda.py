"""Downloads for programs of qualitative analysis: the published answers with their themes, and the codebook."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from consult.analysis.disclosure import Profile
from consult.consultations.models import Consultation
from consult.core.errors import Refused
from consult.exports.data import qdpx
from consult.exports.data.released import file_name
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.reporting.handing_out import handed_out
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form
from consult.web.guards import Scope, requires, requires_before_writing
from consult.web.transactions import Session

ANY_MEETING = ""
CONTENT_TYPE = {"qdpx": "application/zip", "qdc": "application/xml"}


class ProjectForm(Form):
    """Which project, and for whom."""

    meeting = SelectField(_l("Meeting"))
    profile = RadioField(_l("For whom"), [InputRequired(_l("Choose for whom the file is."))])


@desk.get("/<slug>/exports/project")
@requires(Permission.EXPORT)
def exports_project(scope: Scope) -> ResponseReturnValue:
    return _page(scope, _form(scope, fresh=True))


@desk.post("/<slug>/exports/project")
@requires_before_writing(Permission.EXPORT)
def exports_project_file(scope: Scope) -> ResponseReturnValue:
    form, kind = _form(scope), request.form.get("file", "")
    if not form.validate() or kind not in qdpx.QDA_FORMATS:
        return _page(scope, form), 422
    profile, meeting = Profile(str(form.profile.data)), str(form.meeting.data or "") or None
    entered_as = profile if kind == "qdpx" else Profile.DESK  # a codebook holds nothing of an answer

    def read(session: Session, consultation: Consultation) -> bytes:
        if kind == "qdc":
            return qdpx.codebook(session, consultation)
        return qdpx.project(session, consultation, profile, meeting)

    try:
        content, held = handed_out(scope, kind, entered_as, meeting, read)
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, form), 422
    held.close()
    name = scope.consultation.slug if kind == "qdc" else file_name(scope.consultation.slug, profile, meeting)
    response = Response(content, content_type=CONTENT_TYPE[kind])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response


def _form(scope: Scope, *, fresh: bool = False) -> ProjectForm:
    form = ProjectForm(formdata=None) if fresh else ProjectForm()
    form.profile.choices = [
        (Profile.DESK.value, _("Directors only: not for release")),
        (Profile.PUBLICATION.value, _("Publication: may be passed on")),
    ]
    form.meeting.choices = [(ANY_MEETING, _("All meetings"))] + [
        (meeting.slug, meeting.title) for meeting in scope.meetings
    ]
    return form


def _page(scope: Scope, form: ProjectForm) -> str:
    return render_template(
        "desk/reporting/exports_project.html",
        **framed(scope, "exports"),
        form=form,
        may_keep=scope.may(Permission.KEEP_CODEBOOK),
    )
