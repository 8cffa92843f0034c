"""The report on the desk: what would be frozen now, the editions and their files."""

from collections.abc import Sequence
from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SubmitField
from wtforms.validators import InputRequired

from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.errors import NotFound
from consult.exports.editions.presentation import present
from consult.exports.formats import EDITION_FORMATS
from consult.permissions import Permission
from consult.reports import actions, queries
from consult.reports.approving.queries import stale_editions
from consult.reports.document import Document
from consult.reports.drafting import draft, has_answers
from consult.reports.enums import EditionState
from consult.reports.models import Edition
from consult.reports.moving import moved
from consult.reports.sketching import sketched
from consult.web.desk.frame import framed
from consult.web.desk.reporting.editions import edition_of
from consult.web.desk.views import desk
from consult.web.fields import Form
from consult.web.guards import Scope, requires, requires_before_writing, scope_writing
from consult.web.installation import current_database

PREVIEWED = 40
"""Views of each meeting that the preview prints; the edition holds all of them."""


class FreezeForm(Form):
    """A button."""

    freeze = SubmitField()


class PublishForm(Form):
    """A button."""

    publish = SubmitField()


class FileForm(Form):
    """Which format of an edition to download."""

    format = SelectField(validators=[InputRequired(_l("Choose a file."))])


@desk.get("/<slug>/report")
@requires(Permission.READ_REPORT)
def report(scope: Scope) -> ResponseReturnValue:
    return _report_page(scope, FreezeForm(formdata=None))


@desk.post("/<slug>/report/freeze")
@requires_before_writing(Permission.FREEZE)
def freeze(scope: Scope) -> ResponseReturnValue:
    """Worked out as of one moment; the turn to write is only as long as its entry."""
    form = FreezeForm()
    if not form.validate():
        return _report_page(scope, form), 422
    with current_database().reading(still=True) as reading:
        found = sketched(reading, reading.get_one(Consultation, scope.consultation.id))
    writing = scope_writing(scope).session
    actions.freeze(writing, writing.get_one(Consultation, scope.consultation.id), by=scope.user, found=found)
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
