"""The form that a response code opens while no answer has come in with it."""

from flask import render_template, url_for
from flask import session as cookie

from consult.consultations.enums import Mode
from consult.core.markdown import rendered
from consult.operations.receipts import UnusedCode
from consult.web.installation import current_settings
from consult.web.participate.form import ticket as tickets
from consult.web.participate.form.forms import ChangeForm, answer_form
from consult.web.participate.form.uses import meanings, printed_lines, ways, who_sees
from consult.web.participate.form.walk import Walk, walk_values
from consult.web.participate.views import shown

KIOSK = "kiosk"
"""Where the cookie of a tablet that is handed round keeps the join code it was set up with."""
KIOSK_TURN = "kiosk_turn"
"""Where it keeps whose turn it is: a sign made of the response code, from which the code cannot be told."""
KIOSK_RECEIPT = "kiosk_receipt"
"""Where it keeps a receipt code for the one page that shows it."""


def turn_of(code: str) -> str:
    """The sign of whoever holds that response code."""
    return tickets.tab_key_of_code(current_settings().secret_key, code)


def empty_form(found: UnusedCode, code: str) -> ChangeForm:
    """The form as it is opened."""
    form = answer_form(found.askings, found.rules.ceiling, ChangeForm, fresh=True)
    form.code.data = code
    return form


def unused_page(found: UnusedCode, form: ChangeForm, walk: Walk | None = None) -> str:
    """The form with whatever it holds. It knows the meeting, and nobody."""
    form.readable()
    fallback = found.consultation.language
    promise, promise_language = shown(found.rules.promise, fallback)
    rules, _rules_language = shown(found.rules.rules_text, fallback)
    return render_template(
        "participate/unlinked.html",
        consultation=found.consultation,
        meeting=found.meeting,
        form=form,
        **walk_values(walk or Walk(form, fallback), found.consultation.title),
        giveaways=[],
        meanings=meanings(),
        ways=ways(found.rules.ceiling),
        lines=printed_lines(found.consultation, found.meeting, found.rules.ceiling),
        promise_text=promise,
        who_sees=who_sees()[Mode.UNLINKED],
        promise_language=promise_language,
        rules=rendered(rules),
        action=url_for("participate.receipt_answer"),
        turn_over=url_for("participate.kiosk") if KIOSK in cookie else "",
        tab_key=turn_of(form.code.data or ""),
        help_contact=found.consultation.help_contact,
        demonstration=found.consultation.demonstration,
    )
