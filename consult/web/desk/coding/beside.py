"""At one answer beside its themes: parts of it, notes, a mark of what is worth quoting, yes or no to suggestions."""

from collections.abc import Callable

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from consult.analysis import marking
from consult.analysis.suggestions import actions as suggesting
from consult.core.errors import DomainError, Invalid, NotFound, StaleRead
from consult.permissions import Permission
from consult.responses.models import Revision
from consult.responses.queries import answer_in
from consult.web.desk.coding.giving import shown
from consult.web.desk.coding.page import CodingPage
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import Form, LongTextField
from consult.web.guards import Scope, requires


class PartForm(Form):
    """Selected words and their theme, or a part to take the theme from."""

    revision = HiddenField()
    start = StringField()
    end = StringField()
    part_theme = StringField()
    remove = StringField()


class NoteForm(Form):
    """An analyst's note."""

    revision = HiddenField()
    note = LongTextField(_l("Note for analysts"))


class MarkForm(Form):
    """Worth quoting or not."""

    revision = HiddenField()
    worth = StringField()


class SuggestionForm(Form):
    """A yes or no to a suggested theme, sent as "yes:code"."""

    revision = HiddenField()
    suggested = StringField()


@desk.post("/<slug>/coding/<answer_id>/part")
@requires(Permission.CODE)
def code_part(scope: Scope, answer_id: str) -> ResponseReturnValue:
    form = PartForm()

    def act(page: CodingPage, revision: Revision) -> None:
        if form.remove.data:
            marking.unassign_part(scope.session, revision, form.remove.data, by=scope.user)
            return
        theme = next(iter(page.named([form.part_theme.data or ""])), None)
        if theme is None:
            raise Invalid("Choose the theme of these words.", field="part_theme")
        starts, ends = _whole(form.start.data), _whole(form.end.data)
        if starts is None or ends is None:
            raise Invalid("Select the words first.", field="start")
        marking.assign_part(scope.session, revision, theme, starts, ends, by=scope.user)

    return _done(scope, answer_id, form, form.revision.data, act)


@desk.post("/<slug>/coding/<answer_id>/note")
@requires(Permission.CODE)
def note_answer(scope: Scope, answer_id: str) -> ResponseReturnValue:
    form = NoteForm()

    def act(_page: CodingPage, revision: Revision) -> None:
        marking.note(scope.session, revision, form.note.data or "", by=scope.user)

    return _done(scope, answer_id, form, form.revision.data, act, note=form.note.data or "")


@desk.post("/<slug>/coding/<answer_id>/mark")
@requires(Permission.CODE)
def mark_answer(scope: Scope, answer_id: str) -> ResponseReturnValue:
    form = MarkForm()

    def act(_page: CodingPage, revision: Revision) -> None:
        marking.mark_quotable(scope.session, revision, worth=form.worth.data == "yes", by=scope.user)

    return _done(scope, answer_id, form, form.revision.data, act)


@desk.post("/<slug>/coding/<answer_id>/suggestion")
@requires(Permission.CODE)
def answer_suggestion(scope: Scope, answer_id: str) -> ResponseReturnValue:
    form = SuggestionForm()

    def act(page: CodingPage, revision: Revision) -> None:
        said, _colon, code = (form.suggested.data or "").partition(":")
        theme = next(iter(page.named([code])), None)
        if theme is None or said not in {"yes", "no"}:
            raise Invalid("Say yes or no to one of the suggestions.", field="suggested")
        choose = suggesting.confirm if said == "yes" else suggesting.decline
        choose(scope.session, revision, theme, by=scope.user)

    return _done(scope, answer_id, form, form.revision.data, act)


def _done(
    scope: Scope,
    answer_id: str,
    form: Form,
    read: str | None,
    act: Callable[[CodingPage, Revision], None],
    *,
    note: str = "",
) -> ResponseReturnValue:
    """Do it on the words that were read and come back to the answer; a refusal is told there, with what was typed."""
    page = CodingPage(scope)
    if answer_in(scope.session, scope.consultation, scope.meeting_ids, answer_id) is None:
        raise NotFound("There is no such answer, or it was given at a meeting that is not yours.")
    page.answer = page.one(answer_id)
    if page.answer is None or page.blind:
        raise StaleRead("This answer is not approved any more, so it takes no themes. Go on to the next one.")
    if not form.validate():
        why = str(_("The page was open for long. Press the button again."))
        return shown(page, page.form(), status=422, stale=why, note=note)
    try:
        if read != page.answer.revision_id:
            raise StaleRead(
                "The words have changed since you read them. Read them again, then choose themes."
            )
        act(page, scope.session.get_one(Revision, page.answer.revision_id))
    except DomainError as error:
        scope.session.rollback()
        page = CodingPage(scope)
        page.answer = page.one(answer_id)
        return shown(page, page.form(), status=status_of(error), stale=words(error), note=note)
    return redirect(page.url(answer=answer_id), code=303)


def _whole(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 8 else None
