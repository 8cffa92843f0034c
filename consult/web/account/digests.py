"""Whether staff hear by mail how many answers wait: by the mail's footer, unsigned-in, or on the desk's home."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from consult.accounts.actions import want_digests
from consult.accounts.models import User
from consult.core.errors import NotFound
from consult.operations.mailing.no_digests import user_of
from consult.web.account.views import account
from consult.web.errors import page
from consult.web.fields import Form, Storable
from consult.web.guards import anyone, signed_in
from consult.web.installation import current_settings
from consult.web.transactions import current_session

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts by itself, after RFC 8058."""
WANTED, UNWANTED = "yes", "no"


class DigestsForm(Form):
    """A button: to have them, or not."""

    digests = HiddenField(validators=[Storable()])


@account.get("/digests/<digest_token>")
@anyone
def digests(digest_token: str) -> ResponseReturnValue:
    return _shown(_user(digest_token), DigestsForm(formdata=None))


@account.post("/digests/<digest_token>")
@anyone
def digests_chosen(digest_token: str) -> ResponseReturnValue:
    user = _user(digest_token)
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        want_digests(current_session(), user, wanted=False)
        return "", 204
    form = DigestsForm()
    if not form.validate() or form.digests.data not in {WANTED, UNWANTED}:
        return _shown(user, form), 422
    want_digests(current_session(), user, wanted=form.digests.data == WANTED)
    return redirect(url_for("account.digests", digest_token=digest_token), code=303)


@account.post("/desk/digests")
@signed_in
def digests_on_the_desk(user: User) -> ResponseReturnValue:
    form = DigestsForm()
    if not form.validate() or form.digests.data not in {WANTED, UNWANTED}:
        sentence = _("This page was open for a long time. Go back, load it again and repeat the step.")
        return page(422, _("Please check what you entered"), sentence)
    want_digests(current_session(), user, wanted=form.digests.data == WANTED)
    return redirect(url_for("desk.home"), code=303)


def _user(token: str) -> User:
    user = user_of(current_session(), token, current_settings().secret_key)
    if user is None:
        raise NotFound(
            "This link does not work. It may have been cut when it was copied. Try the whole link."
        )
    return user


def _shown(user: User, form: DigestsForm) -> str:
    return render_template("account/digests.html", form=form, wanted=user.digests, address=user.email)
