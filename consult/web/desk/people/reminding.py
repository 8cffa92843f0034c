"""What goes to many at a set time: reminders before closing, and the one mail that a report is out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField, SelectField

from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Conflict, Invalid, Refused
from consult.operations.people import announcing
from consult.operations.people import reminders as planning
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form, SelectChoice
from consult.web.guards import Scope, requires

HOURS = (336, 168, 120, 72, 48, 24, 12, 6, 3)


class PlanForm(Form):
    """One reminder more."""

    hours = SelectField(_l("Before closing"))


class ForgetForm(Form):
    """One reminder less."""

    forget = HiddenField()


@desk.get("/<slug>/reminders")
@requires(Permission.PREPARE)
def reminders(scope: Scope) -> ResponseReturnValue:
    return _page(scope, PlanForm(formdata=None))


@desk.post("/<slug>/reminders")
@requires(Permission.PREPARE)
def reminders_plan(scope: Scope) -> ResponseReturnValue:
    less = ForgetForm()
    if less.forget.data:
        form = PlanForm(formdata=None)
        if not less.validate():
            return _page(scope, form, less), 422
        if less.forget.data.isascii() and less.forget.data.isdigit() and len(less.forget.data) < 6:
            planning.forget_reminder(scope.session, scope.consultation, int(less.forget.data), by=scope.user)
        return redirect(url_for("desk.reminders", slug=scope.consultation.slug, said="less"), code=303)
    form = PlanForm()
    form.hours.choices = _choices()
    if not form.validate():
        return _page(scope, form), 422
    try:
        planning.plan_reminder(scope.session, scope.consultation, int(form.hours.data), by=scope.user)
    except Invalid as error:
        form.hours.errors = [words(error)]
        return _page(scope, form), 422
    return redirect(url_for("desk.reminders", slug=scope.consultation.slug, said="more"), code=303)


@desk.get("/<slug>/announce")
@requires(Permission.PREPARE)
def announce(scope: Scope) -> ResponseReturnValue:
    return _announce_page(scope, ButtonForm(formdata=None))


@desk.post("/<slug>/announce")
@requires(Permission.PREPARE)
def announce_all(scope: Scope) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate():
        return _announce_page(scope, form), 422
    try:
        announcing.announce(scope.session, scope.consultation, by=scope.user)
    except (Refused, Conflict) as error:
        scope.session.rollback()
        form.form_errors.append(words(error))
        return _announce_page(scope, form), 409
    return redirect(url_for("desk.invitations", slug=scope.consultation.slug, said="announced"), code=303)


def _page(scope: Scope, form: PlanForm, less: ForgetForm | None = None) -> str:
    form.hours.choices = _choices()
    zone = scope.all_meetings[0].time_zone if scope.all_meetings else "UTC"
    return render_template(
        "desk/people/reminders.html",
        **framed(scope, "invitations"),
        form=form,
        less=less or ForgetForm(formdata=None),
        planned=[
            (one.hours_before, _length(one.hours_before), planning.due_at(scope.consultation, one), one)
            for one in planning.planned_reminders(scope.session, scope.consultation)
        ],
        zone=zone,
        closed=phase(scope.consultation, scope.rules, now()) in {Phase.GRACE, Phase.CLOSED},
        at=now(),
        said={
            "more": _("The reminder is planned."),
            "less": _("The reminder is planned no longer."),
        }.get(request.args.get("said", "")),
    )


def _announce_page(scope: Scope, form: ButtonForm) -> str:
    return render_template(
        "desk/people/announce.html",
        **framed(scope, "invitations"),
        form=form,
        edition=announcing.may_announce(scope.session, scope.consultation),
        readers=announcing.readers(scope.session, scope.consultation),
    )


def _choices() -> list[SelectChoice]:
    return [SelectChoice(str(hours), _length(hours)) for hours in HOURS]


def _length(hours: int) -> str:
    """ "3 days", "12 hours"."""
    if hours % 24:
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    return str(ngettext("%(num)s day", "%(num)s days", hours // 24))
