"""What moderators leave beside answers: notes, who is on which, saved views, and whether single keys are on."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts.actions import use_single_keys
from consult.accounts.models import User
from consult.core.errors import Invalid, NotFound
from consult.moderation import actions
from consult.moderation.queries import Reading, others_on, reading
from consult.permissions import Permission
from consult.web.desk.queue.answer import others_sentence
from consult.web.desk.queue.filtering import filter_from
from consult.web.desk.queue.forms import ButtonForm, NoteForm, ViewForm
from consult.web.desk.queue.page import OPEN
from consult.web.desk.views import desk
from consult.web.errors import page, words
from consult.web.guards import Scope, requires, signed_in
from consult.web.leading import within_this_site
from consult.web.transactions import current_session


@desk.post("/<slug>/queue/<answer_id>/notes")
@requires(Permission.MODERATE)
def add_note(scope: Scope, answer_id: str) -> ResponseReturnValue:
    found, form = _found(scope, answer_id), NoteForm()
    chosen = filter_from(scope, request.form)
    if not form.validate():
        return _not_done(form.said.errors or [_expired()])
    try:
        actions.add_note(scope.session, found.answer, form.said.data or "", by=scope.user)
    except Invalid as error:
        return _not_done([words(error)])
    return redirect(chosen.answer_url(answer_id, _anchor="notes"), code=303)


@desk.post("/<slug>/queue/<answer_id>/presence")
@requires(Permission.MODERATE)
def presence(scope: Scope, answer_id: str) -> ResponseReturnValue:
    """Sent by the page's script every 20 seconds; answers with a sentence about who else is there, or none."""
    found, form = _found(scope, answer_id), ButtonForm()
    if not form.validate():
        return jsonify(others=""), 422
    actions.be_present(scope.session, found.answer, scope.user)
    return jsonify(others=others_sentence(others_on(scope.session, answer_id, scope.user)))


@desk.post("/<slug>/queue/views")
@requires(Permission.MODERATE)
def add_view(scope: Scope) -> ResponseReturnValue:
    chosen, form = filter_from(scope, request.form).to(), ViewForm()
    if not form.validate():
        return _not_done(form.view_name.errors or [_expired()])
    try:
        actions.save_view(
            scope.session,
            scope.user,
            scope.consultation,
            form.view_name.data or "",
            urlencode(chosen.values()),
        )
    except Invalid as error:
        return _not_done([words(error)])
    return redirect(chosen.list_url(panel=OPEN), code=303)


@desk.post("/<slug>/queue/views/<view_id>/remove")
@requires(Permission.MODERATE)
def remove_view(scope: Scope, view_id: str) -> ResponseReturnValue:
    if not ButtonForm().validate():
        return _not_done([_expired()])
    actions.forget_view(scope.session, scope.user, scope.consultation, view_id)
    return redirect(filter_from(scope, request.form).to().list_url(panel=OPEN), code=303)


@desk.post("/keys")
@signed_in
def switch_keys(user: User) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate():
        return _not_done([_expired()])
    use_single_keys(current_session(), user, on=request.form.get("keys") == "on")
    back, home = within_this_site(form.back.data) or "", url_for("desk.home")
    return redirect(back if back.startswith(home) else home, code=303)


def _found(scope: Scope, answer_id: str) -> Reading:
    found = reading(scope.session, scope.consultation, scope.meeting_ids, answer_id)
    if found is None:
        raise NotFound("There is no such answer, or it was given at a meeting that is not yours.")
    return found


def _expired() -> str:
    return str(_("This page was open for a long time. Go back, load it again and repeat the step."))


def _not_done(sentences: Sequence[str]) -> ResponseReturnValue:
    return page(422, _("Please check what you entered"), " ".join(map(str, sentences)))
