"""Codings from a file: upload, look at what it would bring, take it in."""

import json
from typing import Any, cast

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField

from consult.core.errors import DomainError, NotFound
from consult.core.storage import StoredFile
from consult.operations.import_codings import LARGEST_CODINGS, Taken, import_codings
from consult.operations.people import uploads
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.importing import file_name
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form
from consult.web.guards import Scope, requires

SHOWN = 10


class CodingsFileForm(Form):
    """Codings from elsewhere."""

    file = FileField(_l("File with codings"))


class TakeForm(Form):
    """The button that takes the file in."""

    take = HiddenField()


@desk.get("/<slug>/coding/import")
@requires(Permission.KEEP_CODEBOOK)
def codings_choose(scope: Scope) -> ResponseReturnValue:
    return _upload_page(scope, CodingsFileForm(formdata=None))


@desk.post("/<slug>/coding/import")
@requires(Permission.KEEP_CODEBOOK)
def codings_upload(scope: Scope) -> ResponseReturnValue:
    request.max_content_length = LARGEST_CODINGS
    form = CodingsFileForm()
    given = form.file.data if isinstance(form.file.data, FileStorage) else None
    if not form.validate():
        return _upload_page(scope, form), 422
    if given is None or not given.filename:
        form.file.errors = [_("Choose a file.")]
        return _upload_page(scope, form), 422
    name, content = file_name(given.filename), given.stream.read()
    given.close()
    try:
        with scope.session.begin_nested() as tried:
            brings = _told(import_codings(scope.session, scope.consultation, content, name, by=scope.user))
            tried.rollback()
    except DomainError as error:
        scope.session.rollback()
        form.file.errors = [words(error)]
        return _upload_page(scope, form), 422
    file = uploads.keep(scope.session, content, name=name)
    told = uploads.keep(scope.session, json.dumps(brings).encode("utf-8"), name="brings.json")
    upload = _signing().dumps([file.id, told.id, scope.consultation.id])
    return redirect(
        url_for("desk.codings_file", slug=scope.consultation.slug, codings_upload=upload), code=303
    )


@desk.get("/<slug>/coding/import/<codings_upload>")
@requires(Permission.KEEP_CODEBOOK)
def codings_file(scope: Scope, codings_upload: str) -> ResponseReturnValue:
    file, told = _opened(scope, codings_upload)
    return _preview_page(scope, codings_upload, file, json.loads(told.content), TakeForm(formdata=None))


@desk.post("/<slug>/coding/import/<codings_upload>")
@requires(Permission.KEEP_CODEBOOK)
def codings_take(scope: Scope, codings_upload: str) -> ResponseReturnValue:
    file, told = _opened(scope, codings_upload)
    form, shown = TakeForm(), json.loads(told.content)
    if not form.validate():
        return _preview_page(scope, codings_upload, file, shown, form), 422
    name, content = file.name, file.content
    with scope.session.begin_nested() as tried:
        brings = _told(import_codings(scope.session, scope.consultation, content, name, by=scope.user))
        if brings != shown:
            tried.rollback()
    if brings != shown:
        form.form_errors.append(
            _("Something has changed since. Look once more at what the file would bring.")
        )
        return _preview_page(scope, codings_upload, file, brings, form), 409
    uploads.drop(scope.session, file)
    uploads.drop(scope.session, told)
    return redirect(
        url_for("desk.codebook", slug=scope.consultation.slug, said=f"coded-{brings['given']}"), code=303
    )


def _told(taken: Taken) -> dict[str, Any]:
    return {
        "themes": taken.themes,
        "given": taken.given,
        "already": taken.already,
        "unmatched": taken.unmatched,
        "unknown": sorted(taken.unknown),
        "by_theme": [[title, taken.by_theme[title]] for title in sorted(taken.by_theme)],
        "no_answer": taken.no_answer,
    }


def _upload_page(scope: Scope, form: CodingsFileForm) -> str:
    return render_template(
        "desk/coding/import.html", **framed(scope, "codebook"), form=form, most=LARGEST_CODINGS >> 20
    )


def _preview_page(scope: Scope, upload: str, file: StoredFile, brings: dict[str, Any], form: TakeForm) -> str:
    return render_template(
        "desk/coding/import_preview.html",
        **framed(scope, "codebook"),
        form=form,
        file=file,
        brings=brings,
        shown=SHOWN,
        take_url=url_for("desk.codings_take", slug=scope.consultation.slug, codings_upload=upload),
    )


def _opened(scope: Scope, upload: str) -> tuple[StoredFile, StoredFile]:
    """The file and what was told of it, while they are kept. Raises NotFound."""
    try:
        *ids, consultation_id = _signing().loads(upload, max_age=uploads.KEPT_FOR.seconds)
    except (BadSignature, ValueError):
        ids, consultation_id = [], ""
    if consultation_id == scope.consultation.id:
        found = [uploads.kept(scope.session, str(each)) for each in ids]
        if len(found) == 2 and found[0] is not None and found[1] is not None:
            return found[0], found[1]
    raise NotFound(
        "This file is no longer kept: it was taken in, or its hour is over. Choose the file again."
    )


def _signing() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cast(str, current_app.secret_key), salt="codings-upload")
