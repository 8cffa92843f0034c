"""The receipt after submitting, and what a receipt code shows later."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import TooMany
from consult.operations.receipts import StoredAnswer, stored_response
from consult.responses.enums import AnswerState
from consult.web.errors import words
from consult.web.guards import Invited, anyone, invited
from consult.web.participate import ticket as tickets
from consult.web.participate.answering import RECEIPT
from consult.web.participate.forms import CodeForm
from consult.web.participate.uses import labels
from consult.web.participate.views import address, participate, settings, shown, wrong_codes
from consult.web.transactions import current_session


@participate.get("/respond/receipt")
@invited
def receipt(guest: Invited) -> ResponseReturnValue:
    code = session.get(RECEIPT, "")
    stored = stored_response(guest.session, code) if code else None
    if stored is None:
        return redirect(url_for("participate.respond"), code=303)
    return render_template(
        "participate/receipt.html",
        guest=guest,
        code=code,
        receipt_address=settings().base_url.rstrip("/") + url_for("participate.receipt_lookup"),
        stored=stored,
        uses=labels(),
        still_open=phase(guest.consultation, guest.rules, now()) is Phase.OPEN,
        tab_key=tickets.tab_key(settings().secret_key, guest.invitation.id),
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )


@participate.get("/receipt")
@anyone
def receipt_lookup() -> ResponseReturnValue:
    return _lookup(CodeForm())


@participate.post("/receipt")
@anyone
def receipt_show() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return _lookup(form), 422
    throttle = wrong_codes("receipt")
    try:
        throttle.check(address())
    except TooMany as error:
        form.code.errors = [words(error)]
        return _lookup(form), 429
    stored = stored_response(current_session(), form.code.data or "")
    if stored is None:
        current_session().rollback()
        throttle.count(address())
        form.code.errors = [
            _("No answer has that receipt code. It has 26 characters: letters, and the digits 2 to 7.")
        ]
        return _lookup(form), 422
    return render_template(
        "participate/stored.html",
        stored=stored,
        answers=[(answer, *shown(answer.prompt, stored.consultation.language)) for answer in stored.answers],
        states=[_state(answer) for answer in stored.answers],
        uses=labels(),
        help_contact=stored.consultation.help_contact,
        demonstration=stored.consultation.demonstration,
    )


def _lookup(form: CodeForm) -> str:
    return render_template("participate/lookup.html", form=form)


def _state(answer: StoredAnswer) -> str:
    """The state in plain words. Why an answer is not published stays with the moderators."""
    if answer.state is AnswerState.WAITING:
        return str(_("Waiting: a programme director or rapporteur has not decided yet."))
    if answer.state is AnswerState.REJECTED:
        return str(_("Not published: its words are in no report and in no figure."))
    if answer.state is AnswerState.WITHDRAWN:
        return str(_("Withdrawn: it is used nowhere."))
    if answer.published is None:
        return str(_("Counted among the others. Its words are not printed."))
    return str(_("It may be printed like this:"))
