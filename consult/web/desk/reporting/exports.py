"""Data exports: short ones stream at once, long ones are written by the worker and fetched within a day."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from flask import Response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from consult.analysis.disclosure import Profile
from consult.core.errors import NotFound, Refused, Withdrawn
from consult.exports.data.released import COLUMNS, chosen_columns, file_name
from consult.exports.formats import DATA_FORMATS, bundled
from consult.exports.prepared import actions
from consult.exports.prepared.models import PreparedExport, Stage
from consult.exports.prepared.queries import prepared_for, prepared_of, readable
from consult.exports.queries import released, rows_expected
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.reporting.handing_out import handed_out, log_export
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import ButtonForm, Form
from consult.web.guards import Scope, requires, requires_before_writing, scope_writing
from consult.web.installation import current_settings

ANY_MEETING = ""


class ExportForm(Form):
    """What to export, for whom, in which format."""

    format = RadioField(_l("Format"), [InputRequired(_l("Choose a format."))])
    profile = RadioField(_l("For whom"), [InputRequired(_l("Choose for whom the file is."))])
    meeting = SelectField(_l("Meeting"))
    columns = SelectMultipleField(_l("Columns"))
    notes = BooleanField(_l("With its data dictionary, response rates and codebook, as a ZIP"))


class Shown(NamedTuple):
    """A prepared file as the page shows it."""

    file: PreparedExport
    title: str
    stage: Stage


@desk.get("/<slug>/exports")
@requires(Permission.EXPORT)
def exports(scope: Scope) -> ResponseReturnValue:
    return _exports_page(scope, _export_form(scope, fresh=True))


@desk.post("/<slug>/exports")
@requires_before_writing(Permission.EXPORT)
def exports_download(scope: Scope) -> ResponseReturnValue:
    """A short file at once, in pieces that are read after the turn to write has ended; a long one later."""
    form = _export_form(scope)
    if not form.validate():
        return _exports_page(scope, form), 422
    format_, profile = DATA_FORMATS[str(form.format.data)], Profile(str(form.profile.data))
    meeting = str(form.meeting.data or "") or None
    columns = chosen_columns([str(name) for name in form.columns.data or []])
    rows = rows_expected(scope.session, scope.consultation, meeting, columns, most=actions.MOST_AT_ONCE)
    if rows > actions.MOST_AT_ONCE:
        return _prepare(scope_writing(scope), form)
    if form.notes.data:
        format_ = bundled(format_)
    view, held = handed_out(
        scope,
        format_.code,
        profile,
        meeting,
        lambda session, consultation: released(session, consultation, profile, meeting, columns=columns),
    )
    response = Response(_to_the_end(format_.render(view), held), content_type=format_.content_type)
    response.call_on_close(held.close)
    name = f"{file_name(scope.consultation.slug, profile, meeting)}.{format_.code}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _to_the_end(pieces: Iterator[bytes], held: ExitStack) -> Iterator[bytes]:
    with held:
        yield from pieces


@desk.post("/<slug>/exports/prepared/<export_id>")
@requires(Permission.EXPORT)
def prepared_download(scope: Scope, export_id: str) -> ResponseReturnValue:
    """The file that was prepared, if everything in it is still published and this person may still read it."""
    prepared, form = _prepared(scope, export_id), ButtonForm()
    if not form.validate():
        return _exports_page(scope, _export_form(scope, fresh=True), button=form), 422
    path = actions.file_of(prepared.id, _folder())
    if not readable(scope.session, prepared) or not path.is_file():
        raise Withdrawn("This file is not there any more. Prepare it again.")
    profile = Profile(prepared.profile)
    format_ = DATA_FORMATS[prepared.format]
    if prepared.notes:
        format_ = bundled(format_)
    log_export(scope, format_.code, profile, prepared.meeting)
    name = f"{file_name(scope.consultation.slug, profile, prepared.meeting)}.{format_.code}"
    return send_file(
        path.resolve(),
        mimetype=format_.content_type,
        as_attachment=True,
        download_name=name,
        conditional=False,
        etag=False,
        last_modified=None,
        max_age=0,
    )


@desk.post("/<slug>/exports/prepared/<export_id>/remove")
@requires(Permission.EXPORT)
def prepared_remove(scope: Scope, export_id: str) -> ResponseReturnValue:
    prepared, form = _prepared(scope, export_id), ButtonForm()
    if not form.validate():
        return _exports_page(scope, _export_form(scope, fresh=True), button=form), 422
    actions.drop(scope.session, prepared, _folder())
    return _back(scope)


def _prepare(scope: Scope, form: ExportForm) -> ResponseReturnValue:
    try:
        actions.ask_for(
            scope.session,
            scope.consultation,
            code=str(form.format.data),
            notes=bool(form.notes.data),
            profile=Profile(str(form.profile.data)),
            meeting=str(form.meeting.data or "") or None,
            columns=chosen_columns([str(name) for name in form.columns.data or []]),
            by=scope.user,
        )
    except Refused as error:
        form.form_errors.append(words(error))
        return _exports_page(scope, form), status_of(error)
    return _back(scope)


def _prepared(scope: Scope, export_id: str) -> PreparedExport:
    """One that this person asked for."""
    found = prepared_of(scope.session, scope.consultation, scope.user, export_id)
    if found is None:
        raise NotFound("There is no such file.")
    return found


def _folder() -> Path:
    return Path(current_settings().exports_folder)


def _back(scope: Scope) -> ResponseReturnValue:
    return redirect(url_for("desk.exports", slug=scope.consultation.slug, _anchor="prepared"), code=303)


def _export_form(scope: Scope, *, fresh: bool = False) -> ExportForm:
    form = ExportForm(formdata=None) if fresh else ExportForm()
    form.format.choices = [(code, _(one.title)) for code, one in DATA_FORMATS.items()]
    form.profile.choices = [
        (Profile.DESK.value, _("Directors only: not for release")),
        (Profile.PUBLICATION.value, _("Publication: may be passed on")),
    ]
    form.meeting.choices = [(ANY_MEETING, _("All meetings"))] + [
        (meeting.slug, meeting.title) for meeting in scope.meetings
    ]
    form.columns.choices = [(name, name) for name in COLUMNS]
    if fresh:
        form.format.data = next(iter(DATA_FORMATS))
        form.columns.data = list(COLUMNS)
    return form


def _exports_page(scope: Scope, form: ExportForm, *, button: ButtonForm | None = None) -> str:
    session = scope.session
    prepared = [
        Shown(
            each,
            _(DATA_FORMATS[each.format].title),
            Stage.REMOVED if each.stage is Stage.READY and not readable(session, each) else each.stage,
        )
        for each in prepared_for(session, scope.consultation, scope.user)
    ]
    return render_template(
        "desk/reporting/exports.html",
        **framed(scope, "exports"),
        form=form,
        button_form=button,
        whole=scope.covers_all,
        prepared=prepared,
        working=any(each.stage is Stage.PREPARING for each in prepared),
        meetings={meeting.slug: meeting.short_title for meeting in scope.all_meetings},
        at_once=actions.MOST_AT_ONCE,
    )
