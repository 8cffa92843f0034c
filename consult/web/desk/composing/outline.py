"""The outline: parts in their order, shown or hidden, beside the whole report as it would be printed."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from consult.analysis.disclosure import release_themes
from consult.analysis.disclosure.attendance import release_attendance
from consult.analysis.disclosure.prose import draft_prose
from consult.analysis.disclosure.scales import scale_of
from consult.consultations.enums import Switch
from consult.core import clock
from consult.core.errors import NotFound, Refused
from consult.exports.editions.presentation import meeting_dates, present
from consult.exports.speaking import voice
from consult.meetings.queries import meetings_in_full
from consult.moderation.published import published_notes
from consult.permissions import Permission
from consult.reports import queries
from consult.reports.composing import actions
from consult.reports.composing.queries import is_composed, outline_of, parts_missing
from consult.reports.composing.shapes import STORY, Part, Shape, summary
from consult.reports.composing.summarising import drafted_from
from consult.reports.document import PARTS
from consult.reports.drafting import draft
from consult.web.desk.composing.forms import ActForm, ShapeForm, TextForm, covering_all, part_names
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import SelectChoice
from consult.web.guards import Scope, requires

PREVIEWED = 12
"""Views of each meeting that the preview prints; the edition holds all of them."""


@desk.get("/<slug>/report/compose")
@requires(Permission.COMPOSE)
def compose(scope: Scope) -> ResponseReturnValue:
    return _page(covering_all(scope))


@desk.post("/<slug>/report/compose/start")
@requires(Permission.COMPOSE)
def compose_start(scope: Scope) -> ResponseReturnValue:
    covering_all(scope)
    form = _shapes()
    if not form.validate():
        return _page(scope, shapes=form), 422
    parts = list(STORY) if form.shape.data == Shape.STORY else _summary(scope)
    try:
        actions.start(
            scope.session, scope.consultation, parts, replace=bool(form.replace.data), by=scope.user
        )
    except Refused as error:
        form.replace.errors = [words(error)]
        return _page(scope, shapes=form), 409
    return _back(scope)


@desk.post("/<slug>/report/compose/texts")
@requires(Permission.COMPOSE)
def compose_add(scope: Scope) -> ResponseReturnValue:
    form = _text_form(covering_all(scope))
    if not form.validate():
        return _page(scope, adding=form), 422
    about = next((one for one in scope.all_meetings if one.slug == form.meeting.data), None)
    try:
        section = actions.add_text(
            scope.session, scope.consultation, str(form.heading.data), about, by=scope.user
        )
    except Refused as error:
        form.heading.errors = [words(error)]
        return _page(scope, adding=form), 409
    return redirect(url_for("desk.compose_part", slug=scope.consultation.slug, part=section.code), code=303)


@desk.post("/<slug>/report/compose/<part>/place")
@requires(Permission.COMPOSE)
def compose_place(scope: Scope, part: str) -> ResponseReturnValue:
    form, act = ActForm(), ""
    consultation = covering_all(scope).consultation
    known = {section.code for section in outline_of(scope.session, consultation)}
    if part not in known and part not in parts_missing(scope.session, consultation):
        raise NotFound("The report has no such part any more.")
    if form.validate():
        act = str(form.act.data)
    if act in {"up", "down"}:
        actions.move(scope.session, scope.consultation, part, up=act == "up")
    elif act in {"show", "hide"}:
        actions.show(scope.session, scope.consultation, part, shown=act == "show")
    elif act == "remove":
        actions.remove(scope.session, scope.consultation, part, by=scope.user)
    else:
        return _page(scope, acting=form), 422
    return _back(scope, f"part-of-{part}")


def _summary(scope: Scope) -> list[Part]:
    """What is drafted is in the consultation's own language, whoever drafts it."""
    session, consultation = scope.session, scope.consultation
    meetings, speaking = meetings_in_full(session, consultation), voice(consultation.language)
    released = release_themes(session, consultation, scope.rules)
    titles = {meeting.slug: meeting.title for meeting in meetings}
    counted = draft_prose(released, titles, scale_of(session, consultation), speaking)
    drafted = drafted_from(
        consultation,
        meetings,
        counted={one.meeting: one.text for one in counted if one.people},
        notes=published_notes(session, consultation),
        when={
            meeting.slug: meeting_dates(
                meeting.starts_on.isoformat(),
                meeting.ends_on.isoformat(),
                meeting.precision.value,
                consultation.language,
            )
            for meeting in meetings
        },
        attendance=release_attendance(meetings, scope.rules),
        told=speaking.say,
    )
    return summary(meetings, drafted, speaking.say)


def _shapes(*, fresh: bool = False) -> ShapeForm:
    form = ShapeForm(formdata=None, data={"shape": Shape.STORY.value}) if fresh else ShapeForm()
    form.shape.choices = [
        SelectChoice(Shape.STORY.value, _("Story: numbers, views, takeaways, meeting by meeting")),
        SelectChoice(
            Shape.SUMMARY.value,
            _("Summary: prose for each meeting and session, drafted from counts and rapporteurs’ notes"),
        ),
    ]
    return form


def _text_form(scope: Scope, *, fresh: bool = False) -> TextForm:
    form = TextForm(formdata=None, data={"meeting": ""}) if fresh else TextForm()
    form.meeting.choices = [SelectChoice("", _("All meetings"))] + [
        SelectChoice(meeting.slug, meeting.title) for meeting in scope.all_meetings
    ]
    return form


def _back(scope: Scope, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("desk.compose", slug=scope.consultation.slug, _anchor=anchor), code=303)


def _page(
    scope: Scope,
    *,
    shapes: ShapeForm | None = None,
    adding: TextForm | None = None,
    acting: ActForm | None = None,
) -> str:
    session, consultation = scope.session, scope.consultation
    number = queries.next_number(session, consultation)
    document = draft(session, consultation, number=number, on=clock.now().date())
    wrong = next((form for form in (shapes, adding, acting) if form is not None), None)
    return render_template(
        "desk/composing/outline.html",
        **framed(scope, "report"),
        sections=outline_of(session, consultation),
        composed=is_composed(session, consultation),
        missing=parts_missing(session, consultation),
        names=part_names(),
        parts_filled=PARTS,
        always=actions.ALWAYS,
        story=present(document, str(get_locale() or "en"), _),
        views_limit=PREVIEWED,
        meetings={meeting.id: meeting for meeting in scope.all_meetings},
        shapes=shapes or _shapes(fresh=True),
        adding=adding or _text_form(scope, fresh=True),
        wrong=wrong or ActForm(formdata=None),
        may_set_up=scope.may(Permission.SET_UP),
        may_list=scope.may(Permission.FREEZE) and scope.rules.attendance is Switch.OPEN,
    )
