"""Submitting with a response code: the receipt, the way to change and withdraw, and the key of idempotency in one."""

from flask import redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core import errors
from consult.operations.receipts import StoredResponse, UnusedCode, stored_response
from consult.responses.actions import submit_unlinked
from consult.web.errors import words
from consult.web.guards import anyone
from consult.web.participate.answering import kept_page
from consult.web.participate.form.forms import ChangeForm, CodeForm, answer_form
from consult.web.participate.form.naming import warned_of_naming, warned_of_roster
from consult.web.participate.form.unlinked import KIOSK, KIOSK_RECEIPT, KIOSK_TURN, unused_page
from consult.web.participate.form.walk import turned, warning_at
from consult.web.participate.receipts.page import looked_up, stored_page
from consult.web.participate.receipts.standing import as_told
from consult.web.participate.views import language, participate
from consult.web.transactions import current_session


@participate.post("/receipt/answer")
@anyone
def receipt_answer() -> ResponseReturnValue:
    code_form, session = CodeForm(), current_session()
    found = looked_up(code_form, token=False)
    if not isinstance(found, (StoredResponse, UnusedCode)):
        return found
    code = code_form.code.data or ""
    form = answer_form(found.askings, found.rules.ceiling, ChangeForm)
    turn = turned(form, found.consultation.language)
    if turn is None and isinstance(found, UnusedCode) and _warned(found, form):
        turn = warning_at(form, found.consultation.language), 422
    if turn is not None:
        walk, status = turn
        if isinstance(found, StoredResponse):
            return stored_page(found, code), 422
        return unused_page(found, form, walk), status
    try:
        submit_unlinked(session, code, form.written())
    except errors.Conflict as error:
        stored = as_told(found) if isinstance(found, StoredResponse) else []
        return kept_page(_("An answer is in already"), words(error), stored=stored), 409
    except errors.Refused as error:
        contact = found.consultation.help_contact
        return kept_page(_("Your answer was not sent"), words(error), help_contact=contact), 409
    return _received(code)


def _warned(found: UnusedCode, form: ChangeForm) -> bool:
    if found.joined:  # anybody may have the poster's code
        return warned_of_naming(form, language())
    return warned_of_roster(current_session(), found.consultation, form, language())


def _received(code: str) -> ResponseReturnValue:
    """What is shown once it is in. On a tablet that is handed round the form is left behind for it."""
    if KIOSK in cookie:
        cookie.pop(KIOSK_TURN, None)
        cookie[KIOSK_RECEIPT] = code
        return redirect(url_for("participate.kiosk_done"), code=303)
    stored_now = stored_response(current_session(), code)
    if stored_now is None:
        raise errors.NotFound("There is no such answer.")
    return stored_page(stored_now, code, _("We have it"), fresh=True)
