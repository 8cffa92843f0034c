"""Opening an invitation, by its link or by its typed code. Looking changes nothing."""

from collections.abc import Sequence

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.enums import Mode
from consult.core.errors import TooMany
from consult.meetings.setting import setting_at
from consult.participants.models import Invitation
from consult.participants.queries import invitation_by_code, invitation_by_secret
from consult.web.errors import words
from consult.web.guards import INVITATION, Invited, anyone, guest_of
from consult.web.participate.answering import answered, form_page, invited_form, is_told, phase_page
from consult.web.participate.by_code.exchanging import exchange_page
from consult.web.participate.by_code.joining import joined
from consult.web.participate.by_code.kiosk import handed_round
from consult.web.participate.form.forms import CodeForm, ExchangeForm, OpenForm
from consult.web.participate.form.kept import KeptText, join_page, kept_texts
from consult.web.participate.form.unlinked import KIOSK
from consult.web.participate.form.uses import who_sees
from consult.web.participate.views import address, message, participate, prompts, shown, wrong_codes
from consult.web.session_cookie import forget_all_but_language
from consult.web.transactions import current_session

LONGEST_TYPED = 20


@participate.get("/i/<secret>")
@anyone
def invitation(secret: str) -> ResponseReturnValue:
    if KIOSK in session:
        return handed_round()
    found = invitation_by_secret(current_session(), secret)
    if found is None:
        return _unknown_link()
    return _invitation_page(_guest(found), OpenForm())


@participate.post("/i/<secret>")
@anyone
def open_invitation(secret: str) -> ResponseReturnValue:
    if KIOSK in session:
        return handed_round()
    found = invitation_by_secret(current_session(), secret)
    if found is None:
        return _unknown_link()
    form, guest = OpenForm(), _guest(found)
    if not form.validate() or guest.rules.mode is Mode.UNLINKED:
        return _invitation_page(guest, form, 422)
    _hold(found)
    return redirect(url_for("participate.respond"), code=303)


@participate.get("/join")
@anyone
def join() -> ResponseReturnValue:
    return join_page(CodeForm(formdata=None, data={"code": _from_poster()}))


@participate.post("/join")
@anyone
def join_submit() -> ResponseReturnValue:
    if KIOSK in session:
        return handed_round()
    form, kept = CodeForm(), kept_texts()
    if not form.validate():
        return join_page(form), 422
    throttle = wrong_codes("join")
    try:
        throttle.check(address())
    except TooMany as error:
        form.code.errors = [words(error)]
        return join_page(form), 429
    found = invitation_by_code(current_session(), form.code.data or "")
    if found is None:
        if (by_poster := joined(form)) is not None:
            return by_poster
        current_session().rollback()
        throttle.count(address())
        form.code.errors = [_("That code is not on our list. It has 9 characters and no letter O.")]
        return join_page(form), 422
    return _joined(found, form.code.data or "", kept)


def _joined(found: Invitation, code: str, kept: Sequence[KeptText]) -> ResponseReturnValue:
    guest = _guest(found)
    if guest.rules.mode is Mode.UNLINKED:
        form = ExchangeForm(formdata=None, code=code)
        return exchange_page(guest.consultation, guest.meeting, guest.rules, form)
    _hold(found)
    if not kept:
        return redirect(url_for("participate.respond"), code=303)
    if is_told(guest):
        return answered(guest, kept), 409
    return form_page(guest, invited_form(guest))


def _guest(found: Invitation) -> Invited:
    database = current_session()
    return guest_of(database, found, setting_at(database, found.meeting_id))


def _hold(found: Invitation) -> None:
    """Put the invitation into the cookie, with nothing of whoever used this browser before but the language.

    Opened again in a second tab, it changes nothing, so that the form in the first can still be sent.
    """
    if session.get(INVITATION) == found.id:
        return
    forget_all_but_language()
    session[INVITATION] = found.id


def _used_page(guest: Invited, form: OpenForm) -> str:
    """That an answer is in. Its words are shown only once the button is pressed: mail scanners follow links."""
    return render_template(
        "participate/used.html",
        guest=guest,
        form=form,
        linked=guest.rules.mode is not Mode.UNLINKED,
        action=request.path,
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )


def _invitation_page(guest: Invited, form: OpenForm, status: int = 200) -> ResponseReturnValue:
    issued = guest.invitation.issued and not guest.invitation.seen_at_desk
    if is_told(guest) or issued:
        return _used_page(guest, form), status
    if (closed := phase_page(guest)) is not None:
        return closed, status
    if guest.rules.mode is Mode.UNLINKED:
        return exchange_page(
            guest.consultation, guest.meeting, guest.rules, ExchangeForm(formdata=None)
        ), status
    promise, promise_language = shown(guest.rules.promise, guest.consultation.language)
    page = render_template(
        "participate/invitation.html",
        guest=guest,
        form=form,
        asked=prompts(guest.askings, guest.consultation.language),
        promise_text=promise,
        who_sees=who_sees()[guest.rules.mode],
        promise_language=promise_language,
        action=request.path,
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )
    return page, status


def _unknown_link() -> ResponseReturnValue:
    page = message(
        _("This link does not work"),
        _("It may have been cut when it was copied, or replaced by a newer one. Try the whole link again."),
        _("The message that invited you also has a code of 9 characters. It opens the same page."),
        links=[(url_for("participate.join"), _("Type your code"))],
    )
    return page, 404


def _from_poster() -> str:
    """The code in the address that a poster's picture holds, to be looked at and sent on by hand."""
    code = request.args.get("code", "")
    return code if len(code) <= LONGEST_TYPED and code.replace("-", "").isalnum() and code.isascii() else ""
