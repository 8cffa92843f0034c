"""Break-glass: who gave one confidential answer. One director asks, another agrees, each reads it once."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from consult.accounts.queries import directors_of_a_party
from consult.consultations.enums import Mode
from consult.core.clock import now
from consult.core.errors import NotFound, Refused
from consult.moderation.actions import (
    LONGEST_REASON,
    TIME_TO_READ,
    agree_to_open,
    ask_to_open,
    read_opened,
)
from consult.moderation.models import LinkOpening
from consult.moderation.queries import ShownOpening, opening_in, openings_of
from consult.permissions import Permission
from consult.responses.models import Answer
from consult.responses.queries import answer_in
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, LongTextField
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal


class ReasonForm(Form):
    """Why. The person who gave the answer reads it as well."""

    reason = LongTextField(
        _l("Reason"),
        [
            InputRequired(_l("Write the reason. The person who gave the answer reads it as well.")),
            Length(max=LONGEST_REASON, message=_l("Shorten the reason to 1000 characters.")),
        ],
    )


class ReadForm(Form):
    """The button that shows it once."""


@dataclass(frozen=True)
class Row:
    """One opening as the list shows it to this director."""

    shown: ShownOpening
    state: str
    may_agree: bool
    of_my_party: bool
    """Whether it waits, and whoever asked and this director came by one another to be directors."""
    may_read: bool
    form: ReasonForm
    field: str
    """The id of its reason, to which the summary of errors leads."""


@desk.get("/<slug>/links")
@requires(Permission.OPEN_LINKS)
def links(scope: Scope) -> ResponseReturnValue:
    return _list_page(scope)


@desk.get("/<slug>/links/<answer_id>")
@requires(Permission.OPEN_LINKS)
def link_ask(scope: Scope, answer_id: str) -> ResponseReturnValue:
    return _ask_page(scope, _answer(scope, answer_id), ReasonForm(formdata=None))


@desk.post("/<slug>/links/<answer_id>")
@requires(Permission.OPEN_LINKS)
def link_ask_submit(scope: Scope, answer_id: str) -> ResponseReturnValue:
    answer, form = _answer(scope, answer_id), ReasonForm()
    if not form.validate():
        return _ask_page(scope, answer, form), 422
    try:
        ask_to_open(scope.session, answer, reason=form.reason.data or "", by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _ask_page(scope, answer, form), 409
    return redirect(url_for("desk.links", slug=scope.consultation.slug, said="asked"), code=303)


@desk.post("/<slug>/links/opening/<opening_id>/agree")
@requires(Permission.OPEN_LINKS)
def link_agree(scope: Scope, opening_id: str) -> ResponseReturnValue:
    opening, form = _opening(scope, opening_id), ReasonForm()
    if not form.validate():
        return _list_page(scope, tried=opening.id, form=form), 422
    try:
        agree_to_open(scope.session, opening, reason=form.reason.data or "", by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _list_page(scope, tried=opening.id, form=form), 409
    return redirect(url_for("desk.links", slug=scope.consultation.slug, said="agreed"), code=303)


@desk.post("/<slug>/links/opening/<opening_id>/read")
@requires(Permission.OPEN_LINKS)
def link_read(scope: Scope, opening_id: str) -> ResponseReturnValue:
    """The one page that shows a person beside an answer. No address leads back to it."""
    opening, form = _opening(scope, opening_id), ReadForm()
    if not form.validate():
        return _list_page(scope, tried=opening.id, form=ReasonForm(formdata=None)), 422
    try:
        opened = read_opened(scope.session, opening, seal=current_seal(), by=scope.user)
    except Refused as error:
        refused = ReasonForm(formdata=None)
        refused.form_errors = [words(error)]
        return _list_page(scope, tried=opening.id, form=refused), 409
    return render_template(
        "desk/links_read.html", **framed(scope, "queue"), opened=opened, answer_id=opening.answer_id
    )


def _list_page(scope: Scope, *, tried: str = "", form: ReasonForm | None = None) -> str:
    at, party = now(), directors_of_a_party(scope.session, scope.consultation.id, scope.user)
    rows = [
        _row(scope, shown, at, party, form if form is not None and shown.opening.id == tried else None)
        for shown in openings_of(scope.session, scope.consultation, scope.meeting_ids)
    ]
    return render_template(
        "desk/links.html",
        **framed(scope, "queue"),
        rows=rows,
        form=form or ReasonForm(formdata=None),
        sealed=scope.rules.mode is Mode.CONFIDENTIAL,
        meetings={meeting.id: meeting for meeting in scope.meetings},
        said={
            "asked": _("It is asked. Another director has 24 hours to agree."),
            "agreed": _("You agreed. You and the director who asked can each read it once, within 24 hours."),
        }.get(request.args.get("said", "")),
    )


def _row(scope: Scope, shown: ShownOpening, at: datetime, party: set[str], form: ReasonForm | None) -> Row:
    opening = shown.opening
    mine, agreed = opening.asked_by == scope.user.id, opening.agreed_at
    read = opening.asker_read_at if mine else opening.agreer_read_at
    waits = agreed is None and at <= opening.expires_at
    concerned = scope.user.id in (opening.asked_by, opening.agreed_by)
    if waits:
        state = _("Waits for another director")
    elif agreed is None:
        state = _("Nobody agreed in time")
    else:
        state = _("Agreed, and the person is told")
    return Row(
        shown,
        state,
        may_agree=waits and opening.asked_by not in party,
        of_my_party=waits and not mine and opening.asked_by in party,
        may_read=agreed is not None and concerned and read is None and at <= agreed + TIME_TO_READ,
        form=form or ReasonForm(formdata=None),
        field="reason" if form else f"reason-{opening.id}",
    )


def _ask_page(scope: Scope, answer: Answer, form: ReasonForm) -> str:
    return render_template(
        "desk/links_ask.html",
        **framed(scope, "queue"),
        form=form,
        answer=answer,
        sealed=scope.rules.mode is Mode.CONFIDENTIAL,
        help_contact=scope.consultation.help_contact,
    )


def _answer(scope: Scope, answer_id: str) -> Answer:
    found = answer_in(scope.session, scope.consultation, scope.meeting_ids, answer_id)
    if found is None:
        raise NotFound("There is no such answer.")
    return found


def _opening(scope: Scope, opening_id: str) -> LinkOpening:
    found = opening_in(scope.session, scope.consultation, scope.meeting_ids, opening_id)
    if found is None:
        raise NotFound("There is no such request.")
    return found
