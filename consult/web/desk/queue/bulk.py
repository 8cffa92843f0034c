"""Deciding on many answers at once: looked over first, then each decided on for itself."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.clock import now
from consult.core.errors import Invalid
from consult.moderation import actions
from consult.moderation.enums import Verdict
from consult.moderation.hints.rules.finding import Found
from consult.moderation.queries import Reading, around, queue_page, readings
from consult.moderation.rules import LEAST_COUNTED
from consult.permissions import Permission
from consult.responses.enums import AnswerState
from consult.web.desk import words as desk_words
from consult.web.desk.frame import framed
from consult.web.desk.queue.answer import printed
from consult.web.desk.queue.bulk_outcome import carried
from consult.web.desk.queue.filtering import Filter, filter_from
from consult.web.desk.queue.forms import BulkForm, ChosenForm
from consult.web.desk.queue.hints import HintLine, hint_lines
from consult.web.desk.queue.page import MOST_AT_ONCE
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires


@dataclass(frozen=True)
class Looked:
    """An answer of a selection as it would be published, and what its decision names as read."""

    value: str
    words: list[tuple[str, str | None]]
    language: str
    meta: str
    href: str
    usable: bool
    hints: list[HintLine]
    """What to look at before it is published; the words are taken out at the answer itself."""


@desk.post("/<slug>/queue/selection")
@requires(Permission.MODERATE)
def look_over(scope: Scope) -> ResponseReturnValue:
    chosen = filter_from(scope, request.form)
    form = ChosenForm()
    if not form.validate():
        return _shown(scope, chosen, [], BulkForm(formdata=None), status=422)
    wanted = form.answers.data[:MOST_AT_ONCE]
    if form.everything.data:
        lines = queue_page(scope.session, chosen.pile(scope), after=None, limit=MOST_AT_ONCE)
        wanted = [line.answer_id for line in lines]
    found = readings(scope.session, scope.consultation, scope.meeting_ids, wanted)
    listed = [found[answer_id] for answer_id in wanted if answer_id in found]
    listed = [one for one in listed if one.answer.state is chosen.state]
    return _shown(scope, chosen, listed, BulkForm(formdata=None), status=200 if listed else 422)


@desk.post("/<slug>/queue/selection/decide")
@requires(Permission.MODERATE)
def decide_selection(scope: Scope) -> ResponseReturnValue:
    chosen = filter_from(scope, request.form)
    form = BulkForm()
    read = form.read.data[:MOST_AT_ONCE]
    found = readings(scope.session, scope.consultation, scope.meeting_ids, [item[0] for item in read])
    act = request.form.get("act", "")
    if not form.validate() or act not in set(Verdict) or not read:
        return _shown(scope, chosen, list(found.values()), form, status=422)
    if act == Verdict.REJECT and form.reason.chosen is None:
        form.reason.errors = [_("Choose why these answers are not published.")]
        return _shown(scope, chosen, list(found.values()), form, status=422)
    began = now()
    try:
        decided = actions.decide_each(
            scope.session,
            [(found.get(answer_id), seen, number) for answer_id, seen, number in read],
            Verdict(act),
            by=scope.user,
            reason=form.reason.chosen,
            note=form.note.data or "",
        )
    except Invalid as error:
        form.note.errors = [words(error)]
        return _shown(scope, chosen, list(found.values()), form, status=422)
    return redirect(chosen.list_url(**carried(Verdict(act), decided, began)), code=303)


def _looked(scope: Scope, chosen: Filter, found: Reading, hints: list[Found]) -> Looked:
    revision = found.revision
    return Looked(
        value=f"{found.answer.id}.{revision.hash}.{found.number}",
        words=printed(revision.text or "", found.spans, scope.consultation.language),
        language=revision.language,
        meta=f"{desk_words.language_name(revision.language)} · {desk_words.ATTRIBUTIONS[revision.attribution]}",
        href=chosen.answer_url(found.answer.id),
        usable=revision.attribution >= LEAST_COUNTED,
        hints=hint_lines(revision.text or "", hints, found.spans),
    )


def _shown(
    scope: Scope, chosen: Filter, listed: list[Reading], form: BulkForm, *, status: int
) -> ResponseReturnValue:
    form.reason.offer(desk_words.reasons_offered(scope.consultation))
    waiting = chosen.state is AnswerState.WAITING
    shown = [found.revision.id for found in listed] if waiting else []
    hints = around(scope.session, "", scope.user, revision_ids=shown).hints if shown else {}
    looked = [_looked(scope, chosen, found, hints.get(found.revision.id, [])) for found in listed]
    return render_template(
        "desk/queue/selection.html",
        **framed(scope, "queue"),
        form=form,
        filter=chosen,
        looked=looked,
        unusable=sum(not one.usable for one in looked),
        waiting=waiting,
        most=MOST_AT_ONCE,
        decide_url=url_for("desk.decide_selection", slug=scope.consultation.slug),
    ), status
