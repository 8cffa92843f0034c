"""Coding part of the answers a second time without seeing the first, how far both agree, and settling the rest."""

from itertools import zip_longest

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField

from consult.analysis.agreement import actions, queries
from consult.analysis.agreement.rules import COHEN, FEWEST, KRIPPENDORFF, SAMPLE_F1, USUAL_PERCENT
from consult.analysis.marking import progress_by_coder
from consult.analysis.queries import codable_answer, piles, theme_by_code, themes_of
from consult.core.errors import DomainError, Invalid, NotFound, StaleRead
from consult.moderation.phrases import removed_words
from consult.permissions import Permission
from consult.responses.models import Revision
from consult.responses.queries import answer_in
from consult.web.desk.coding.page import KEYS
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import Form
from consult.web.guards import Scope, requires

SHOWN = 20


class SampleForm(Form):
    """How many answers in a hundred are coded twice."""

    percent = StringField(_l("Answers coded twice, in a hundred"))


class AgainForm(Form):
    """The themes that a second coder gives."""

    revision = HiddenField()
    themes = SelectMultipleField(_l("Themes"), validate_choice=False)


class SettleForm(Form):
    """Whether a theme applies."""

    applies = StringField()


@desk.get("/<slug>/agreement")
@requires(Permission.CODE)
def agreement(scope: Scope) -> ResponseReturnValue:
    return _page(scope)


@desk.post("/<slug>/agreement/sample")
@requires(Permission.KEEP_CODEBOOK)
def agreement_sample(scope: Scope) -> ResponseReturnValue:
    form = SampleForm()
    given = (form.percent.data or "").strip()
    if not form.validate():
        return _page(scope, form), 422
    try:
        if not (given.isascii() and given.isdigit() and len(given) < 4):
            raise Invalid("Give a whole number from 0 to 100.", field="percent")
        actions.code_twice(scope.session, scope.consultation, int(given), by=scope.user)
    except Invalid as error:
        form.percent.errors = [words(error)]
        return _page(scope, form), 422
    return redirect(url_for("desk.agreement", slug=scope.consultation.slug), code=303)


@desk.get("/<slug>/coding/again")
@requires(Permission.CODE)
def code_again(scope: Scope) -> ResponseReturnValue:
    return _again_page(scope)


@desk.post("/<slug>/coding/<answer_id>/again")
@requires(Permission.CODE)
def code_again_save(scope: Scope, answer_id: str) -> ResponseReturnValue:
    if answer_in(scope.session, scope.consultation, scope.meeting_ids, answer_id) is None:
        raise NotFound("There is no such answer, or it was given at a meeting that is not yours.")
    form, answer = (
        AgainForm(),
        codable_answer(scope.session, scope.consultation, scope.meeting_ids, answer_id),
    )
    themes = themes_of(scope.session, scope.consultation)
    if answer is None or form.revision.data != answer.revision_id:
        raise StaleRead("The words have changed since you read them. Read them again, then choose themes.")
    if not form.validate():
        return _again_page(scope, ticked=form.themes.data or []), 422
    chosen = [theme for theme in themes if theme.code in (form.themes.data or [])]
    revision = scope.session.get_one(Revision, answer.revision_id)
    actions.read_again(scope.session, revision, chosen, themes, by=scope.user)
    return redirect(url_for("desk.code_again", slug=scope.consultation.slug), code=303)


@desk.post("/<slug>/agreement/<answer_id>/<code>")
@requires(Permission.KEEP_CODEBOOK)
def settle(scope: Scope, answer_id: str, code: str) -> ResponseReturnValue:
    theme = theme_by_code(scope.session, scope.consultation, code)
    answer = codable_answer(scope.session, scope.consultation, scope.meeting_ids, answer_id)
    if theme is None or answer is None:
        raise NotFound("There is no such answer or no such theme.")
    form = SettleForm()
    if not form.validate() or form.applies.data not in {"yes", "no"}:
        return _page(scope, problem=str(_("Say whether the theme applies."))), 422
    try:
        revision = scope.session.get_one(Revision, answer.revision_id)
        actions.adjudicate(scope.session, revision, theme, applies=form.applies.data == "yes", by=scope.user)
    except DomainError as error:
        scope.session.rollback()
        return _page(scope, problem=words(error)), status_of(error)
    return redirect(url_for("desk.agreement", slug=scope.consultation.slug, _anchor="settle"), code=303)


def _segments(scope: Scope, segments: list[list[str | None]]) -> list[tuple[str, str | None]]:
    language = scope.consultation.language
    return [(part or "", removed_words(kind, language) if kind else None) for part, kind in segments]


def _page(scope: Scope, form: SampleForm | None = None, problem: str | None = None) -> str:
    session, consultation = scope.session, scope.consultation
    percent = queries.percent_coded_twice(session, consultation)
    open_ = queries.disagreements(session, consultation, scope.meeting_ids)
    shown = []
    for each in open_[:SHOWN]:
        answer = codable_answer(session, consultation, scope.meeting_ids, each.answer_id)
        if answer is not None:
            shown.append((each, _segments(scope, answer.segments), answer.language))
    coded = progress_by_coder(session, consultation, scope.meeting_ids)
    _answer, left = queries.next_to_read_again(session, consultation, scope.meeting_ids, scope.user)
    if form is None:
        form = SampleForm(formdata=None, data={"percent": str(percent or USUAL_PERCENT)})
    return render_template(
        "desk/coding/agreement.html",
        **framed(scope, "coding"),
        form=form,
        percent=percent,
        measured=queries.agreement(session, consultation, scope.meeting_ids),
        titles={theme.id: theme.title for theme in themes_of(session, consultation)},
        formulas=(COHEN, KRIPPENDORFF, SAMPLE_F1),
        fewest=FEWEST,
        disagreements=shown,
        unsettled=len(open_),
        left=left,
        coders=sorted({name for name, _meeting in coded}),
        coded=coded,
        meetings=scope.meetings,
        piles={pile.meeting_id: pile for pile in piles(session, consultation, scope.meeting_ids)},
        may_keep=scope.may(Permission.KEEP_CODEBOOK),
        settle_form=SettleForm(formdata=None),
        problem=problem,
    )


def _again_page(scope: Scope, ticked: list[str] | None = None) -> str:
    answer, left = queries.next_to_read_again(
        scope.session, scope.consultation, scope.meeting_ids, scope.user
    )
    form = AgainForm(formdata=None, data={"revision": answer.revision_id if answer else ""})
    themes = themes_of(scope.session, scope.consultation)
    return render_template(
        "desk/coding/again.html",
        **framed(scope, "coding"),
        answer=answer,
        left=left,
        form=form,
        ticked=ticked or [],
        segments=_segments(scope, answer.segments) if answer else [],
        themes=list(zip_longest(themes, KEYS[: len(themes)])),
        back=request.path,
    )
