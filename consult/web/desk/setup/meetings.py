"""The meetings of a consultation: when, where, what for, and what came of it."""

import re
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from consult.consultations.rules import slug_from
from consult.core.errors import Invalid, NotFound
from consult.meetings.actions import (
    add_meeting,
    change_meeting,
    order_meetings,
    remove_meeting,
    set_outcomes,
)
from consult.meetings.enums import DatePrecision
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_in_full
from consult.participants.queries import participation
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup.forms import (
    ButtonForm,
    EachLine,
    Form,
    LinesField,
    LongTextField,
    TextField,
    at_most,
    blame,
    moved,
    needed,
)
from consult.web.desk.setup.meeting_forms import part_forms
from consult.web.desk.setup.zones import ZoneField
from consult.web.desk.views import desk
from consult.web.guards import Scope, requires

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
SAID = {
    "saved": _l("Saved."),
    "added": _l("The meeting is added. Sessions, links and documents can follow below."),
    "removed": _l("The meeting is removed."),
    "moved": _l("Moved."),
}


class WrittenDay:
    """A date as exactly as it is known."""

    def __call__(self, form: object, field: Any) -> None:
        if field.data and day_of(field.data) is None:
            raise StopValidation(str(_("Write a date that exists, as 2015, 2015-10 or 2015-10-12.")))


class MeetingForm(Form):
    """One meeting."""

    title = TextField(_l("Title"), [needed(), at_most(300)])
    short_title = TextField(_l("Short title"), [at_most(120)])
    starts = TextField(_l("Starts"), [needed(), WrittenDay()])
    ends = TextField(_l("Ends"), [WrittenDay()])
    venue = TextField(_l("Venue"), [at_most(200)])
    time_zone = ZoneField(_l("Time zone"))
    objectives = LinesField(_l("Objectives"), [EachLine(2000, 50)])
    outcomes_heading = TextField(_l("Heading above the outcomes"), [at_most(120)])
    outcomes = LongTextField(_l("Outcomes"), [at_most(60_000)])
    slug = TextField(_l("Address"), [at_most(80)])


def day_of(written: str) -> tuple[date, DatePrecision] | None:
    """The first day of "2015", "2015-10" or "2015-10-12", and how exact that is; None for what is no date."""
    found = _WRITTEN.fullmatch(written.strip())
    try:
        year, month, day = found.groups() if found else ("", None, None)
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return first, DatePrecision.DAY if day else DatePrecision.MONTH if month else DatePrecision.YEAR


def as_written(day: date, precision: DatePrecision) -> str:
    """A date as the form shows it."""
    return {DatePrecision.YEAR: f"{day:%Y}", DatePrecision.MONTH: f"{day:%Y-%m}"}.get(
        precision, f"{day:%Y-%m-%d}"
    )


@desk.get("/<slug>/setup/meetings")
@requires(Permission.SET_UP)
def setup_meetings(scope: Scope) -> ResponseReturnValue:
    return _list_page(scope, ButtonForm(formdata=None))


@desk.post("/<slug>/setup/meetings/order")
@requires(Permission.SET_UP)
def setup_meetings_order(scope: Scope) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate():
        return _list_page(scope, form), 422
    slugs = moved([meeting.slug for meeting in scope.all_meetings], form.act.data or "")
    if slugs is None:
        form.act.errors = [_("The meetings have changed since. Look at their order and move again.")]
        return _list_page(scope, form), 422
    order_meetings(scope.session, scope.consultation, slugs, by=scope.user)
    return redirect(url_for("desk.setup_meetings", slug=scope.consultation.slug, said="moved"), code=303)


@desk.get("/<slug>/setup/meetings/new")
@requires(Permission.SET_UP)
def setup_meeting_new(scope: Scope) -> ResponseReturnValue:
    last = scope.all_meetings[-1] if scope.all_meetings else None
    known = {"time_zone": last.time_zone, "venue": last.venue} if last else {}
    return _new_page(scope, MeetingForm(formdata=None, data={**known, "outcomes_heading": "Outcomes"}))


@desk.post("/<slug>/setup/meetings/new")
@requires(Permission.SET_UP)
def setup_meeting_add(scope: Scope) -> ResponseReturnValue:
    form = MeetingForm()
    facts = facts_of(form)
    if facts is None:
        return _new_page(scope, form), 422
    slug = form.slug.data or slug_from(form.short_title.data or form.title.data or "")
    try:
        meeting = add_meeting(scope.session, scope.consultation, slug=slug, facts=facts, by=scope.user)
    except Invalid as error:
        blame(form, error, "slug")
        return _new_page(scope, form), 422
    set_outcomes(scope.session, scope.consultation, meeting, paragraphs(form.outcomes.data), by=scope.user)
    return redirect(_address(scope, meeting, said="added"), code=303)


