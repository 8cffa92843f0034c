"""Links for sign-off: each shows the preview and nothing else, until it expires or is taken back."""

from datetime import timedelta

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.consultations.actions import make_sign_off_link, revoke_sign_off_link
from consult.consultations.queries import sign_off_links_of
from consult.core.clock import now
from consult.core.errors import NotFound
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup.forms import ButtonForm, Form, TextField, at_most
from consult.web.desk.views import desk
from consult.web.fields import SelectChoice
from consult.web.guards import Scope, requires
from consult.web.installation import site_address

DAYS = (3, 7, 14, 30)
MOST_LINKS = 50
MADE = "sign-off"
"""Where the cookie keeps a link from its making to the one page that shows it."""
SAID = {
    "made": _l("The link is made. Copy it now: it is not shown again."),
    "revoked": _l("The link shows nothing any more."),
}


class LinkForm(Form):
    """For whom the link is, and for how long."""

    made_for = TextField(_l("For whom"), [at_most(200)])
    days = SelectField(_l("It works for"))


@desk.get("/<slug>/setup/sign-off")
@requires(Permission.SET_UP)
def setup_sign_off(scope: Scope) -> ResponseReturnValue:
    made = session.pop(f"{MADE}-{scope.consultation.id}", None)
    return _page(scope, LinkForm(formdata=None, data={"days": "14"}), made=made)


@desk.post("/<slug>/setup/sign-off")
@requires(Permission.SET_UP)
def setup_sign_off_make(scope: Scope) -> ResponseReturnValue:
    form = LinkForm()
    form.days.choices = _days()
    if not form.validate():
        return _page(scope, form), 422
    standing = [link for link in sign_off_links_of(scope.session, scope.consultation) if not link.revoked]
    if len([link for link in standing if link.expires_at > now()]) >= MOST_LINKS:
        form.made_for.errors = [_("There are %(most)s links already. Take one back first.", most=MOST_LINKS)]
        return _page(scope, form), 422
    secret = make_sign_off_link(
        scope.session,
        scope.consultation,
        made_for=form.made_for.data or "",
        expires_at=now() + timedelta(days=int(form.days.data)),
        by=scope.user,
    )
    base = site_address()
    address = f"{base}{url_for('participate.preview', sign_off=secret)}"
    session[f"{MADE}-{scope.consultation.id}"] = address
    return redirect(url_for("desk.setup_sign_off", slug=scope.consultation.slug), code=303)


@desk.post("/<slug>/setup/sign-off/<link>/revoke")
@requires(Permission.SET_UP)
def setup_sign_off_revoke(scope: Scope, link: str) -> ResponseReturnValue:
    form = ButtonForm()
    links = sign_off_links_of(scope.session, scope.consultation)
    found = next((one for one in links if one.id == link), None)
    if not form.validate():
        return _page(scope, LinkForm(formdata=None, data={"days": "14"}), button=form), 422
    if found is None:
        raise NotFound("There is no such link.")
    revoke_sign_off_link(scope.session, scope.consultation, found, by=scope.user)
    return redirect(url_for("desk.setup_sign_off", slug=scope.consultation.slug, said="revoked"), code=303)


def _days() -> list[SelectChoice]:
    return [SelectChoice(str(days), _("%(days)s days", days=days)) for days in DAYS]


def _page(scope: Scope, form: LinkForm, *, made: str | None = None, button: ButtonForm | None = None) -> str:
    form.days.choices = _days()
    at = now()
    return render_template(
        "desk/setup/sign_off.html",
        **framed(scope, "setup"),
        form=form,
        button_form=button,
        made=made,
        zone=scope.all_meetings[0].time_zone if scope.all_meetings else "UTC",
        links=[
            (link, "revoked" if link.revoked else "expired" if link.expires_at <= at else "works")
            for link in sign_off_links_of(scope.session, scope.consultation)
        ],
        said=SAID["made"] if made else SAID.get(request.args.get("said", "")),
    )
