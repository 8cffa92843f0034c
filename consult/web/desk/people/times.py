"""Opening and closing by hand or by the clock: first shown as what it means in each meeting's zone, then done."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.meetings.queries import pilot_answers
from consult.operations.opening import check_not_over, check_times, gives_more_time, instant, set_times
from consult.operations.preparing.checklist import Part, checklist
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup.tasks import missing_words
from consult.web.desk.views import desk
from consult.web.desk.words import PHASES
from consult.web.errors import words
from consult.web.fields import Form, TextField
from consult.web.guards import Scope, requires

OPEN_NOW, CLOSE_NOW, CONFIRMED = "open", "close", "confirmed"


class TimesForm(Form):
    """When answering opens and closes, as the first meeting's clock shows it."""

    opens = TextField(_l("Opens"))
    closes = TextField(_l("Closes"))
    tell = BooleanField(_l("Tell those who have not answered that there is more time"))
    act = HiddenField()


@desk.get("/<slug>/times")
@requires(Permission.PREPARE)
def times(scope: Scope) -> ResponseReturnValue:
    return _page(scope, _as_it_stands(scope))


@desk.post("/<slug>/times")
@requires(Permission.PREPARE)
def times_set(scope: Scope) -> ResponseReturnValue:
    form, consultation = TimesForm(), scope.consultation
    if not form.validate():
        return _page(scope, form), 422
    if form.act.data == OPEN_NOW:
        form.opens.data = _written(scope, now())
    elif form.act.data == CLOSE_NOW:
        form.closes.data = _written(scope, now())
    try:
        opens_at = instant(form.opens.data or "", _zone(scope), field="opens")
        closes_at = instant(form.closes.data or "", _zone(scope), field="closes")
        check_times(opens_at, closes_at)
        check_not_over(scope.session, consultation)
    except Invalid as error:
        field = form.opens if error.field == "opens" else form.closes
        field.errors = [words(error)]
        return _page(scope, form), 422
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, form), 409
    if form.act.data != CONFIRMED:
        return _confirm_page(scope, form, opens_at, closes_at)
    set_times(
        scope.session,
        consultation,
        opens_at=opens_at,
        closes_at=closes_at,
        tell=bool(form.tell.data),
        by=scope.user,
    )
    return redirect(url_for("desk.times", slug=consultation.slug, said="set"), code=303)


def _page(scope: Scope, form: TimesForm) -> str:
    at = phase(scope.consultation, scope.rules, now())
    return render_template(
        "desk/people/times.html",
        **framed(scope, "invitations"),
        form=form,
        phase=PHASES[at],
        may_open=at is Phase.PREPARING,
        may_close=at is Phase.OPEN,
        over=at not in (Phase.PREPARING, Phase.OPEN),
        meetings=scope.all_meetings,
        zone=_zone(scope),
        grace=scope.rules.grace_minutes,
        said=_("The times are set.") if request.args.get("said") == "set" else None,
    )


def _confirm_page(
    scope: Scope, form: TimesForm, opens_at: datetime | None, closes_at: datetime | None
) -> str:
    opening = opens_at is not None and phase(scope.consultation, scope.rules, now()) is Phase.PREPARING
    return render_template(
        "desk/people/times_confirm.html",
        **framed(scope, "invitations"),
        form=form,
        lacking=_lacking(scope) if opening else [],
        pilots=opening and bool(pilot_answers(scope.session, scope.consultation)),
        opens_at=opens_at,
        closes_at=closes_at,
        zones=list(dict.fromkeys(meeting.time_zone for meeting in scope.all_meetings)) or ["UTC"],
        closes_now=closes_at is not None and closes_at <= now(),
        more=gives_more_time(scope.consultation, closes_at) and closes_at is not None,
        grace=scope.rules.grace_minutes,
    )


def _lacking(scope: Scope) -> list[str]:
    """What whoever opens it ought to know is missing; opening stays theirs to decide."""
    return [
        sentence
        for checked in checklist(scope.session, scope.consultation)
        if checked.part not in {Part.INVITATIONS, Part.OPENING}
        for sentence in missing_words(checked)
    ]


def _as_it_stands(scope: Scope) -> TimesForm:
    consultation = scope.consultation
    return TimesForm(
        formdata=None,
        data={
            "opens": _written(scope, consultation.opens_at),
            "closes": _written(scope, consultation.closes_at),
        },
    )


def _zone(scope: Scope) -> str:
    return scope.all_meetings[0].time_zone if scope.all_meetings else "UTC"


def _written(scope: Scope, at: datetime | None) -> str:
    """The instant on the first meeting's clock, to the minute."""
    return at.astimezone(ZoneInfo(_zone(scope))).strftime("%Y-%m-%d %H:%M") if at else ""
