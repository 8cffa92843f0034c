"""Tokens by which programs read what is not published yet: made here, shown once, taken back here."""

from datetime import timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length

from consult.core.clock import now
from consult.core.errors import Forbidden, Invalid, NotFound, Refused
from consult.permissions import Permission
from consult.reports.tokens.actions import make_token, revoke_token
from consult.reports.tokens.queries import token_in, tokens_of
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import ButtonForm, Form, SelectChoice, TextField
from consult.web.guards import Scope, requires
from consult.web.installation import site_address

DAYS = (7, 30, 90, 365)


class TokenForm(Form):
    """What the token is for, what it reads, and for how long."""

    name = TextField(
        _l("What it is for"), [InputRequired(_l("Say which program it is for.")), Length(max=120)]
    )
    scopes = SelectMultipleField(_l("What it reads"))
    days = SelectField(_l("It works for"))


@desk.get("/<slug>/exports/tokens")
@requires(Permission.EXPORT)
def tokens(scope: Scope) -> ResponseReturnValue:
    return _page(_whole(scope), _form(fresh=True))


@desk.post("/<slug>/exports/tokens")
@requires(Permission.EXPORT)
def token_make(scope: Scope) -> ResponseReturnValue:
    """The answer shows the token, once: it is not kept, so no later page could."""
    form = _form()
    if not form.validate():
        return _page(_whole(scope), form), 422
    scopes = form.scopes.data or []
    try:
        secret = make_token(
            _whole(scope).session,
            scope.consultation,
            name=form.name.data or "",
            editions="editions" in scopes,
            answers="answers" in scopes,
            expires_at=now() + timedelta(days=int(form.days.data)),
            by=scope.user,
        )
    except Invalid as error:
        form[error.field].errors = [words(error)]
        return _page(scope, form), 422
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, form), status_of(error)
    return _page(scope, _form(fresh=True), secret=secret)


@desk.post("/<slug>/exports/tokens/<token_id>/revoke")
@requires(Permission.EXPORT)
def token_revoke(scope: Scope, token_id: str) -> ResponseReturnValue:
    token, form = token_in(_whole(scope).session, scope.consultation, token_id), ButtonForm()
    if not form.validate():
        fresh = _form(fresh=True)
        fresh.form_errors.extend(form.errors.get("csrf_token", []))
        return _page(scope, fresh), 422
    if token is None:
        raise NotFound("There is no such token.")
    revoke_token(scope.session, token, by=scope.user)
    return redirect(url_for("desk.tokens", slug=scope.consultation.slug), code=303)


def _whole(scope: Scope) -> Scope:
    if not scope.covers_all:
        raise Forbidden("A token reads every meeting. Ask a programme director of all of them.")
    return scope


def _form(*, fresh: bool = False) -> TokenForm:
    form = TokenForm(formdata=None, data={"days": "30"}) if fresh else TokenForm()
    form.scopes.choices = [
        SelectChoice("editions", _("Editions that are frozen and not published yet")),
        SelectChoice("answers", _("Answers as they may be quoted now: not for release")),
    ]
    form.days.choices = [SelectChoice(str(days), _("%(days)s days", days=days)) for days in DAYS]
    return form


def _page(scope: Scope, form: TokenForm, *, secret: str | None = None) -> str:
    base = site_address()
    return render_template(
        "desk/reporting/tokens.html",
        **framed(scope, "exports"),
        form=form,
        secret=secret,
        tokens=tokens_of(scope.session, scope.consultation),
        address=f"{base}/api/v1/consultations/{scope.consultation.slug}",
    )
