"""Where a mail's "no more reminders" leads. The address opens nothing, and does not tell whether somebody answered."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.models import Consultation
from consult.participants.actions import stop_reminders
from consult.participants.models import Invitation
from consult.participants.queries import standing_invitation
from consult.web.guards import anyone
from consult.web.installation import current_seal
from consult.web.participate.form.forms import StopForm
from consult.web.participate.views import message, participate
from consult.web.transactions import current_session

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The field that a mail program posts by itself, after RFC 8058; nothing else that comes without a form counts."""


@participate.get("/stop/<token>")
@anyone
def stop(token: str) -> ResponseReturnValue:
    found = _found(token)
    return _unknown() if found is None else _stop_page(found, StopForm())


@participate.post("/stop/<token>")
@anyone
def stop_submit(token: str) -> ResponseReturnValue:
    found = _found(token)
    if found is None:
        return _unknown()
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        stop_reminders(current_session(), found)
        return "", 204
    form = StopForm()
    if not form.validate():
        return _stop_page(found, form, 422)
    stop_reminders(current_session(), found)
    return redirect(url_for("participate.stopped"), code=303)


@participate.get("/stopped")
@anyone
def stopped() -> ResponseReturnValue:
    return message(
        _("You will get no more reminders"),
        _(
            "Nobody asks for a reason. The link and the code in your invitation still work until answering closes."
        ),
    )


def _found(token: str) -> Invitation | None:
    seal = current_seal()
    invitation_id = seal.invitation_to_stop(token)
    return None if invitation_id is None else standing_invitation(current_session(), invitation_id)


def _stop_page(found: Invitation, form: StopForm, status: int = 200) -> ResponseReturnValue:
    consultation = current_session().get_one(Consultation, found.meeting.consultation_id)
    page = render_template(
        "participate/stop.html",
        form=form,
        meeting=found.meeting,
        consultation_title=consultation.title,
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
        action=request.path,
    )
    return page, status


def _unknown() -> ResponseReturnValue:
    page = message(
        _("This link does not work"),
        _(
            "It may have been cut when it was copied, or belong to an invitation that was replaced. Try the whole link."
        ),
    )
    return page, 404
