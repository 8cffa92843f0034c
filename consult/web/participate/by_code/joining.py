"""Answering by a meeting's join code: the browser is given a response code, and nothing here knows who answers."""

from datetime import timedelta

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.core.errors import Refused, TooMany
from consult.core.identifiers import new_secret
from consult.core.throttle import Throttle
from consult.meetings.models import Meeting
from consult.operations.receipts import StoredResponse, UnusedCode, stored_response, unused_code
from consult.participants.queries import meeting_by_join_code, standing_invitation
from consult.responses.actions import join
from consult.web.errors import words
from consult.web.guards import INVITATION, anyone
from consult.web.installation import current_database, current_settings
from consult.web.languages import reads
from consult.web.participate.form.forms import ChangeForm, CodeForm, OpenForm, answer_form
from consult.web.participate.form.kept import join_page, kept_texts
from consult.web.participate.form.unlinked import empty_form, unused_page
from consult.web.participate.receipts.page import JOINED
from consult.web.participate.views import address, message, participate
from consult.web.session_cookie import forget_all_but_language
from consult.web.transactions import current_session

MOST_JOINED = 400
"""From one network address in a window: a hall and more, and too few to drown a consultation."""
WINDOW = timedelta(minutes=15)


def joined(form: CodeForm) -> ResponseReturnValue | None:
    """What a meeting's join code opens: this browser's form, the same one each time. None for another code."""
    meeting = meeting_by_join_code(current_session(), form.code.data or "")
    if meeting is None:
        return None
    own = standing_invitation(current_session(), session.get(INVITATION, ""))
    if own is not None and own.meeting_id == meeting.id:  # whoever has an invitation answers with it
        return redirect(url_for("participate.respond"), code=303)
    held = _held()
    if held is None or held.meeting.id != meeting.id:
        refusal = _counted(form) or _handed_out(form)
        if refusal is not None:
            return refusal
    if not kept_texts():
        return redirect(url_for("participate.join_form"), code=303)
    return _with_kept_text(session[JOINED])


@participate.get("/joined")
@anyone
def join_form() -> ResponseReturnValue:
    """The form of whoever typed a join code here; its address survives a reload and a change of language."""
    held = _held()
    if held is None:
        return redirect(url_for("participate.join"), code=303)
    if isinstance(held, StoredResponse):
        return _answered_page(held, OpenForm(formdata=None))
    return unused_page(held, empty_form(held, session[JOINED]))


@participate.post("/joined")
@anyone
def join_other() -> ResponseReturnValue:
    """Somebody else answers on this device: nothing of whoever did before stays in the browser."""
    held, form = _held(), OpenForm()
    if not form.validate():
        if isinstance(held, StoredResponse):
            return _answered_page(held, form), 422
        return join_page(CodeForm(formdata=None)), 422
    forget_all_but_language()
    return redirect(url_for("participate.join"), code=303)


def _held() -> StoredResponse | UnusedCode | None:
    code, database = session.get(JOINED, ""), current_session()
    held = (stored_response(database, code) or unused_code(database, code)) if code else None
    if held is not None:
        reads(held.consultation)
    return held


def _counted(form: CodeForm) -> ResponseReturnValue | None:
    """Count one more browser from this address; the refusal where there were too many."""
    current_session().rollback()  # what counts waits for nobody
    throttle = Throttle(
        current_database(),
        current_settings().secret_key,
        act="joined",
        most=MOST_JOINED,
        window=WINDOW,
    )
    try:
        throttle.check(address())
    except TooMany as error:
        form.code.errors = [words(error)]
        return join_page(form), 429
    throttle.count(address())
    return None


def _handed_out(form: CodeForm) -> ResponseReturnValue | None:
    """Put a fresh response code into the cookie, with nothing of whoever used this browser before; or say why not."""
    meeting, code = meeting_by_join_code(current_session(), form.code.data or ""), new_secret().upper()
    if meeting is None:  # it was changed a moment ago
        return redirect(url_for("participate.join"), code=303)
    try:
        join(current_session(), meeting, code)
    except Refused as error:
        return _not_now(meeting, words(error)), 409
    forget_all_but_language()
    session[JOINED] = code
    return None


def _with_kept_text(code: str) -> ResponseReturnValue:
    """The form with the text that came along: the browser had lost its own."""
    found = unused_code(current_session(), code)
    if found is None:
        return redirect(url_for("participate.join_form"), code=303)
    form = answer_form(found.askings, found.rules.ceiling, ChangeForm)
    form.code.data = code
    return unused_page(found, form)


def _answered_page(held: StoredResponse, form: OpenForm) -> str:
    return render_template(
        "participate/joined.html",
        form=form,
        meeting=held.meeting,
        help_contact=held.consultation.help_contact,
        demonstration=held.consultation.demonstration,
    )


def _not_now(meeting: Meeting, sentence: str) -> str:
    consultation = current_session().get_one(Consultation, meeting.consultation_id)
    return message(
        meeting.title,
        sentence,
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
    )
