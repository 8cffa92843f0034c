"""The receipt after submitting, and what a receipt code shows later."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import TooMany
from consult.operations.receipts import StoredResponse, UnusedCode, stored_response, unused_code
from consult.web.errors import words
from consult.web.guards import Invited, anyone, invited
from consult.web.installation import current_settings
from consult.web.languages import reads
from consult.web.participate.form import ticket as tickets
from consult.web.participate.form.forms import CodeForm
from consult.web.participate.form.kept import kept_texts
from consult.web.participate.form.unlinked import empty_form, unused_page
from consult.web.participate.receipts.fresh import receipt_shown
from consult.web.participate.receipts.own import RECEIPT
from consult.web.participate.receipts.standing import openings_of, shown_answers
from consult.web.participate.views import address, participate, report_address, wrong_codes
from consult.web.transactions import current_session

JOINED = "joined"
"""Where the cookie keeps the response code that this browser was given for a join code, until the browser is closed."""


@participate.get("/respond/receipt")
@invited
def receipt(guest: Invited) -> ResponseReturnValue:
    code = session.get(RECEIPT, "")
    stored = stored_response(guest.session, code, guest.marks) if code else None
    if stored is None:
        return redirect(url_for("participate.respond"), code=303)
    return receipt_shown(guest, stored, code)


@participate.get("/receipt")
@anyone
def receipt_lookup() -> ResponseReturnValue:
    return _lookup(CodeForm())


@participate.post("/receipt")
@anyone
def receipt_show() -> ResponseReturnValue:
    form = CodeForm()
    found, code = looked_up(form), form.code.data or ""
    if isinstance(found, UnusedCode):
        return unused_page(found, empty_form(found, code))
    return stored_page(found, code) if isinstance(found, StoredResponse) else found


@participate.get("/receipt/<act>")
@anyone
def receipt_again(act: str) -> ResponseReturnValue:  # noqa: ARG001
    """Where a change of language or a reload leads: these pages need the code once more."""
    return redirect(url_for("participate.receipt_lookup"), code=303)


def looked_up(form: CodeForm, *, token: bool = True) -> StoredResponse | UnusedCode | ResponseReturnValue:
    """What the code in the form leads to, or the page that asks for it again."""
    if not form.validate() and (token or "code" in form.errors):
        return _lookup(form), 422
    throttle = wrong_codes("receipt")
    try:
        throttle.check(address())
    except TooMany as error:
        form.code.errors = [words(error)]
        return _lookup(form), 429
    code = form.code.data or ""
    found = stored_response(current_session(), code) or unused_code(current_session(), code)
    if found is not None:
        reads(found.consultation)
        return found
    current_session().rollback()
    throttle.count(address())
    form.code.errors = [
        _("No answer has that receipt code. It has 26 characters: letters, and the digits 2 to 7.")
    ]
    return _lookup(form), 422


def stored_page(stored: StoredResponse, code: str, done: str = "", *, fresh: bool = False) -> str:
    """The answers of a response and what can be done with them. `done` says what just was; `fresh`: it came in now.

    Who has just answered is shown the code: whoever hurried past it before can still write it down.
    """
    return render_template(
        "participate/stored.html",
        stored=stored,
        shown=shown_answers(stored),
        openings=openings_of(stored),
        code=code,
        done=done,
        receipt=code if fresh or (done and session.get(JOINED) == code) else "",
        report_address=report_address(stored.consultation),
        tab_key=tickets.tab_key_of_code(current_settings().secret_key, code),
        help_contact=stored.consultation.help_contact,
        demonstration=stored.consultation.demonstration,
    )


def _lookup(form: CodeForm) -> str:
    return render_template("participate/lookup.html", form=form, kept=kept_texts())
