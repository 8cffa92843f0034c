"""Figures: themes compared between meetings, answers to closed questions, tables that were released, a first draft."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.analysis.disclosure import ReleasedThemes, release_themes
from consult.analysis.disclosure.cells.grids import ReleasedTable
from consult.analysis.disclosure.closed import released_answers
from consult.analysis.disclosure.comparison import Comparison, compare_meetings
from consult.analysis.disclosure.prose import draft_prose
from consult.analysis.disclosure.quantifiers import Flag, flags, may_be_checked
from consult.analysis.disclosure.scales import scale_of, set_scale
from consult.analysis.disclosure.tables import release_table
from consult.analysis.disclosure.themes import released_themes
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.disclosure.told.register import released_table, released_tables
from consult.analysis.rules import Quantifier
from consult.core.errors import Forbidden, Invalid, NotFound
from consult.exports.speaking import voice
from consult.permissions import Permission
from consult.web.desk.figures.page import (
    DraftForm,
    Names,
    ScaleForm,
    TableForm,
    answers_table,
    closed_questions,
    columns_of,
    table_form,
)
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires

LARGEST_NUMBER = 2_000_000_000


@desk.get("/<slug>/figures")
@requires(Permission.READ_REPORT)
def figures(scope: Scope) -> ResponseReturnValue:
    return _page(scope)


@desk.post("/<slug>/figures/tables")
@requires(Permission.FREEZE)
def figures_release(scope: Scope) -> ResponseReturnValue:
    names = Names(scope)
    form = table_form(scope, names)
    if not form.validate():
        return _page(scope, form=form), 422
    try:
        table = release_table(scope.session, scope.consultation, scope.rules, form.request, by=scope.user)
    except Invalid as error:
        form[error.field if error.field in form else "rows"].errors = [words(error)]
        return _page(scope, form=form), 422
    if table.number is None:
        return _table_page(scope, table), 422
    to = url_for("desk.figures_table", slug=scope.consultation.slug, number=table.number)
    return redirect(to, code=303)


@desk.get("/<slug>/figures/tables/<int:number>")
@requires(Permission.READ_REPORT)
def figures_table(scope: Scope, number: int) -> ResponseReturnValue:
    table = None
    if number <= LARGEST_NUMBER and scope.covers_all:
        table = released_table(scope.session, scope.consultation, number)
    if table is None:
        raise NotFound("There is no table with this number.")
    return _table_page(scope, table)


@desk.post("/<slug>/figures/words")
@requires(Permission.FREEZE)
def figures_words(scope: Scope) -> ResponseReturnValue:
    form = ScaleForm()
    if not form.validate():
        return _page(scope, scale_form=form), 422
    try:
        set_scale(scope.session, scope.consultation, form.bounds)
    except Invalid as error:
        form.from_most.errors = [words(error)]
        return _page(scope, scale_form=form), 422
    return redirect(url_for("desk.figures", slug=scope.consultation.slug, _anchor="words"), code=303)


@desk.get("/<slug>/figures/draft")
@requires(Permission.READ_REPORT)
def figures_draft(scope: Scope) -> ResponseReturnValue:
    form = DraftForm(formdata=None)
    if scope.covers_all:
        form.text.data = _drafted(scope)
    return _draft_page(scope, form)


@desk.post("/<slug>/figures/draft")
@requires(Permission.READ_REPORT)
def figures_check(scope: Scope) -> ResponseReturnValue:
    if not scope.covers_all:
        raise Forbidden("These figures cover every meeting. Ask a programme director.")
    form = DraftForm()
    if not form.validate():
        return _draft_page(scope, form), 422
    table = release_themes(scope.session, scope.consultation, scope.rules)
    titles = {theme.code: theme.title for theme in table.codebook}
    carried = {
        each.meeting: {
            titles[share.theme]: Quantifier(share.quantifier) for share in each.shares if share.quantifier
        }
        for each in table.tables
    }
    at = {
        title: carried[meeting.slug]
        for meeting in scope.all_meetings
        for title in (meeting.title, meeting.short_title)
    }
    return _draft_page(
        scope, form, found=flags(str(form.text.data), scope.consultation.language, carried[None], at)
    )


def _drafted(scope: Scope) -> str:
    released = release_themes(scope.session, scope.consultation, scope.rules)
    titles = {meeting.slug: meeting.title for meeting in scope.all_meetings}
    speaking = voice(scope.consultation.language)
    paragraphs = draft_prose(released, titles, scale_of(scope.session, scope.consultation), speaking)
    return "\n\n".join(paragraph.text for paragraph in paragraphs)


def _page(scope: Scope, *, form: TableForm | None = None, scale_form: ScaleForm | None = None) -> str:
    names, scale = Names(scope), scale_of(scope.session, scope.consultation)
    values = {}
    if scope.covers_all:
        publishing = Publishing(scope.session, scope.consultation, scope.rules)
        released = released_themes(publishing)
        values = {
            "released": released,
            "comparison": _compared(scope, released),
            "questions": [
                answers_table(names, question, released_answers(publishing, question))
                for question in closed_questions(scope)
            ],
            "tables": released_tables(scope.session, scope.consultation),
        }
    return render_template(
        "desk/figures/figures.html",
        **framed(scope, "figures"),
        covers_all=scope.covers_all,
        meetings=scope.all_meetings,
        titles={meeting.slug: meeting.short_title for meeting in scope.all_meetings},
        names=names,
        scale=scale,
        form=form or table_form(scope, names, fresh=True),
        scale_form=scale_form or ScaleForm.of(scale),
        may_release=scope.may(Permission.FREEZE) and scope.covers_all,
        **values,
    )


def _compared(scope: Scope, released: ReleasedThemes) -> Comparison | None:
    """The two meetings that the address names, else the first two; None where there are no two."""
    slugs = [meeting.slug for meeting in scope.all_meetings]
    earlier, later = request.args.get("earlier", ""), request.args.get("later", "")
    if earlier not in slugs or later not in slugs or earlier == later:
        if len(slugs) < 2:
            return None
        earlier, later = slugs[:2]
    return compare_meetings(scope.session, scope.consultation, scope.rules, earlier, later, released=released)


def _table_page(scope: Scope, table: ReleasedTable) -> str:
    names = Names(scope)
    return render_template(
        "desk/figures/table.html",
        **framed(scope, "figures"),
        table=table.document,
        number=table.number,
        names=names,
        columns=columns_of(names, table.document),
        base=names.base(table.document),
        missing=names.missing(table.document),
        reasons=names.reasons(table.document, scope.rules.smallest_group),
        titles={meeting.slug: meeting.title for meeting in scope.all_meetings},
    )


def _draft_page(scope: Scope, form: DraftForm, found: list[Flag] | None = None) -> str:
    return render_template(
        "desk/figures/draft.html",
        **framed(scope, "figures"),
        covers_all=scope.covers_all,
        form=form,
        found=found,
        checked=may_be_checked(scope.consultation.language),
        ranges=scale_of(scope.session, scope.consultation).ranges(),
    )
