"""The page on which a new colleague sets a first password, from the link in the mail that invited them."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired

from consult.accounts.actions import set_password
from consult.accounts.models import User
from consult.accounts.rules import SHORTEST_PASSWORD
from consult.core import audit
from consult.core.errors import Invalid, NotFound
from consult.operations.mailing.first_password import user_of
from consult.web.account.known import make_known
from consult.web.account.views import account
from consult.web.errors import words
from consult.web.fields import Form, Storable
from consult.web.guards import anyone
from consult.web.installation import current_settings
from consult.web.signing_in import remember
from consult.web.transactions import current_session


class FirstPasswordForm(Form):
    """A password, twice."""

    password = PasswordField(_l("Password"), [InputRequired(_l("Choose a password.")), Storable()])
    again = PasswordField(_l("The same password again"), [Storable()])


@account.get("/first-password/<password_token>")
@anyone
def first_password(password_token: str) -> ResponseReturnValue:
    return _page(_user(password_token), FirstPasswordForm(formdata=None))


@account.post("/first-password/<password_token>")
@anyone
def first_password_set(password_token: str) -> ResponseReturnValue:
    user, form = _user(password_token), FirstPasswordForm()
    if not form.validate():
        return _page(user, form), 422
    if form.password.data != form.again.data:
        form.again.errors = [_("The two passwords differ. Type both again.")]
        return _page(user, form), 422
    try:
        set_password(current_session(), user, form.password.data or "")
    except Invalid as error:
        form.password.errors = [words(error)]
        return _page(user, form), 422
    audit.record(current_session(), "first_password_set", user_id=user.id, subject=user.id)
    remember(user)
    led = redirect(url_for("desk.home"), code=303)
    make_known(led, user.email)
    return led


def _user(token: str) -> User:
    user = user_of(current_session(), token, current_settings().secret_key)
    if user is None:
        raise NotFound(
            "This link was used already, or is older than two weeks. Sign in with your password, or ask whoever "
            "invited you to invite you again."
        )
    return user


def _page(user: User, form: FirstPasswordForm) -> str:
    return render_template(
        "account/first_password.html", email=user.email, form=form, shortest=SHORTEST_PASSWORD
    )
