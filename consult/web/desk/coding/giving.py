"""Coding: giving themes to one approved answer after another."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.analysis import actions
from consult.core.errors import NotFound, StaleRead
from consult.permissions import Permission
from consult.responses.models import Revision
from consult.responses.queries import answer_in
from consult.web.desk.coding.page import CodingForm, CodingPage
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires


@desk.get("/<slug>/coding")
@requires(Permission.CODE)
def coding(scope: Scope) -> ResponseReturnValue:
    page = CodingPage(scope)
    saved = request.args.get("saved")
    return shown(page, page.form(), saved=page.url(answer=saved) if saved and page.one(saved) else None)


@desk.post("/<slug>/coding/<answer_id>")
@requires(Permission.CODE)
def recode(scope: Scope, answer_id: str) -> ResponseReturnValue:
    page = CodingPage(scope)
    if answer_in(scope.session, scope.consultation, scope.meeting_ids, answer_id) is None:
        raise NotFound("There is no such answer, or it was given at a meeting that is not yours.")
    page.answer = page.one(answer_id)
    form = CodingForm()
    form.themes.choices = page.choices
    try:
        revision = _as_read(scope, page, form)
        if not form.validate():
            return shown(page, form, status=422)
        before, chosen = (form.shown.data or "").split(), form.themes.data or []
        actions.recode(
            scope.session,
            revision,
            give=page.named([code for code in chosen if code not in before]),
            take=page.named([code for code in before if code not in chosen]),
            by=scope.user,
        )
    except StaleRead as error:
        return _stale(page, answer_id, form, words(error))
    return redirect(page.url(after=answer_id, saved=answer_id), code=303)


def _as_read(scope: Scope, page: CodingPage, form: CodingForm) -> Revision:
    """The words that the coder read, which must be those that stand. Raises StaleRead."""
    if page.answer is None:
        raise StaleRead("This answer is not approved any more, so it takes no themes. Go on to the next one.")
    if page.blind:
        raise StaleRead(
            "Somebody else has coded this answer, so it waits for you to code it without seeing how."
        )
    if form.revision.data != page.answer.revision_id:
        raise StaleRead("The words have changed since you read them. Read them again, then choose themes.")
    return scope.session.get_one(Revision, page.answer.revision_id)


def _stale(page: CodingPage, answer_id: str, form: CodingForm, why: str) -> ResponseReturnValue:
    """The answer as it stands now, with what was ticked still ticked."""
    page = CodingPage(page.scope)
    page.answer = page.one(answer_id)
    form.revision.data = page.answer.revision_id if page.answer else ""
    form.shown.data = " ".join(page.standing)
    return shown(page, form, status=409, stale=why)


def shown(
    page: CodingPage,
    form: CodingForm,
    *,
    status: int = 200,
    saved: str | None = None,
    stale: str | None = None,
    note: str = "",
) -> ResponseReturnValue:
    """The coding page. `stale` says what went wrong; `note` is what was typed of one that was not kept."""
    queue = url_for("desk.queue", slug=page.scope.consultation.slug)
    values = framed(
        page.scope, "coding", page=page, form=form, saved=saved, stale=stale, note=note, queue_url=queue
    )
    return render_template("desk/coding/coding.html", **values), status
