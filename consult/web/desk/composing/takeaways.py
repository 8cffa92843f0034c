"""Takeaways: each with the themes that carry it and those against it, how strongly, and answers as evidence."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.analysis.disclosure import ReleasedThemes, release_themes
from consult.core.errors import Invalid, NotFound, Refused, StaleRead
from consult.exports.speaking import share_said
from consult.moderation.published import printed
from consult.permissions import Permission
from consult.reports.composing import actions
from consult.reports.composing.queries import picked_for, takeaway_in
from consult.reports.models import Takeaway
from consult.reports.queries import takeaways_of
from consult.web.desk.composing.forms import ActForm, NewTakeawayForm, TakeawayForm, covering_all
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires


@desk.get("/<slug>/report/takeaways")
@requires(Permission.COMPOSE)
def takeaways(scope: Scope) -> ResponseReturnValue:
    return _list_page(covering_all(scope), NewTakeawayForm(formdata=None))


@desk.post("/<slug>/report/takeaways")
@requires(Permission.COMPOSE)
def takeaway_add(scope: Scope) -> ResponseReturnValue:
    covering_all(scope)
    form = NewTakeawayForm()
    if not form.validate():
        return _list_page(scope, form), 422
    try:
        made = actions.add_takeaway(scope.session, scope.consultation, str(form.text.data), by=scope.user)
    except Refused as error:
        form.text.errors = [words(error)]
        return _list_page(scope, form), 409
    return redirect(url_for("desk.takeaway", slug=scope.consultation.slug, takeaway_id=made.id), code=303)


@desk.get("/<slug>/report/takeaways/<takeaway_id>")
@requires(Permission.COMPOSE)
def takeaway(scope: Scope, takeaway_id: str) -> ResponseReturnValue:
    found = takeaway_of(scope, takeaway_id)
    return _page(scope, found, _read(found))


@desk.post("/<slug>/report/takeaways/<takeaway_id>")
@requires(Permission.COMPOSE)
def takeaway_write(scope: Scope, takeaway_id: str) -> ResponseReturnValue:
    found, form = takeaway_of(scope, takeaway_id), TakeawayForm()
    released = release_themes(scope.session, scope.consultation, scope.rules)
    form.themes.choices = form.against.choices = [(one.code, one.title) for one in released.codebook]
    if not form.validate():
        return _page(scope, found, form), 422
    try:
        actions.write_takeaway(
            scope.session,
            found,
            text=str(form.text.data),
            themes=form.themes.data or [],
            against=form.against.data or [],
            read=int(form.read.data or 0),
            by=scope.user,
        )
    except Invalid as error:
        form[error.field].errors = [words(error)]
        return _page(scope, found, form), 422
    except StaleRead as error:
        scope.session.rollback()
        standing = takeaway_of(scope, takeaway_id)
        data = {name: form[name].data for name in ("text", "themes", "against")}
        again = TakeawayForm(formdata=None, data={**data, "read": standing.version})
        again.form_errors = [words(error)]
        return _page(scope, standing, again, standing=standing), 409
    return redirect(url_for("desk.takeaway", slug=scope.consultation.slug, takeaway_id=found.id), code=303)


@desk.post("/<slug>/report/takeaways/<takeaway_id>/place")
@requires(Permission.COMPOSE)
def takeaway_place(scope: Scope, takeaway_id: str) -> ResponseReturnValue:
    found, form, act = takeaway_of(scope, takeaway_id), ActForm(), ""
    if form.validate():
        act = str(form.act.data)
    if act in {"up", "down"}:
        rows = takeaways_of(scope.session, scope.consultation)
        actions.move_takeaway(scope.session, rows, found, up=act == "up")
    elif act == "remove":
        actions.remove_takeaway(scope.session, found, by=scope.user)
    else:
        return _list_page(scope, NewTakeawayForm(formdata=None), acting=form), 422
    return redirect(url_for("desk.takeaways", slug=scope.consultation.slug), code=303)


def takeaway_of(scope: Scope, takeaway_id: str) -> Takeaway:
    """The takeaway of this consultation with that identifier. Raises NotFound, or Forbidden."""
    found = takeaway_in(scope.session, covering_all(scope).consultation, takeaway_id)
    if found is None:
        raise NotFound("There is no such takeaway any more.")
    return found


def _read(found: Takeaway) -> TakeawayForm:
    data = {
        "text": found.text,
        "themes": found.theme_codes,
        "against": found.against_codes,
        "read": found.version,
    }
    return TakeawayForm(formdata=None, data=data)


def _list_page(scope: Scope, form: NewTakeawayForm, *, acting: ActForm | None = None) -> str:
    released = release_themes(scope.session, scope.consultation, scope.rules)
    return render_template(
        "desk/composing/takeaways.html",
        **framed(scope, "report"),
        form=form,
        wrong=acting or form,
        takeaways=takeaways_of(scope.session, scope.consultation),
        themes={theme.code: theme.title for theme in released.codebook},
    )


def _page(scope: Scope, found: Takeaway, form: TakeawayForm, *, standing: Takeaway | None = None) -> str:
    released = release_themes(scope.session, scope.consultation, scope.rules)
    form.themes.choices = form.against.choices = [(one.code, one.title) for one in released.codebook]
    picked = picked_for(scope.session, found)
    quotes = printed(scope.session, scope.consultation.id, picked)
    return render_template(
        "desk/composing/takeaway.html",
        **framed(scope, "report"),
        takeaway=found,
        form=form,
        standing=standing,
        strength=_strength(scope, released, found.theme_codes),
        dissent=_strength(scope, released, found.against_codes),
        quotes=[quotes[one] for one in picked if one in quotes],
        gone=sum(one not in quotes for one in picked),
    )


def _strength(scope: Scope, released: ReleasedThemes, codes: list[str]) -> list[tuple[str, list[str]]]:
    """Theme → a phrase a meeting: what the gate lets be said of it there."""
    titles = {theme.code: theme.title for theme in released.codebook}
    names = {meeting.slug: meeting.short_title for meeting in scope.all_meetings}
    told = []
    for code in codes:
        phrases = [
            _(
                "%(meeting)s: %(word)s, %(share)s",
                meeting=names[table.meeting],
                word=_(share.quantifier),
                share=share_said(share.rounded, _),
            )
            if share.rounded is not None
            else _("%(meeting)s: withheld", meeting=names[table.meeting])
            for table in released.tables
            if table.meeting is not None
            for share in table.shares
            if share.theme == code
        ]
        told.append((titles.get(code, code), phrases))
    return told
