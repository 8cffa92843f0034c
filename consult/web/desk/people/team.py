"""The staff of a consultation: who has which role, and inviting a colleague by e-mail."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length

from consult.accounts.actions import ensure_user, give_role, take_role
from consult.accounts.enums import Role
from consult.accounts.queries import staff_of
from consult.core import audit
from consult.core.errors import Invalid, Refused
from consult.operations.mailing.actions import send_to_staff
from consult.operations.mailing.kinds import MailKind
from consult.operations.mailing.rendering import LANGUAGES
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import languages
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form, SelectChoice, TextField
from consult.web.guards import Scope, requires

EVERYWHERE = ""


def _at_most(longest: int) -> Length:
    return Length(max=longest, message=_l("Shorten this to %(longest)s characters.", longest=longest))


class ColleagueForm(Form):
    """A colleague and what they are to be."""

    name = TextField(
        _l("Name"),
        [
            InputRequired(_l("Give the person a name.")),
            _at_most(200),
        ],
    )
    email = TextField(
        _l("E-mail address"),
        [
            InputRequired(_l("Give an e-mail address.")),
            _at_most(254),
        ],
    )
    role = RadioField(_l("Role"), [InputRequired(_l("Choose a role."))])
    meeting = SelectField(_l("Where"))
    language = SelectField(_l("Language of the mail"))


@desk.get("/<slug>/team")
@requires(Permission.PREPARE)
def team(scope: Scope) -> ResponseReturnValue:
    return _page(scope, _form(scope, fresh=True))


@desk.post("/<slug>/team")
@requires(Permission.PREPARE)
def team_invite(scope: Scope) -> ResponseReturnValue:
    form = _form(scope)
    if not form.validate():
        return _page(scope, form), 422
    meeting = next((one for one in scope.all_meetings if one.slug == form.meeting.data), None)
    session, consultation = scope.session, scope.consultation
    try:
        user = ensure_user(session, email=form.email.data or "", name=form.name.data or "")
        give_role(
            session,
            user,
            Role(form.role.data),
            consultation_id=consultation.id,
            meeting_id=meeting.id if meeting else None,
            by=scope.user,
        )
    except Invalid as error:
        session.rollback()
        getattr(form, error.field or "email", form.email).errors = [words(error)]
        return _page(scope, form), 422
    except Refused as error:
        session.rollback()
        form.role.errors = [words(error)]
        return _page(scope, form), 422
    send_to_staff(
        session, consultation, user, kind=MailKind.STAFF_INVITATION, language=str(form.language.data)
    )
    audit.record(
        session, "staff_invited", user_id=scope.user.id, consultation_id=consultation.id, subject=user.id
    )
    return redirect(url_for("desk.team", slug=consultation.slug, said="invited"), code=303)


@desk.post("/<slug>/roles/<membership>/remove")
@requires(Permission.PREPARE)
def team_leave(scope: Scope, membership: str) -> ResponseReturnValue:
    form, button = _form(scope, fresh=True), ButtonForm()
    if not button.validate():
        return _page(scope, form), 422
    held = next((one for one in staff_of(scope.session, scope.consultation.id) if one.id == membership), None)
    if held is None:
        return redirect(url_for("desk.team", slug=scope.consultation.slug, said="left"), code=303)
    try:
        take_role(scope.session, held, by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, form), 409
    if held.user_id == scope.user.id and not scope.user.is_administrator:
        return redirect(url_for("desk.home"), code=303)
    return redirect(url_for("desk.team", slug=scope.consultation.slug, said="left"), code=303)


def role_names() -> dict[str, str]:
    """What roles are called."""
    return {
        Role.RAPPORTEUR.value: _("Rapporteur"),
        Role.OBSERVER.value: _("Observer"),
        Role.PROGRAMME_DIRECTOR.value: _("Programme director"),
    }


def _form(scope: Scope, *, fresh: bool = False) -> ColleagueForm:
    form = ColleagueForm(formdata=None) if fresh else ColleagueForm()
    form.role.choices = [SelectChoice(code, name) for code, name in role_names().items()]
    form.meeting.choices = [
        SelectChoice(EVERYWHERE, _("The whole consultation")),
        *(SelectChoice(meeting.slug, meeting.title) for meeting in scope.all_meetings),
    ]
    form.language.choices = [SelectChoice(code, name) for code, name in languages() if code in LANGUAGES]
    if fresh:
        form.meeting.data, form.language.data = EVERYWHERE, scope.consultation.language
    return form


def _page(scope: Scope, form: ColleagueForm) -> str:
    titles = {meeting.id: meeting.title for meeting in scope.all_meetings}
    names = role_names()
    return render_template(
        "desk/people/team.html",
        **framed(scope, "people"),
        form=form,
        staff=[
            (one, names[one.role.value], titles.get(one.meeting_id or "", _("The whole consultation")))
            for one in staff_of(scope.session, scope.consultation.id)
        ],
        said={
            "invited": _("The invitation is on its way."),
            "left": _("The role is taken away. What was done in it stays in the log."),
        }.get(request.args.get("said", "")),
    )
