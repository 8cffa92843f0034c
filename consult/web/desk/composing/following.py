"""We asked, you said, we did: entries that stand on the story page after a report is published."""

from datetime import date
from typing import cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from consult.core import clock
from consult.core.errors import NotFound, Refused, StaleRead
from consult.permissions import Permission
from consult.reports.following import actions
from consult.reports.following.models import FollowUp
from consult.reports.following.queries import follow_up_in, followed_up
from consult.web.desk.composing.forms import GREATEST, LONGEST_ENTRY, ActForm
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, LongTextField
from consult.web.guards import Scope, requires

_NOT_LONGER = Length(
    max=LONGEST_ENTRY, message=_l("Shorten this to %(most)s characters.", most=LONGEST_ENTRY)
)


class EntryForm(Form):
    """One entry."""

    on_day = DateField(_l("Day"), [InputRequired(_l("Give the day as 2016-07-09."))])
    asked = LongTextField(
        _l("We asked"),
        [InputRequired(_l("Write what was asked.")), _NOT_LONGER],
    )
    said = LongTextField(
        _l("You said"),
        [InputRequired(_l("Write what people said.")), _NOT_LONGER],
    )
    did = LongTextField(_l("We did"), [InputRequired(_l("Write what was done.")), _NOT_LONGER])
    read = IntegerField(default=0, validators=[NumberRange(min=0, max=GREATEST)], widget=HiddenInput())

    @property
    def day(self) -> date:
        """The day of a form that is valid."""
        return cast(date, self.on_day.data)

    @property
    def words(self) -> actions.Words:
        return str(self.asked.data), str(self.said.data), str(self.did.data)


@desk.get("/<slug>/report/follow-up")
@requires(Permission.FREEZE)
def follow_ups(scope: Scope) -> ResponseReturnValue:
    return _page(scope, _fresh())


@desk.post("/<slug>/report/follow-up")
@requires(Permission.FREEZE)
def follow_up_add(scope: Scope) -> ResponseReturnValue:
    form = EntryForm()
    if not form.validate():
        return _page(scope, form), 422
    try:
        actions.follow_up(scope.session, scope.consultation, form.day, form.words, by=scope.user)
    except Refused as error:
        form.form_errors = [words(error)]
        return _page(scope, form), 409
    return redirect(url_for("desk.follow_ups", slug=scope.consultation.slug), code=303)


@desk.get("/<slug>/report/follow-up/<entry_id>")
@requires(Permission.FREEZE)
def follow_up(scope: Scope, entry_id: str) -> ResponseReturnValue:
    entry = _entry(scope, entry_id)
    return _page(scope, _read(entry), entry=entry)


@desk.post("/<slug>/report/follow-up/<entry_id>")
@requires(Permission.FREEZE)
def follow_up_write(scope: Scope, entry_id: str) -> ResponseReturnValue:
    entry, form = _entry(scope, entry_id), EntryForm()
    if not form.validate():
        return _page(scope, form, entry=entry), 422
    try:
        actions.change(
            scope.session, entry, form.day, form.words, read=int(form.read.data or 0), by=scope.user
        )
    except StaleRead as error:
        scope.session.rollback()
        standing = _entry(scope, entry_id)
        data = {name: form[name].data for name in ("on_day", "asked", "said", "did")}
        again = EntryForm(formdata=None, data={**data, "read": standing.version})
        again.form_errors = [words(error)]
        return _page(scope, again, entry=standing, standing=standing), 409
    return redirect(url_for("desk.follow_ups", slug=scope.consultation.slug), code=303)


@desk.post("/<slug>/report/follow-up/<entry_id>/remove")
@requires(Permission.FREEZE)
def follow_up_remove(scope: Scope, entry_id: str) -> ResponseReturnValue:
    entry, form = _entry(scope, entry_id), ActForm()
    if not form.validate():
        return _page(scope, _read(entry), entry=entry), 422
    actions.take_back(scope.session, entry, by=scope.user)
    return redirect(url_for("desk.follow_ups", slug=scope.consultation.slug), code=303)


def _entry(scope: Scope, entry_id: str) -> FollowUp:
    found = follow_up_in(scope.session, scope.consultation, entry_id)
    if found is None:
        raise NotFound("There is no such entry any more.")
    return found


def _fresh() -> EntryForm:
    return EntryForm(formdata=None, data={"on_day": clock.now().date()})


def _read(entry: FollowUp) -> EntryForm:
    data = {name: getattr(entry, name) for name in ("on_day", "asked", "said", "did")}
    return EntryForm(formdata=None, data={**data, "read": entry.version})


def _page(
    scope: Scope, form: EntryForm, *, entry: FollowUp | None = None, standing: FollowUp | None = None
) -> str:
    return render_template(
        "desk/composing/follow_ups.html",
        **framed(scope, "report"),
        form=form,
        entry=entry,
        standing=standing,
        entries=followed_up(scope.session, scope.consultation.id),
    )
