"""The join code of a meeting: switched on and off, renewed, and its poster. A code that everybody there may type."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from consult.consultations.enums import Mode
from consult.core.errors import NotFound, Refused
from consult.core.identifiers import in_groups
from consult.meetings.models import Meeting
from consult.operations.letters import Poster, poster_pdf
from consult.operations.mailing.rendering import LANGUAGES
from consult.operations.people.joining import asked_in, joining, switch_off, switch_on
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import languages
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, SelectChoice
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal, current_settings, site_address


class SwitchForm(Form):
    """One of the buttons: on, off, renew."""

    act = HiddenField()


class PosterForm(Form):
    """Which poster."""

    language = SelectField(_l("Language"), validate_choice=False)
    paper = SelectField(
        _l("Paper"), choices=[SelectChoice("a3", _l("A3, for a wall")), SelectChoice("a4", _l("A4"))]
    )


@desk.get("/<slug>/join/<meeting>")
@requires(Permission.PREPARE)
def join_code(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _page(scope, scope.meeting(meeting), SwitchForm(formdata=None), PosterForm(formdata=None))


@desk.post("/<slug>/join/<meeting>")
@requires(Permission.PREPARE)
def join_code_switch(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.meeting(meeting), SwitchForm()
    if not form.validate():
        return _page(scope, found, form, PosterForm(formdata=None)), 422
    seal = current_seal()
    try:
        if form.act.data == "off":
            switch_off(scope.session, scope.consultation, found, by=scope.user)
        elif form.act.data in {"on", "renew"}:
            switch_on(
                scope.session,
                scope.consultation,
                scope.rules,
                found,
                seal=seal,
                fresh=form.act.data == "renew",
                by=scope.user,
            )
        else:
            raise NotFound("There is no such act.")
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, found, form, PosterForm(formdata=None)), 409
    address = url_for("desk.join_code", slug=scope.consultation.slug, meeting=found.slug, said=form.act.data)
    return redirect(address, code=303)


@desk.post("/<slug>/join/<meeting>/poster")
@requires(Permission.PREPARE)
def join_poster(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.meeting(meeting), PosterForm()
    form.language.choices = languages()
    if not form.validate() or form.language.data not in LANGUAGES:
        return _page(scope, found, SwitchForm(formdata=None), form), 422
    standing = joining(scope.session, scope.consultation, found, seal=current_seal())
    try:
        if not standing.open:
            raise Refused("Switch the join code on first: its poster would lead nowhere.")
        poster = _poster(scope, found, standing.code, str(form.language.data), str(form.paper.data))
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, found, SwitchForm(formdata=None), form), 409
    response = Response(poster_pdf(poster), content_type="application/pdf")
    name = f"{scope.consultation.slug}-{found.slug}-poster-{form.paper.data}-{form.language.data}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _poster(scope: Scope, meeting: Meeting, code: str, language: str, paper: str) -> Poster:
    base = site_address()
    with force_locale(language):
        return Poster(
            language=language,
            paper=paper,
            convenor=scope.consultation.convenor or current_settings().convenor,
            meeting=meeting.title,
            question=asked_in(scope.session, scope.consultation, meeting, language),
            scan=_("Point your phone’s camera here, or go to"),
            address=f"{base}/join",
            then_type=_("and type this code:"),
            code=in_groups(code, 3),
            promise=_("You need no account, and no name is asked for."),
            link=f"{base}/join?code={code}",
        )


def _page(scope: Scope, meeting: Meeting, form: SwitchForm, poster_form: PosterForm) -> str:
    poster_form.language.choices = languages()
    if not poster_form.language.data:
        poster_form.language.data = scope.consultation.language
    standing = joining(scope.session, scope.consultation, meeting, seal=current_seal())
    base = site_address()
    return render_template(
        "desk/people/joining.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        form=form,
        poster_form=poster_form,
        standing=standing,
        code=in_groups(standing.code, 3),
        address=f"{base}/join",
        named=scope.rules.mode is Mode.ATTRIBUTED,
        said={
            "on": _("The join code is taken from now on."),
            "off": _("The join code is taken no longer. What came in stays."),
            "renew": _("There is a new code. The one on older posters leads nowhere now."),
        }.get(request.args.get("said", "")),
    )
