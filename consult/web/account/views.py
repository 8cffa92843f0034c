"""Signing in and out."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import actions
from consult.core.errors import Invalid, TooMany
from consult.core.throttle import Throttle
from consult.web.account.forms import SignInForm, SignOutForm
from consult.web.errors import words
from consult.web.guards import anyone, signed_in
from consult.web.signing_in import forget, remember
from consult.web.transactions import current_session

account = Blueprint("account", __name__)

MOST_TRIES = 10
TRY_WINDOW = timedelta(minutes=15)


@account.get("/sign-in")
@anyone
def sign_in() -> ResponseReturnValue:
    return render_template("account/sign_in.html", form=SignInForm())


@account.post("/sign-in")
@anyone
def sign_in_submit() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    email = form.email.data or ""
    throttle = Throttle(
        current_app.extensions["database"],
        str(current_app.secret_key),
        act="sign-in",
        most=MOST_TRIES,
        window=TRY_WINDOW,
    )
    try:
        throttle.check(email.lower())
        user = actions.sign_in(current_session(), email, form.password.data or "")
    except TooMany as error:
        form.password.errors = [words(error)]
        return render_template("account/sign_in.html", form=form), 429
    except Invalid as error:
        current_session().rollback()
        throttle.count(email.lower())
        form.password.errors = [words(error)]
        return render_template("account/sign_in.html", form=form), 422
    remember(user)
    return redirect(_local(request.args.get("next")) or url_for("desk.home"), code=303)


@account.post("/sign-out")
@signed_in
def sign_out(_user: object) -> ResponseReturnValue:
    if SignOutForm().validate():
        forget()
    return redirect(url_for("account.sign_in"), code=303)


def _local(address: str | None) -> str | None:
    """The address if it leads into this site, else None."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
