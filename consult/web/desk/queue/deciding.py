"""The queue: reading one answer after another, and deciding."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.clock import now
from consult.core.errors import Invalid, NotFound, Refused, StaleRead
from consult.moderation import actions
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.queries import Reading, line_after, next_line, reading
from consult.moderation.rules import LEAST_COUNTED, checked_spans
from consult.permissions import Permission
from consult.responses.enums import AnswerState
from consult.web.desk import words as desk_words
from consult.web.desk.frame import framed
from consult.web.desk.queue.alike import alike, decide_the_same, held_with
from consult.web.desk.queue.answer import conflict_with, just_done, shown_answer, standing
from consult.web.desk.queue.bulk_outcome import carried, outcome
from consult.web.desk.queue.filtering import Filter, filter_from
from consult.web.desk.queue.forms import DecisionForm, NoteForm, SpansField, ViewForm
from consult.web.desk.queue.page import OPEN, QueuePage
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires

DONE = "done"
"""In the address: the answer that was just decided on, so that its undo stands on the next page."""


@desk.get("/<slug>/queue")
@requires(Permission.MODERATE)
def queue(scope: Scope) -> ResponseReturnValue:
    chosen = filter_from(scope, request.args)
    page = QueuePage(scope, chosen)
    found = page.read(page.lines[0].answer_id) if page.lines else None
    return _shown(page, found, form=_fresh(scope, found), phone="list")


@desk.get("/<slug>/queue/<answer_id>")
@requires(Permission.MODERATE)
def queue_answer(scope: Scope, answer_id: str) -> ResponseReturnValue:
    chosen = filter_from(scope, request.args)
    found = _found(scope, answer_id)
    page = QueuePage(scope, chosen, found)
    if DONE in request.args and page.look_around(found).others:
        return _on_to_a_free_one(page, found)
    return _shown(page, found, form=_fresh(scope, found))


@desk.post("/<slug>/queue/<answer_id>/decide")
@requires(Permission.MODERATE)
def decide(scope: Scope, answer_id: str) -> ResponseReturnValue:
    form = DecisionForm()
    others = held_with(scope, answer_id, form)
    found = _found(scope, answer_id, held=True)
    form.reason.offer(desk_words.reasons_offered(scope.consultation))
    chosen = filter_from(scope, request.form)
    if form.read.data != found.revision.hash or form.decisions_seen != found.number:
        return _conflict(scope, chosen, found, form)
    if dropped := request.form.get("drop"):
        form.spans.data = [span for span in form.spans.data if SpansField.value_of(span) != dropped]
    if hinted := request.form.get("take"):
        form.spans.add(hinted)
    act = "drop" if dropped or hinted else request.form.get("act", "")
    if not form.validate() or not _prepared(form, act, found):
        return _shown(QueuePage(scope, chosen, found), found, form=form, status=422)
    if act not in set(Verdict):
        return _shown(QueuePage(scope, chosen, found), found, form=form, said=_taken_out(form))
    return _given(scope, chosen, found, form, Verdict(act), others=others)


def _found(scope: Scope, answer_id: str, *, held: bool = False) -> Reading:
    found = reading(scope.session, scope.consultation, scope.meeting_ids, answer_id, held=held)
    if found is None:
        raise NotFound("There is no such answer, or it was given at a meeting that is not yours.")
    if found.answer.state is AnswerState.WITHDRAWN:
        raise NotFound("This answer was withdrawn by the person who gave it. Go back to the queue.")
    return found


def _fresh(scope: Scope, found: Reading | None) -> DecisionForm | None:
    """The form of an answer as it stands now."""
    if found is None:
        return None
    unused = found.revision.attribution < LEAST_COUNTED
    form = DecisionForm(
        formdata=None,
        data={
            **_as_read(found),
            "spans": found.spans,
            "reason": RejectReason.NOT_FOR_USE.value if unused else "",
        },
    )
    form.reason.offer(desk_words.reasons_offered(scope.consultation))
    return form


def _as_read(found: Reading) -> dict[str, str]:
    return {"read": found.revision.hash, "read_number": str(found.number)}


def _prepared(form: DecisionForm, act: str, found: Reading) -> bool:
    """Bring the redactions up to date. False, with a sentence at the field, where the page must come back."""
    text = found.revision.text or ""
    overlooked = act == Verdict.APPROVE and bool(form.words.data)
    if (act == "redact" or overlooked) and not form.take_out(text):
        return False
    try:
        form.spans.data = list(checked_spans(text, form.spans.data))
    except Invalid as error:
        form.spans.data = list(standing(text, form.spans.data))
        return form.refuse(form.spans, words(error))
    if act == "redact" or overlooked:
        form.clear_selection()
    if overlooked:
        return form.refuse(
            form.spans,
            words(Invalid("The words you ticked are now taken out. Look at the result, then approve it.")),
        )
    return True


def _taken_out(form: DecisionForm) -> str:
    """What somebody hears who does not see the two sides."""
    places = len(form.spans.data)
    if not places:
        return str(_("Every word stays. Approve it as shown, or go on."))
    return str(
        ngettext(
            "Taken out in %(num)s place. Approve it as shown, or go on.",
            "Taken out in %(num)s places. Approve it as shown, or go on.",
            places,
        )
    )


def _given(
    scope: Scope, chosen: Filter, found: Reading, form: DecisionForm, verdict: Verdict, *, others: list[str]
) -> ResponseReturnValue:
    """Carry a verdict out; where it cannot be, show the page again with everything typed."""
    began = now()
    try:
        actions.decide(
            scope.session,
            found.answer,
            verdict,
            read=form.read.data or "",
            read_number=form.decisions_seen,
            by=scope.user,
            reason=form.chosen_reason,
            note=form.note.data or "",
            redactions=form.spans.data if verdict is Verdict.APPROVE else (),
            held=found,
        )
    except StaleRead:
        return _conflict(scope, chosen, _found(scope, found.answer.id), form)
    except Invalid as error:
        form.refuse(form[error.field or "note"], words(error))
        return _shown(QueuePage(scope, chosen, found), found, form=form, status=422)
    except Refused as error:
        page = QueuePage(scope, chosen, found)
        return _shown(page, found, form=form, status=409, refused=words(error))
    if others and verdict is not Verdict.REOPEN:
        decided = decide_the_same(scope, others, form, verdict)
        decided.done.append(found.answer.id)
        return redirect(_onward(scope, chosen, found, verdict, carried(verdict, decided, began)), code=303)
    return redirect(_onward(scope, chosen, found, verdict, {DONE: found.answer.id}), code=303)


def _onward(scope: Scope, chosen: Filter, found: Reading, verdict: Verdict, outcome: dict[str, str]) -> str:
    """Back to the answer after a reversal, else to the next one in the same pile; the address says what was done.

    What was approved once goes on waiting: there the end of the list is the end, where else it begins anew.
    """
    if verdict is Verdict.REOPEN:
        return chosen.answer_url(found.answer.id, **outcome)
    pile = chosen.pile(scope)
    onward = line_after if scope.consultation.second_approval and not chosen.second else next_line
    following = onward(scope.session, pile, pile.place_of(found))
    if following is None:
        return chosen.list_url(**outcome)
    return chosen.answer_url(following.answer_id, **outcome)


def _on_to_a_free_one(page: QueuePage, found: Reading) -> ResponseReturnValue:
    """Whoever comes from a decision is led past an answer that somebody else has open, where there is another."""
    _before, behind = page.neighbours(found)
    if behind is None or behind in page.around.elsewhere or found.answer.id == request.args.get(DONE):
        return _shown(page, found, form=_fresh(page.scope, found))
    return redirect(page.filter.answer_url(behind, **{DONE: request.args[DONE]}), code=303)


def _conflict(scope: Scope, chosen: Filter, found: Reading, form: DecisionForm) -> ResponseReturnValue:
    """Show what was read and decided beside what stands now, with everything typed kept for deciding anew."""
    page = QueuePage(scope, chosen, found)
    conflict = conflict_with(scope, form, request.form.get("act", ""), found)
    form.read.data, form.read_number.data = _as_read(found).values()
    if conflict.words_changed or found.answer.state is not AnswerState.WAITING:
        form.spans.data = list(found.spans)
        form.clear_selection()
    return _shown(page, found, form=form, status=409, conflict=conflict)


def _shown(
    page: QueuePage,
    found: Reading | None,
    *,
    form: DecisionForm | None,
    status: int = 200,
    phone: str = "detail",
    **more: object,
) -> ResponseReturnValue:
    around = page.look_around(found)
    values = framed(
        page.scope,
        "queue",
        page=page,
        shown=shown_answer(
            page.scope,
            page.filter,
            found,
            form.spans.data if form else [],
            page.neighbours(found),
            around=around,
        )
        if found
        else None,
        done=just_done(page.scope, page.filter, request.args.get(DONE)) if request.method == "GET" else None,
        bulk=outcome(page.scope, request.args) if request.method == "GET" else None,
        form=form,
        note_form=NoteForm(formdata=None),
        view_form=ViewForm(formdata=None),
        phone=phone,
        alike=alike(page, found) if found else None,
        panel=request.args.get("panel") == OPEN,
        words=desk_words,
        **{"conflict": None, "refused": None, "said": None, **more},
    )
    return render_template("desk/queue/queue.html", **values), status
