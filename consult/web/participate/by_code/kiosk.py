"""A tablet that is handed round: each person gets an empty form, and nothing of them stays in the browser.

The way back leads to another empty form. The form is what a button without words brings; what was sent in a turn that
is over is refused unread; and after submitting the browser is sent on to a page that shows the receipt code once.
"""

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.models import Consultation
from consult.core.errors import Refused, TooMany
from consult.core.identifiers import new_secret
from consult.meetings.models import Meeting
from consult.operations.receipts import unused_code
from consult.participants.queries import meeting_by_join_code
from consult.responses.actions import join
from consult.web.errors import words
from consult.web.guards import anyone
from consult.web.languages import choose, reads
from consult.web.participate.form.forms import CodeForm, OpenForm
from consult.web.participate.form.unlinked import (
    KIOSK,
    KIOSK_RECEIPT,
    KIOSK_TURN,
    empty_form,
    turn_of,
    unused_page,
)
from consult.web.participate.views import address, message, participate, wrong_codes
from consult.web.session_cookie import forget_all_but_language
from consult.web.transactions import current_session

SHOWN_SECONDS = 90
"""After which the receipt code leaves the screen, with script or without."""


@participate.get("/kiosk")
@anyone
def kiosk() -> ResponseReturnValue:
    """The screen between two people; on a device that was not set up yet, what sets it up."""
    if _meeting() is not None:
        _forget_person()
        choose()  # whoever comes next may begin by choosing a language
    return _between(CodeForm(formdata=None), OpenForm(formdata=None))


@participate.post("/kiosk")
@anyone
def kiosk_begin() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return _between(form, OpenForm(formdata=None)), 422
    throttle = wrong_codes("join")
    try:
        throttle.check(address())
    except TooMany as error:
        form.code.errors = [words(error)]
        return _between(form, OpenForm(formdata=None)), 429
    if meeting_by_join_code(current_session(), form.code.data or "") is None:
        current_session().rollback()
        throttle.count(address())
        form.code.errors = [
            _("No meeting has that join code now. It is on the poster, and switched on at the desk.")
        ]
        return _between(form, OpenForm(formdata=None)), 422
    forget_all_but_language()
    session[KIOSK] = form.code.data
    return redirect(url_for("participate.kiosk"), code=303)


@participate.post("/kiosk/next")
@anyone
def kiosk_next() -> ResponseReturnValue:
    """An empty form for the next person. Its code is in its body and nowhere else in the browser."""
    form, meeting = OpenForm(), _meeting()
    if meeting is None or not form.validate():
        return _between(CodeForm(formdata=None), form), 422
    _forget_person(but_language=True)
    code = new_secret().upper()
    try:
        join(current_session(), meeting, code)
    except Refused as error:
        form.form_errors = [words(error)]
        return _between(CodeForm(formdata=None), form), 409
    found = unused_code(current_session(), code)
    if found is None:
        return redirect(url_for("participate.kiosk"), code=303)
    session[KIOSK_TURN] = turn_of(code)
    reads(found.consultation)
    return unused_page(found, empty_form(found, code))


@participate.get("/kiosk/done")
@anyone
def kiosk_done() -> ResponseReturnValue:
    """The receipt code, once: loaded again, or reached by the way back, it is gone."""
    code = session.pop(KIOSK_RECEIPT, "")
    if not code:
        return redirect(url_for("participate.kiosk"), code=303)
    response = make_response(render_template("participate/kiosk_done.html", code=code, seconds=SHOWN_SECONDS))
    response.headers["Refresh"] = f"{SHOWN_SECONDS}; url={url_for('participate.kiosk')}"
    return response


@participate.post("/kiosk/end")
@anyone
def kiosk_end() -> ResponseReturnValue:
    """The device is an ordinary one again."""
    if not OpenForm().validate():
        return redirect(url_for("participate.kiosk"), code=303)
    forget_all_but_language()
    return redirect(url_for("participate.join"), code=303)


@participate.before_request
def _one_turn_at_a_time() -> ResponseReturnValue | None:
    """What was written in a turn that is over is not shown when it is sent again; nor is a receipt opened here."""
    if KIOSK not in session or not request.path.startswith("/receipt"):
        return None
    if request.endpoint != "participate.receipt_answer":
        return handed_round()
    if session.get(KIOSK_TURN) == turn_of(request.form.get("code", "")):
        return None
    if KIOSK_RECEIPT in session:  # Submit was pressed twice
        return redirect(url_for("participate.kiosk_done"), code=303)
    page = message(
        _("This tablet was handed on"),
        _("What was written on this page before is not shown again."),
        links=[(url_for("participate.kiosk"), _("Your turn"))],
    )
    return page, 409


def handed_round() -> ResponseReturnValue:
    """Whoever opens a personal link or a receipt on a shared tablet leaves it there for the next one."""
    page = message(
        _("This tablet is handed round"),
        _("Personal links and codes are not opened on it. Use your own phone, or answer here without one."),
        links=[(url_for("participate.kiosk"), _("Answer here"))],
    )
    return page, 409


def _between(form: CodeForm, next_form: OpenForm) -> str:
    if meeting := _meeting():
        reads(current_session().get_one(Consultation, meeting.consultation_id))
    return render_template("participate/kiosk.html", form=form, next_form=next_form, meeting=meeting)


def _meeting() -> Meeting | None:
    """The meeting of the code that this device was set up with, while that code is taken."""
    code = session.get(KIOSK, "")
    return meeting_by_join_code(current_session(), code) if code else None


def _forget_person(*, but_language: bool = False) -> None:
    """Empty the cookie of everything but what the device is, the language included where it was not chosen just now."""
    code = session[KIOSK]
    forget_all_but_language()
    if not but_language:
        session.clear()
    session[KIOSK] = code
