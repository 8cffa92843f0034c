"""Suggested themes: what suggests them, those that are sure, taking them together after a look, and the undo."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.analysis.models import Theme
from consult.analysis.queries import theme_by_code, themes_of
from consult.analysis.suggestions import actions, queries
from consult.analysis.suggestions.suggester import ENOUGH, HAS_LEARNING
from consult.core.errors import DomainError, NotFound
from consult.moderation.phrases import removed_words
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.queue.forms import PlacesField
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import Form
from consult.web.guards import Scope, requires

CLUSTERS = 8


class SureForm(Form):
    """The answers that were looked at and are to have the theme."""

    answers = PlacesField()


class UndoForm(Form):
    """A button."""


@desk.get("/<slug>/suggestions")
@requires(Permission.CODE)
def suggestions(scope: Scope) -> ResponseReturnValue:
    return _page(scope)


@desk.get("/<slug>/suggestions/<code>")
@requires(Permission.CODE)
def suggestions_sure(scope: Scope, code: str) -> ResponseReturnValue:
    return _sure_page(scope, _theme(scope, code))


@desk.post("/<slug>/suggestions/<code>")
@requires(Permission.CODE)
def suggestions_accept(scope: Scope, code: str) -> ResponseReturnValue:
    theme, form = _theme(scope, code), SureForm()
    if not form.validate():
        return _sure_page(scope, theme, _("The page was open for long. Press the button again.")), 422
    try:
        actions.accept_sure(
            scope.session, scope.consultation, theme, scope.meeting_ids, form.answers.data, by=scope.user
        )
    except DomainError as error:
        scope.session.rollback()
        return _sure_page(scope, _theme(scope, code), words(error)), status_of(error)
    return redirect(url_for("desk.suggestions", slug=scope.consultation.slug), code=303)


@desk.post("/<slug>/suggestions/undo/<batch_id>")
@requires(Permission.CODE)
def suggestions_undo(scope: Scope, batch_id: str) -> ResponseReturnValue:
    if not UndoForm().validate():
        return _page(scope, _("The page was open for long. Press the button again.")), 422
    actions.undo(scope.session, scope.consultation, batch_id, by=scope.user)
    return redirect(url_for("desk.suggestions", slug=scope.consultation.slug), code=303)


def _theme(scope: Scope, code: str) -> Theme:
    found = theme_by_code(scope.session, scope.consultation, code)
    if found is None or found.retired:
        raise NotFound("There is no such theme in the codebook.")
    return found


def _segments(scope: Scope, segments: list[list[str | None]]) -> list[tuple[str, str | None]]:
    language = scope.consultation.language
    return [(part or "", removed_words(kind, language) if kind else None) for part, kind in segments]


def _page(scope: Scope, problem: str | None = None) -> str:
    session, consultation = scope.session, scope.consultation
    return render_template(
        "desk/coding/suggestions.html",
        **framed(scope, "coding"),
        suggester=queries.suggester_of(session, consultation),
        themes=themes_of(session, consultation),
        counts=queries.sure_counts(session, consultation, scope.meeting_ids, actions.SURE),
        agreed=queries.agreed_with(session, consultation, scope.meeting_ids),
        accepted=queries.acceptances_of(session, consultation),
        clusters=[
            (
                cluster.size,
                [
                    (answer, _segments(scope, parts), language)
                    for answer, parts, language in cluster.exemplars
                ],
            )
            for cluster in queries.clusters_of(session, consultation, scope.meeting_ids)[:CLUSTERS]
        ],
        has_learning=HAS_LEARNING,
        enough=ENOUGH,
        sure=actions.SURE,
        undo_form=UndoForm(formdata=None),
        problem=problem,
    )


def _sure_page(scope: Scope, theme: Theme, problem: str | None = None) -> str:
    return render_template(
        "desk/coding/suggestions_sure.html",
        **framed(scope, "coding"),
        theme=theme,
        answers=[
            (each, _segments(scope, each.segments))
            for each in queries.sure_answers(scope.session, theme, scope.meeting_ids, actions.SURE)
        ],
        sure=actions.SURE,
        form=SureForm(formdata=None),
        problem=problem,
    )
