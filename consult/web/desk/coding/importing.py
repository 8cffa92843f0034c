"""Codings from a file: upload, look at what it would bring, take it in."""

import json
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField

from consult.core.errors import DomainError
from consult.core.storage import StoredFile
from consult.operations.importing import uploads
from consult.operations.importing.codings import LARGEST_CODINGS, import_codings
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.uploading import FileForm, Received, Shelf
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form
from consult.web.guards import Scope, requires

SHOWN = 10
SHELF = Shelf("codings-upload")


class CodingsFileForm(FileForm):
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
    received = form.received()
    if received is None:
        return _upload_page(scope, form), 422
    try:
        with scope.session.begin_nested() as tried:
            brings = _brought(scope, *received)
            tried.rollback()
    except DomainError as error:
        scope.session.rollback()
        form.file.errors = [words(error)]
        return _upload_page(scope, form), 422
    upload = SHELF.keep(scope, received, Received("brings.json", json.dumps(brings).encode("utf-8")))
    return redirect(
        url_for("desk.codings_file", slug=scope.consultation.slug, codings_upload=upload), code=303
    )


@desk.get("/<slug>/coding/import/<codings_upload>")
@requires(Permission.KEEP_CODEBOOK)
def codings_file(scope: Scope, codings_upload: str) -> ResponseReturnValue:
    (file, told), _note = SHELF.fetched(scope, codings_upload)
    return _preview_page(scope, codings_upload, file, json.loads(told.content), TakeForm(formdata=None))


@desk.post("/<slug>/coding/import/<codings_upload>")
@requires(Permission.KEEP_CODEBOOK)
def codings_take(scope: Scope, codings_upload: str) -> ResponseReturnValue:
    (file, told), _note = SHELF.fetched(scope, codings_upload)
    form, shown = TakeForm(), json.loads(told.content)
    if not form.validate():
        return _preview_page(scope, codings_upload, file, shown, form), 422
    with scope.session.begin_nested() as tried:
        brings = _brought(scope, file.name, file.content)
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


def _brought(scope: Scope, name: str, content: bytes) -> dict[str, Any]:
    """Take the codings in, and say what came of it in words and numbers that can be kept."""
    taken = import_codings(scope.session, scope.consultation, content, name, by=scope.user)
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
