"""The log of moderation: to look through, and to take away as a workbook."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField

from consult.accounts.queries import staff_of
from consult.core import audit
from consult.exports.data import log_xlsx
from consult.moderation.enums import Verdict
from consult.moderation.log import PAGE, LogScope, Position, log_lines, log_page
from consult.permissions import CARRIED_BY, Permission
from consult.web.desk import words
from consult.web.desk.frame import framed
from consult.web.desk.log_file import Writing
from consult.web.desk.views import desk
from consult.web.fields import Form
from consult.web.guards import Scope, requires
from consult.web.installation import current_database

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"(\d{1,16})-([a-z0-9]{26})")


class FilterForm(Form):
    """Whose acts, and which. Read from the address; what it does not know it leaves out."""

    class Meta:
        csrf = False

    person = SelectField(_l("Who"), id="filter-person", validate_choice=False)
    verdict = SelectField(_l("What was done"), id="filter-verdict", validate_choice=False)


class DownloadForm(Form):
    """The same filter, and whether the file names those who decided."""

    person = HiddenField()
    verdict = HiddenField()
    names = BooleanField(_l("With the names of those who decided, and the answers’ addresses"))


@desk.get("/<slug>/log")
@requires(Permission.MODERATE)
def log(scope: Scope) -> ResponseReturnValue:
    form = _filter(scope, FilterForm(request.args))
    chosen = {"person": form.person.data, "verdict": form.verdict.data}
    return _shown(scope, form, DownloadForm(formdata=None, data=chosen))


@desk.post("/<slug>/log/download")
@requires(Permission.MODERATE)
def log_download(scope: Scope) -> ResponseReturnValue:
    download = DownloadForm()
    chosen = {"person": download.person.data, "verdict": download.verdict.data}
    form = _filter(scope, FilterForm(formdata=None, data=chosen))
    if not download.validate():
        return _shown(scope, form, download), 422
    named = bool(download.names.data)
    audit.record(
        scope.session,
        "log.download",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
        names=named,
        person=form.person.data or None,
        verdict=form.verdict.data or None,
        meetings=" ".join(meeting.slug for meeting in scope.meetings),
    )
    return _file(scope, _scope(scope, form), named=named)


def _shown(scope: Scope, form: FilterForm, download: DownloadForm) -> str:
    chosen = _scope(scope, form)
    lines = log_page(scope.session, chosen, before=_place(request.args.get("before", "")), limit=PAGE + 1)
    shown = lines[:PAGE]
    kept = {"person": form.person.data or None, "verdict": form.verdict.data or None}
    return render_template(
        "desk/log.html",
        **framed(scope, "log"),
        form=form,
        download=download,
        lines=shown,
        meetings={meeting.id: meeting for meeting in scope.meetings},
        words=words,
        filtered=any(kept.values()),
        first_url=url_for("desk.log", slug=scope.consultation.slug, **kept)
        if "before" in request.args
        else None,
        next_url=url_for("desk.log", slug=scope.consultation.slug, before=_named(shown[-1].position), **kept)
        if len(lines) > PAGE
        else None,
    )


def _filter(scope: Scope, form: FilterForm) -> FilterForm:
    moderators = {
        membership.user_id: membership.user.name
        for membership in staff_of(scope.session, scope.consultation.id)
        if membership.role in CARRIED_BY[Permission.MODERATE]
    }
    form.person.choices = [("", _("Everybody")), *moderators.items()]
    form.verdict.choices = [
        ("", _("Everything")),
        *((verdict.value, words.DECIDED[verdict]) for verdict in Verdict),
    ]
    for field, known in (
        (form.person, set(moderators)),
        (form.verdict, {verdict.value for verdict in Verdict}),
    ):
        field.data = field.data if field.data in known else ""
    return form


def _scope(scope: Scope, form: FilterForm) -> LogScope:
    verdict = form.verdict.data
    return LogScope(
        scope.consultation,
        scope.meeting_ids,
        user_id=form.person.data or None,
        verdict=Verdict(verdict) if verdict else None,
    )


def _file(scope: Scope, chosen: LogScope, *, named: bool) -> Response:
    """The file in pieces, read after this request's transaction has ended."""
    database = current_database()
    writing = Writing(scope, named=named)

    def pieces() -> Iterator[bytes]:
        with database.reading() as session:
            yield from log_xlsx.render(writing.file(log_lines(session, chosen)))

    response = Response(pieces(), content_type=XLSX)
    name = f"{scope.consultation.slug}-moderation-log{'-not-for-release' if named else ''}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _place(given: str) -> Position | None:
    """A place in the log as the address has it; None for what is none."""
    found = _PLACE.fullmatch(given)
    return (_EPOCH + timedelta(microseconds=int(found[1])), found[2]) if found else None


def _named(position: Position) -> str:
    at, decision_id = position
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{decision_id}"
