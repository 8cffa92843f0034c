"""The report on the desk: what would be frozen now, the editions and their files, and data exports."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import cast

from flask import Response, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired

from consult.analysis.disclosure import Profile, keep_published
from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.database import Database
from consult.core.errors import NotFound
from consult.exports.data import COLUMNS, chosen_columns, file_name
from consult.exports.formats import DATA_FORMATS, EDITION_FORMATS, DataFormat, bundled
from consult.exports.presentation import present
from consult.exports.queries import released
from consult.permissions import Permission
from consult.reports import actions, queries
from consult.reports.approving.queries import stale_editions
from consult.reports.document import Document
from consult.reports.drafting import draft, has_answers
from consult.reports.enums import EditionState
from consult.reports.models import Edition
from consult.reports.moving import moved
from consult.web.desk.frame import framed
from consult.web.desk.reporting.editions import edition_of
from consult.web.desk.views import desk
from consult.web.fields import Form
from consult.web.guards import Scope, requires

PREVIEWED = 40
"""Views of each meeting that the preview prints; the edition holds all of them."""
ANY_MEETING = ""


class FreezeForm(Form):
    """A button."""

    freeze = SubmitField()


class PublishForm(Form):
    """A button."""

    publish = SubmitField()


class FileForm(Form):
    """Which format of an edition to download."""

    format = SelectField(validators=[InputRequired(_l("Choose a file."))])


class ExportForm(Form):
    """What to export, for whom, in which format."""

    format = RadioField(_l("Format"), [InputRequired(_l("Choose a format."))])
    profile = RadioField(_l("For whom"), [InputRequired(_l("Choose for whom the file is."))])
    meeting = SelectField(_l("Meeting"))
    columns = SelectMultipleField(_l("Columns"))
    notes = BooleanField(_l("With its data dictionary, response rates and codebook, as a ZIP"))


@desk.get("/<slug>/report")
@requires(Permission.READ_REPORT)
def report(scope: Scope) -> ResponseReturnValue:
    return _report_page(scope, FreezeForm(formdata=None))


@desk.post("/<slug>/report/freeze")
@requires(Permission.FREEZE)
def freeze(scope: Scope) -> ResponseReturnValue:
    form = FreezeForm()
    if not form.validate():
        return _report_page(scope, form), 422
    actions.freeze(scope.session, scope.consultation, by=scope.user)
    return redirect(url_for("desk.report", slug=scope.consultation.slug, _anchor="editions"), code=303)


@desk.get("/<slug>/report/editions/<int:number>/publish")
@requires(Permission.FREEZE)
def publish(scope: Scope, number: int) -> ResponseReturnValue:
    return _publish_page(scope, edition_of(scope, number), PublishForm(formdata=None))


@desk.post("/<slug>/report/editions/<int:number>/publish")
@requires(Permission.FREEZE)
def publish_submit(scope: Scope, number: int) -> ResponseReturnValue:
    edition, form = edition_of(scope, number), PublishForm()
    if not form.validate():
        return _publish_page(scope, edition, form), 422
    actions.publish(scope.session, edition, by=scope.user)
    return redirect(url_for("desk.report", slug=scope.consultation.slug, _anchor="editions"), code=303)


@desk.post("/<slug>/report/editions/<int:number>/file")
@requires(Permission.READ_REPORT)
def edition_file(scope: Scope, number: int) -> ResponseReturnValue:
    edition, form = edition_of(scope, number), FileForm()
    form.format.choices = [(code, _(one.title)) for code, one in EDITION_FORMATS.items()]
    if not form.validate():
        return _report_page(scope, FreezeForm(formdata=None), file_form=form), 422
    code = str(form.format.data)
    file = queries.file_of(scope.session, edition, code)
    if file is None:
        raise NotFound("This file is still being made. Load the page again in a minute.")
    audit.record(
        scope.session,
        "edition.download",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
        subject=edition.id,
        format=code,
    )
    # As plain bytes to keep, so that a stored page never opens inside this site.
    return send_file(
        BytesIO(file.content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=file.name,
    )


@desk.get("/<slug>/exports")
@requires(Permission.EXPORT)
def exports(scope: Scope) -> ResponseReturnValue:
    return _exports_page(scope, _export_form(scope, fresh=True))


@desk.post("/<slug>/exports")
@requires(Permission.EXPORT)
def exports_download(scope: Scope) -> ResponseReturnValue:
    form = _export_form(scope)
    if not form.validate():
        return _exports_page(scope, form), 422
    format_, profile = DATA_FORMATS[str(form.format.data)], Profile(str(form.profile.data))
    meeting = str(form.meeting.data or "") or None
    columns = chosen_columns([str(name) for name in form.columns.data or []])
    if form.notes.data:
        format_ = bundled(format_)
    audit.record(
        scope.session,
        "published_view.export",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
        format=format_.code,
        profile=profile.value,
        meeting=meeting,
    )
    if profile is Profile.PUBLICATION:
        keep_published(scope.session, scope.consultation, scope.rules, by=scope.user)
    return _download(scope.consultation, format_, profile, meeting, columns)


def _download(
    consultation: Consultation,
    format_: DataFormat,
    profile: Profile,
    meeting: str | None,
    columns: tuple[str, ...],
) -> Response:
    """The file in pieces, read after this request's transaction has ended, so that nobody waits for a download."""
    database = cast(Database, current_app.extensions["database"])
    consultation_id = consultation.id

    def pieces() -> Iterator[bytes]:
        with database.reading() as session:
            found = session.get_one(Consultation, consultation_id)
            yield from format_.render(released(session, found, profile, meeting, columns=columns))

    name = f"{file_name(consultation.slug, profile, meeting)}.{format_.code}"
    response = Response(pieces(), content_type=format_.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _report_page(scope: Scope, form: FreezeForm, file_form: FileForm | None = None) -> str:
    document = None
    if scope.covers_all:
        number = queries.next_number(scope.session, scope.consultation)
        document = draft(scope.session, scope.consultation, number=number, on=clock.now().date())
    editions = [
        edition
        for edition in queries.editions_of(scope.session, scope.consultation)
        if scope.covers_all or edition.state is not EditionState.FROZEN
    ]
    return render_template(
        "desk/reporting/report.html",
        **framed(scope, "report"),
        editions=editions,
        stale=stale_editions(scope.session, editions) if scope.covers_all else set(),
        moved=_moved(scope, editions, document),
        formats=EDITION_FORMATS,
        story=present(document, str(get_locale() or "en"), _) if document else None,
        ready=document is not None and has_answers(document),
        may_freeze=scope.may(Permission.FREEZE),
        may={"compose"} if scope.may(Permission.COMPOSE) else set(),
        views_limit=PREVIEWED,
        form=form,
        file_form=file_form or FileForm(formdata=None),
    )


def _moved(scope: Scope, editions: Sequence[Edition], now_drafted: Document | None) -> set[str]:
    """The published edition, where its figures would be others now."""
    if now_drafted is None:
        return set()
    public = [edition.id for edition in editions if edition.state is EditionState.PUBLISHED]
    return {each for each in public if moved(queries.story_of(scope.session, each), now_drafted)}


def _publish_page(scope: Scope, edition: Edition, form: PublishForm) -> str:
    return render_template(
        "desk/reporting/publish.html",
        **framed(scope, "report"),
        edition=edition,
        current=queries.published_edition(scope.session, scope.consultation),
        form=form,
    )


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


def _exports_page(scope: Scope, form: ExportForm) -> str:
    return render_template(
        "desk/reporting/exports.html", **framed(scope, "exports"), form=form, whole=scope.covers_all
    )