@desk.get("/<slug>/setup/meetings/<meeting>")
@requires(Permission.SET_UP)
def setup_meeting(scope: Scope, meeting: str) -> ResponseReturnValue:
    return meeting_page(scope, meeting_of(scope, meeting))


@desk.post("/<slug>/setup/meetings/<meeting>")
@requires(Permission.SET_UP)
def setup_meeting_save(scope: Scope, meeting: str) -> ResponseReturnValue:
    form, found = MeetingForm(), meeting_of(scope, meeting)
    facts = facts_of(form)
    if facts is None:
        return meeting_page(scope, found, form), 422
    change_meeting(scope.session, scope.consultation, found, facts, by=scope.user)
    set_outcomes(scope.session, scope.consultation, found, paragraphs(form.outcomes.data), by=scope.user)
    return redirect(_address(scope, found, said="saved"), code=303)


@desk.post("/<slug>/setup/meetings/<meeting>/remove")
@requires(Permission.SET_UP)
def setup_meeting_remove(scope: Scope, meeting: str) -> ResponseReturnValue:
    form, found = ButtonForm(), meeting_of(scope, meeting)
    if not form.validate():
        return meeting_page(scope, found), 422
    if _invited(scope, found):
        form.act.errors = [_("People are invited to this meeting. Take their invitations back first.")]
        return meeting_page(scope, found, other=form), 422
    remove_meeting(scope.session, scope.consultation, found, by=scope.user)
    return redirect(url_for("desk.setup_meetings", slug=scope.consultation.slug, said="removed"), code=303)


def meeting_of(scope: Scope, slug: str) -> Meeting:
    """The meeting in full. Raises NotFound."""
    for meeting in meetings_in_full(scope.session, scope.consultation):
        if meeting.slug == slug:
            return meeting
    raise NotFound("There is no such meeting in this consultation.")


def facts_of(form: MeetingForm) -> dict[str, Any] | None:
    """The columns of a meeting that the form names, or None with the errors at their fields."""
    if not form.validate():
        return None
    first = day_of(form.starts.data or "")
    last = day_of(form.ends.data or form.starts.data or "")
    if first is None or last is None:
        return None
    if first[1] is not last[1]:
        form.ends.errors = [_("Write the end as exactly as the start: as a year, a month or a day.")]
        return None
    if last[0] < first[0]:
        form.ends.errors = [_("This is before the start.")]
        return None
    return {
        "title": form.title.data,
        "short_title": form.short_title.data or (form.title.data or "")[:120],
        "starts_on": first[0],
        "ends_on": last[0],
        "precision": first[1],
        "venue": form.venue.data or "",
        "time_zone": form.time_zone.data,
        "objectives": form.objectives.lines,
        "outcomes_heading": form.outcomes_heading.data or "Outcomes",
    }


def paragraphs(text: str | None) -> list[str]:
    """What blank lines set apart."""
    return [part.strip()[:5000] for part in re.split(r"\n\s*\n", text or "") if part.strip()]


def meeting_page(scope: Scope, meeting: Meeting, form: MeetingForm | None = None, **parts: Any) -> str:
    """A meeting with all its parts; `parts` are forms of those that came back with an error."""
    if form is None:
        form = MeetingForm(
            formdata=None,
            data={
                name: getattr(meeting, name)
                for name in ("title", "short_title", "venue", "time_zone", "outcomes_heading", "slug")
            }
            | {
                "starts": as_written(meeting.starts_on, meeting.precision),
                "ends": as_written(meeting.ends_on, meeting.precision),
                "objectives": "\n".join(meeting.objectives),
                "outcomes": "\n\n".join(outcome.text for outcome in meeting.outcomes),
            },
        )
    _offer_zones(scope, form)
    return render_template(
        "desk/setup/meeting.html",
        **framed(scope, "setup"),
        meeting=meeting,
        form=form,
        invited=_invited(scope, meeting),
        said=SAID.get(request.args.get("said", "")),
        **part_forms(meeting, parts),
    )


def _invited(scope: Scope, meeting: Meeting) -> int:
    rows = participation(scope.session, scope.consultation)
    return next((row.invited for row in rows if row.meeting_id == meeting.id), 0)


def _list_page(scope: Scope, form: ButtonForm) -> str:
    return render_template(
        "desk/setup/meetings.html",
        **framed(scope, "setup"),
        form=form,
        meetings=meetings_in_full(scope.session, scope.consultation),
        said=SAID.get(request.args.get("said", "")),
    )


def _offer_zones(scope: Scope, form: MeetingForm) -> None:
    form.time_zone.offer(meeting.time_zone for meeting in scope.all_meetings)


def _new_page(scope: Scope, form: MeetingForm) -> str:
    _offer_zones(scope, form)
    return render_template("desk/setup/meeting_new.html", **framed(scope, "setup"), form=form)


def _address(scope: Scope, meeting: Meeting, said: str) -> str:
    return url_for("desk.setup_meeting", slug=scope.consultation.slug, meeting=meeting.slug, said=said)
