"""Signing in and out."""

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import actions
from consult.accounts.models import User
from consult.core.errors import Invalid, TooMany
from consult.core.throttle import Throttle
from consult.web.account.forms import SignInForm, SignOutForm
from consult.web.account.known import known_to, make_known
from consult.web.asking import asked_from
from consult.web.errors import words
from consult.web.guards import anyone, signed_in
from consult.web.installation import current_database
from consult.web.leading import within_this_site
from consult.web.signing_in import forget, remember
from consult.web.transactions import current_session

account = Blueprint("account", __name__)

MOST_TRIES = 10
"""For one account from one network address, so that nobody keeps a colleague out from elsewhere."""
MOST_IN_ALL = 100
"""For one account from everywhere, and from one network address for all accounts.

Strangers at many addresses use that up for a director, so a browser in which they signed in before is not counted.
"""
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
    counted = _counted(email.lower(), asked_from(), known_to(email.lower()))
    try:
        for throttle, who in counted:
            throttle.check(who)
        user = actions.sign_in(current_session(), email, form.password.data or "")
    except TooMany as error:
        form.password.errors = [words(error)]
        return render_template("account/sign_in.html", form=form), 429
    except Invalid as error:
        current_session().rollback()
        for throttle, who in counted:
            throttle.count(who)
        form.password.errors = [words(error)]
        return render_template("account/sign_in.html", form=form), 422
    remember(user)
    led = redirect(within_this_site(request.args.get("next")) or url_for("desk.home"), code=303)
    make_known(led, user.email)
    return led


@account.post("/sign-out")
@signed_in
def sign_out(user: User) -> ResponseReturnValue:
    """On every device, since what signs somebody in is kept in the browser and may have been copied from it."""
    if SignOutForm().validate():
        actions.end_sessions(current_session(), user)
        forget()
    return redirect(url_for("account.sign_in"), code=303)


def _counted(email: str, address: str, browser: str | None) -> list[tuple[Throttle, str]]:
    """What a wrong try counts towards. A browser that has signed in there before is counted by itself alone."""
    database, key = current_database(), str(current_app.secret_key)
    strangers = (
        ("sign-in", MOST_TRIES, f"{email}\x00{address}"),
        ("sign-in-to", MOST_IN_ALL, email),
        ("sign-in-from", MOST_IN_ALL, address),
    )
    known = (("sign-in-known", MOST_TRIES, f"{email}\x00{browser}"),)
    return [
        (Throttle(database, key, act=act, most=most, window=TRY_WINDOW), who)
        for act, most, who in (strangers if browser is None else known)
    ]
