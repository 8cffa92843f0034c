"""Picking answers for a part or a takeaway: only what is approved and may be quoted, its line applied already."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.analysis.disclosure import release_themes
from consult.core.errors import NotFound, Refused
from consult.core.text import unstorable
from consult.moderation.published import printed
from consult.permissions import Permission
from consult.reports.composing import actions
from consult.reports.composing.picking import offer
from consult.reports.composing.queries import Place, picked_for
from consult.web.desk.composing.forms import PickForm, part_names
from consult.web.desk.composing.takeaways import takeaway_of
from consult.web.desk.composing.writing import part_of
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires

LONGEST_SEARCH = 100


@desk.get("/<slug>/report/compose/<part>/quotes")
@requires(Permission.COMPOSE)
def part_quotes(scope: Scope, part: str) -> ResponseReturnValue:
    section = part_of(scope, part)
    return _page(scope, section, PickForm(formdata=None), part_names().get(part, section.heading))


@desk.post("/<slug>/report/compose/<part>/quotes")
@requires(Permission.COMPOSE)
def part_pick(scope: Scope, part: str) -> ResponseReturnValue:
    part_of(scope, part)
    section = actions.kept(scope.session, scope.consultation, part)
    if section is None:
        raise NotFound("The report has no such part any more.")
    title = part_names().get(part, section.heading)
    return _picked(
        scope, section, title, url_for("desk.part_quotes", slug=scope.consultation.slug, part=part)
    )


@desk.get("/<slug>/report/takeaways/<takeaway_id>/quotes")
@requires(Permission.COMPOSE)
def takeaway_quotes(scope: Scope, takeaway_id: str) -> ResponseReturnValue:
    found = takeaway_of(scope, takeaway_id)
    return _page(scope, found, PickForm(formdata=None), found.text)


@desk.post("/<slug>/report/takeaways/<takeaway_id>/quotes")
@requires(Permission.COMPOSE)
def takeaway_pick(scope: Scope, takeaway_id: str) -> ResponseReturnValue:
    found = takeaway_of(scope, takeaway_id)
    back = url_for("desk.takeaway_quotes", slug=scope.consultation.slug, takeaway_id=found.id)
    return _picked(scope, found, found.text, back)


def _picked(scope: Scope, place: Place, title: str, back: str) -> ResponseReturnValue:
    form = PickForm()
    if not form.validate():
        return _page(scope, place, form, title), 422
    storable = [one for one in form.wanted.data or [] if not unstorable(one)]
    quotable = printed(scope.session, scope.consultation.id, storable)
    wanted = [one for one in storable if one in quotable]
    try:
        actions.pick(scope.session, place, set(form.shown.data or []), wanted)
    except Refused as error:
        form.form_errors = [words(error)]
        return _page(scope, place, form, title), 409
    return redirect(back, code=303)


def _page(scope: Scope, place: Place, form: PickForm, title: str) -> str:
    meeting, theme = request.args.get("meeting", ""), request.args.get("theme", "")
    sought = request.args.get("search", "")[:LONGEST_SEARCH]
    released = release_themes(scope.session, scope.consultation, scope.rules)
    at = [one.id for one in scope.all_meetings if one.slug == meeting]
    picked = picked_for(scope.session, place) if place.version else []
    of_part = request.view_args is not None and "part" in request.view_args
    return render_template(
        "desk/composing/picking.html",
        **framed(scope, "report"),
        title_of_place=title,
        of_part=of_part,
        place=place,
        form=form,
        offer=offer(
            scope.session, scope.consultation, picked, meeting_ids=at or None, theme=theme, words=sought
        ),
        meetings=[(one.slug, one.short_title) for one in scope.all_meetings],
        titles={one.slug: one.short_title for one in scope.all_meetings},
        themes=[(one.code, one.title) for one in released.codebook],
        chosen={"meeting": meeting, "theme": theme, "search": sought},
        lengths={"short": _("short"), "medium": _("middling"), "long": _("long")},
    )
