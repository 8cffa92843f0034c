"""Inviting a meeting by mail, reminding it, and taking all its invitations back: each looked at before it is done."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Conflict, Refused
from consult.meetings.models import Meeting
from consult.operations.mailing.composing import Composer
from consult.operations.people import links, sending
from consult.operations.people.reminders import by_hand
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.invitations import done
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal, current_settings


class SendForm(Form):
    """The button that sends, with the number that was shown above it."""

    shown = HiddenField()


@desk.get("/<slug>/invitations/<meeting>/send")
@requires(Permission.PREPARE)
def invitations_send(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _send_page(scope, scope.meeting(meeting), SendForm(formdata=None))


@desk.post("/<slug>/invitations/<meeting>/send")
@requires(Permission.PREPARE)
def invitations_send_all(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.meeting(meeting), SendForm()
    if not form.validate():
        return _send_page(scope, found, form), 422
    number = sending.standing(scope.session, found).unsent
    if form.shown.data != str(number) or not number:
        form.form_errors.append(_("The roster has changed since. Look once more at who gets an invitation."))
        return _send_page(scope, found, form), 409
    sending.invite_by_mail(scope.session, scope.consultation, found, by=scope.user)
    return done(scope, "sent")


@desk.get("/<slug>/invitations/<meeting>/remind")
@requires(Permission.PREPARE)
def invitations_remind(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _remind_page(scope, scope.meeting(meeting), ButtonForm(formdata=None))


@desk.post("/<slug>/invitations/<meeting>/remind")
@requires(Permission.PREPARE)
def invitations_remind_all(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.meeting(meeting), ButtonForm()
    if not form.validate():
        return _remind_page(scope, found, form), 422
    try:
        if phase(scope.consultation, scope.rules, now()) is not Phase.OPEN:
            raise Refused("Answers are not taken now, so nobody is reminded.")
        sending.remind(scope.session, scope.consultation, found, occasion=by_hand(found), by=scope.user)
    except (Refused, Conflict) as error:
        scope.session.rollback()
        form.form_errors.append(words(error))
        return _remind_page(scope, found, form), 409
    return done(scope, "reminded")


@desk.get("/<slug>/invitations/<meeting>/back")
@requires(Permission.PREPARE)
def invitations_back(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _back_page(scope, scope.meeting(meeting), SendForm(formdata=None))


@desk.post("/<slug>/invitations/<meeting>/back")
@requires(Permission.PREPARE)
def invitations_back_all(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.meeting(meeting), SendForm()
    if not form.validate():
        return _back_page(scope, found, form), 422
    if form.shown.data != str(sending.standing(scope.session, found).invited):
        form.form_errors.append(_("The roster has changed since. Look once more at how many were invited."))
        return _back_page(scope, found, form), 409
    try:
        links.take_all_back(scope.session, scope.consultation, found, by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _back_page(scope, found, form), 409
    return done(scope, "back")


def _send_page(scope: Scope, meeting: Meeting, form: SendForm) -> str:
    composer = Composer(current_settings(), current_seal())
    counts = sending.standing(scope.session, meeting)
    form.shown.data = str(counts.unsent)
    samples = sending.first_unsent(scope.session, meeting)
    return render_template(
        "desk/people/invitations_send.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        counts=counts,
        form=form,
        samples=[
            (one.participant, composer.sample(scope.session, scope.consultation, one)) for one in samples
        ],
        phase=phase(scope.consultation, scope.rules, now()).value,
    )


def _remind_page(scope: Scope, meeting: Meeting, form: ButtonForm) -> str:
    return render_template(
        "desk/people/invitations_remind.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        counts=sending.standing(scope.session, meeting),
        done=sending.reminded_on(scope.session, meeting, by_hand(meeting)),
        open=phase(scope.consultation, scope.rules, now()) is Phase.OPEN,
        form=form,
    )


def _back_page(scope: Scope, meeting: Meeting, form: SendForm) -> str:
    counts = sending.standing(scope.session, meeting)
    form.shown.data = str(counts.invited)
    return render_template(
        "desk/people/invitations_back.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        counts=counts,
        free=links.may_take_back(scope.session, meeting),
        form=form,
    )
