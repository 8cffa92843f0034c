"""The codebook: its themes with their counts, files, templates and versions."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, SelectField
from wtforms.validators import InputRequired

from consult.analysis.codebook import actions
from consult.analysis.codebook.files import as_csv, as_qdc, from_file
from consult.analysis.codebook.queries import all_themes, answers_behind, versions_of
from consult.analysis.codebook.rules import Entry, entries_of
from consult.analysis.codebook.templates import TEMPLATES, template
from consult.analysis.queries import themes_of
from consult.core.errors import DomainError, Invalid
from consult.permissions import Permission
from consult.web.desk.codebook.words import ACTS, TEMPLATE_TITLES
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, SelectChoice
from consult.web.guards import Scope, requires

FORMATS = {"csv": "text/csv; charset=utf-8", "qdc": "application/xml"}
LARGEST = 4 * 1024 * 1024
TAKEN, CODED = "taken", "coded"


class FileForm(Form):
    """A codebook from elsewhere."""

    file = FileField(_l("Codebook file"))


class TemplateForm(Form):
    """A codebook to begin with."""

    template = SelectField(_l("Codebook to begin with"), [InputRequired(_l("Choose a codebook."))])


class TakeAwayForm(Form):
    """Which file is wanted."""

    format = HiddenField()


@desk.get("/<slug>/codebook")
@requires(Permission.CODE)
def codebook(scope: Scope) -> ResponseReturnValue:
    return _page(scope)


@desk.post("/<slug>/codebook/file")
@requires(Permission.CODE)
def codebook_file(scope: Scope) -> ResponseReturnValue:
    form = TakeAwayForm()
    if not form.validate() or form.format.data not in FORMATS:
        return _page(scope, problem=_("Choose CSV or QDC.")), 422
    entries, slug = _entries(scope), scope.consultation.slug
    try:
        content = as_csv(entries) if form.format.data == "csv" else as_qdc(entries, of=slug)
    except Invalid as error:
        return _page(scope, problem=words(error)), 422
    response = Response(content, content_type=FORMATS[form.format.data])
    response.headers.set("Content-Disposition", "attachment", filename=f"{slug}-codebook.{form.format.data}")
    return response


@desk.post("/<slug>/codebook/import")
@requires(Permission.KEEP_CODEBOOK)
def codebook_import(scope: Scope) -> ResponseReturnValue:
    request.max_content_length = LARGEST
    form = FileForm()
    given = form.file.data if isinstance(form.file.data, FileStorage) else None
    if not form.validate():
        return _page(scope, file_form=form), 422
    if given is None or not given.filename:
        form.file.errors = [_("Choose a file.")]
        return _page(scope, file_form=form), 422
    content, name = given.stream.read(), given.filename[-80:]
    given.close()
    known = _entries(scope)
    try:
        entries = from_file(content, name, taken=[entry.code for entry in known], known=known)
        changed = actions.take_in(scope.session, scope.consultation, entries, by=scope.user)
    except DomainError as error:
        scope.session.rollback()
        form.file.errors = [words(error)]
        return _page(scope, file_form=form), 422
    return redirect(
        url_for("desk.codebook", slug=scope.consultation.slug, said=f"{TAKEN}-{changed}"), code=303
    )


@desk.post("/<slug>/codebook/template")
@requires(Permission.KEEP_CODEBOOK)
def codebook_template(scope: Scope) -> ResponseReturnValue:
    form = _template_form()
    if not form.validate():
        return _page(scope, template_form=form), 422
    try:
        entries = template(str(form.template.data))
        changed = actions.take_in(scope.session, scope.consultation, entries, by=scope.user)
    except DomainError as error:
        scope.session.rollback()
        form.template.errors = [words(error)]
        return _page(scope, template_form=form), 422
    return redirect(
        url_for("desk.codebook", slug=scope.consultation.slug, said=f"{TAKEN}-{changed}"), code=303
    )


def _entries(scope: Scope) -> list[Entry]:
    return entries_of(all_themes(scope.session, scope.consultation))


def _template_form(*, fresh: bool = False) -> TemplateForm:
    form = TemplateForm(formdata=None) if fresh else TemplateForm()
    form.template.choices = [SelectChoice(name, str(TEMPLATE_TITLES[name])) for name in TEMPLATES]
    return form


def _page(
    scope: Scope,
    *,
    file_form: FileForm | None = None,
    template_form: TemplateForm | None = None,
    problem: str | None = None,
) -> str:
    themes = themes_of(scope.session, scope.consultation)
    everything = all_themes(scope.session, scope.consultation)
    depth: dict[str, int] = {}
    for theme in themes:
        depth[theme.id] = depth[theme.parent_id] + 1 if theme.parent_id in depth else 0
    titles = {theme.code: theme.title for theme in everything}
    by_id = {theme.id: theme for theme in everything}
    return render_template(
        "desk/codebook/codebook.html",
        **framed(scope, "codebook"),
        themes=[(theme, depth[theme.id]) for theme in themes],
        retired=[theme for theme in everything if theme.retired],
        by_id=by_id,
        counts=answers_behind(scope.session, everything) if scope.covers_all else {},
        counted=scope.covers_all,
        may_keep=scope.may(Permission.KEEP_CODEBOOK),
        versions=[
            (kept, ACTS[kept.version.act], [titles.get(code, code) for code in kept.version.codes])
            for kept in versions_of(scope.session, scope.consultation, limit=20)
        ],
        file_form=file_form or FileForm(formdata=None),
        template_form=template_form or _template_form(fresh=True),
        take_form=TakeAwayForm(formdata=None),
        said=_said(request.args.get("said", "")),
        problem=problem,
    )


def _said(word: str) -> str:
    if word in {"merged", "split", "changed", "added", "retired", "restored"}:
        return str(_("Done. The change is a new version of the codebook."))
    act, _dash, number = word.partition("-")
    if act == CODED and number.isascii() and number.isdigit() and len(number) < 8:
        return str(ngettext("%(num)s coding was taken in.", "%(num)s codings were taken in.", int(number)))
    if act == TAKEN and number.isascii() and number.isdigit() and len(number) < 6:
        return str(_("Themes added or changed: %(count)s.", count=number))
    return ""
