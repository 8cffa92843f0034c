"""Trying the form: the preview with a button that keeps a pilot answer, and what was kept."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.consultations.kinds import KINDS
from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.meetings.models import Meeting
from consult.meetings.queries import pilot_answers
from consult.operations.preparing.trying import delete_pilot_answers, keep_pilot_answers
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup.forms import ButtonForm
from consult.web.desk.views import desk
from consult.web.guards import Scope, requires
from consult.web.participate.form.forms import Item
from consult.web.participate.form.previewing import Previewed, preview_form, preview_page, preview_turned
from consult.web.participate.form.uses import labels
from consult.web.participate.views import language

SAID = {
    "kept": _l("The pilot answer is kept here until the consultation opens."),
    "deleted": _l("The pilot answers are deleted."),
}


@desk.get("/<slug>/setup/preview/<meeting>")
@requires(Permission.SET_UP)
def setup_preview(scope: Scope, meeting: str) -> ResponseReturnValue:
    seen = _previewed(scope, meeting)
    return preview_page(seen, preview_form(scope.session, seen, fresh=True))


@desk.post("/<slug>/setup/preview/<meeting>")
@requires(Permission.SET_UP)
def setup_preview_try(scope: Scope, meeting: str) -> ResponseReturnValue:
    """From page to page; at the end what was written is a pilot answer, or nothing once the consultation opened."""
    seen = _previewed(scope, meeting)
    form = preview_form(scope.session, seen)
    if (turned := preview_turned(seen, form)) is not None:
        return turned
    if not seen.keeps:
        return preview_page(seen, preview_form(scope.session, seen, fresh=True), over=True)
    names = {step.code: name for step, name in labels().items()}
    written = [
        (item.asking, _words(item), names.get(item.use.data or "", "") if item.use is not None else "")
        for item in form.shown()
        if item.given
    ]
    if not written:
        form.form_errors.append(_("Write an answer first."))
        return preview_page(seen, form), 422
    keep_pilot_answers(scope.session, scope.consultation, scope.rules, written, by=scope.user)
    return redirect(url_for("desk.setup_pilot", slug=scope.consultation.slug, said="kept"), code=303)


@desk.get("/<slug>/setup/pilot")
@requires(Permission.SET_UP)
def setup_pilot(scope: Scope) -> ResponseReturnValue:
    return _pilot_page(scope, ButtonForm(formdata=None))


@desk.post("/<slug>/setup/pilot/delete")
@requires(Permission.SET_UP)
def setup_pilot_delete(scope: Scope) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate():
        return _pilot_page(scope, form), 422
    delete_pilot_answers(scope.session, scope.consultation, by=scope.user)
    return redirect(url_for("desk.setup_pilot", slug=scope.consultation.slug, said="deleted"), code=303)


def _previewed(scope: Scope, meeting: str) -> Previewed:
    slug = scope.consultation.slug
    found = scope.meeting(meeting)

    def at(one: Meeting) -> str:
        return url_for("desk.setup_preview", slug=slug, meeting=one.slug)

    return Previewed(
        scope.consultation,
        found,
        scope.rules,
        at(found),
        [(at(one), one.short_title, one is found) for one in scope.all_meetings],
        keeps=_preparing(scope),
        desk_url=url_for("desk.setup", slug=slug),
    )


def _preparing(scope: Scope) -> bool:
    return phase(scope.consultation, scope.rules, now()) is Phase.PREPARING


def _words(item: Item) -> str:
    """An answer in words, whatever its kind."""
    given = item.given
    told = KINDS[item.asking.question.kind].words(item.asking.question, given.choices or (), language())
    return "\n".join([*(str(_(words)) for words in told), *([given.words] if given.words else [])])


def _pilot_page(scope: Scope, form: ButtonForm) -> str:
    return render_template(
        "desk/setup/pilot.html",
        **framed(scope, "setup"),
        form=form,
        answers=pilot_answers(scope.session, scope.consultation),
        preparing=_preparing(scope),
        meetings=scope.all_meetings,
        said=SAID.get(request.args.get("said", "")),
    )
