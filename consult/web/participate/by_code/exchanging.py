"""Unlinked mode: a start-code is exchanged for a response code, shown once; then the browser forgets the invitation."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force
from consult.core import errors
from consult.core.identifiers import new_secret
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at
from consult.participants.queries import invitation_by_code
from consult.responses.actions import exchange
from consult.web.errors import words
from consult.web.guards import anyone
from consult.web.installation import current_settings
from consult.web.languages import reads
from consult.web.participate.form.forms import ExchangeForm
from consult.web.participate.views import address, participate, prompts, shown, wrong_codes
from consult.web.session_cookie import forget_all_but_language
from consult.web.transactions import current_session


@participate.post("/exchange")
@anyone
def exchange_submit() -> ResponseReturnValue:
    form, database = ExchangeForm(), current_session()
    if "code" in form.errors or not form.code.data:
        form.validate()
        return _without_meeting(form), 422
    throttle = wrong_codes("join")
    try:
        throttle.check(address())
    except errors.TooMany as error:
        form.code.errors = [words(error)]
        return _without_meeting(form), 429
    found = invitation_by_code(database, form.code.data)
    if found is None:
        database.rollback()
        throttle.count(address())
        form.code.errors = [_("That code is not on our list. It has 9 characters and no letter O.")]
        return _without_meeting(form), 422
    consultation = database.get_one(Consultation, found.meeting.consultation_id)
    reads(consultation)
    rules = ground_rules_in_force(database, consultation)
    code = _code_in(form)
    if not form.validate() or code is None:
        return exchange_page(consultation, found.meeting, rules, form), 422
    try:
        exchange(database, found, code)
    except errors.Refused as error:
        form.form_errors = [words(error)]
        return exchange_page(consultation, found.meeting, rules, form), 409
    forget_all_but_language()
    return render_template(
        "participate/issued.html",
        consultation=consultation,
        meeting=found.meeting,
        code=code,
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
    )


@participate.get("/exchange")
@anyone
def exchange_again() -> ResponseReturnValue:
    """Where a change of language leads: the start-code is typed once more."""
    return redirect(url_for("participate.join"), code=303)


def exchange_page(
    consultation: Consultation, meeting: Meeting, rules: GroundRules, form: ExchangeForm
) -> str:
    """The page that takes the start-code. The response code is in it already, so that sending it again is harmless."""
    if _code_in(form) is None:
        form.fresh.data = _serializer().dumps(new_secret().upper())
    promise, promise_language = shown(rules.promise, consultation.language)
    return render_template(
        "participate/exchange.html",
        consultation=consultation,
        meeting=meeting,
        form=form,
        asked=prompts(askings_at(current_session(), meeting), consultation.language),
        promise_text=promise,
        promise_language=promise_language,
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
    )


def _code_in(form: ExchangeForm) -> str | None:
    try:
        return str(_serializer().loads(form.fresh.data or ""))
    except BadData:
        return None


def _without_meeting(form: ExchangeForm) -> str:
    return render_template("participate/exchange.html", consultation=None, meeting=None, form=form)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().secret_key, salt="response-code")
