"""Changing and withdrawing an answer: through the invitation that gave it, or with its receipt code in the body."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core import errors
from consult.meetings.models import Asking
from consult.operations.receipts import StoredResponse, UnusedCode, as_stored, stored_response
from consult.operations.withdrawal import change_answers, withdraw_response
from consult.participants.models import Participant
from consult.responses.enums import Source
from consult.responses.queries import standing_revisions
from consult.responses.rules import standing_hash, waivable
from consult.web import errors as pages
from consult.web.guards import Invited, anyone, invited
from consult.web.installation import current_seal
from consult.web.participate.answering import kept_page
from consult.web.participate.form.forms import ChangeForm, CodeForm, answer_form
from consult.web.participate.form.kept import keeping_text
from consult.web.participate.form.naming import warned_of_naming, warned_of_roster, warned_of_self
from consult.web.participate.form.uses import furthest, giveaways, meanings, printed_lines, ways
from consult.web.participate.form.walk import Walk, today_in_words, turned
from consult.web.participate.receipts.own import RECEIPT, own_answer
from consult.web.participate.receipts.page import looked_up, stored_page
from consult.web.participate.receipts.standing import shown_answers
from consult.web.participate.views import language, message, participate
from consult.web.transactions import Session, current_session


@dataclass(frozen=True)
class Held:
    """A response in the hands of its author, and how they came by it: a code, or else their own invitation."""

    session: Session
    stored: StoredResponse
    code: str = ""
    person: Participant | None = None

    def askings(self) -> Sequence[Asking]:
        """What can be written to: all that is asked, without what was withdrawn."""
        withdrawn = {answer.question_id for answer in self.stored.answers if answer.erased}
        return [asking for asking in self.stored.askings if asking.question_id not in withdrawn]

    def form(self, askings: Sequence[Asking], *, fresh: bool = False) -> ChangeForm:
        """Where nothing about a person was kept, there is nothing more that a waiver could let it say."""
        by_link = self.stored.response.source is Source.LINK
        beyond = waivable(self.stored.rules) if by_link else ()
        return answer_form(askings, self.stored.rules.ceiling, ChangeForm, beyond=beyond, fresh=fresh)

    def seen(self) -> str:
        return standing_hash(standing_revisions(self.stored.response))


View = Callable[[Held], ResponseReturnValue]


def by_invitation(view: View) -> Callable[[], ResponseReturnValue]:
    """Let in the invitation whose answer stands; without one there is nothing to change."""

    @wraps(view)
    def held(guest: Invited) -> ResponseReturnValue:
        own = own_answer(guest)
        stored = as_stored(guest.session, own) if own and guest.invitation.answered else None
        if stored is None or stored.withdrawn:
            return redirect(url_for("participate.respond"), code=303)
        return view(Held(guest.session, stored, person=guest.invitation.participant))

    return invited(held)


def by_code(view: View) -> Callable[[], ResponseReturnValue]:
    """Let in whoever sends the receipt code of a response that stands.

    What only shows needs no form token; what acts checks it with its own form, which keeps what was typed.
    """

    @wraps(view)
    def held() -> ResponseReturnValue:
        form = CodeForm()
        found = looked_up(form, token=False)
        if isinstance(found, UnusedCode):
            return redirect(url_for("participate.receipt_lookup"), code=303)
        if not isinstance(found, StoredResponse):
            return found
        if found.withdrawn:
            return stored_page(found, form.code.data or "")
        return view(Held(current_session(), found, code=form.code.data or ""))

    return anyone(held)


@participate.get("/respond/change")
@by_invitation
def change(held: Held) -> ResponseReturnValue:
    return _form_page(held, _filled(held))


@participate.post("/respond/change")
@keeping_text
@by_invitation
def change_submit(held: Held) -> ResponseReturnValue:
    return _changed(held)


@participate.get("/respond/withdraw")
@by_invitation
def withdraw(held: Held) -> ResponseReturnValue:
    return _sure_page(held, ChangeForm(formdata=None))


@participate.post("/respond/withdraw")
@invited
def withdraw_submit(guest: Invited) -> ResponseReturnValue:
    own = own_answer(guest)
    if own is None or not guest.invitation.answered:
        back = "participate.respond" if guest.invitation.seen_at_desk else "participate.withdrawn"
        return redirect(url_for(back), code=303)
    form = ChangeForm()
    if not form.validate():
        return _sure_page(Held(guest.session, as_stored(guest.session, own)), form), 422
    withdraw_response(guest.session, own, invitation=guest.invitation, seal=current_seal())
    session.pop(RECEIPT, None)
    return redirect(url_for("participate.withdrawn"), code=303)


@participate.get("/respond/withdrawn")
@invited
def withdrawn(guest: Invited) -> ResponseReturnValue:
    withdrawn = guest.invitation.declined and not guest.invitation.answered
    if not (withdrawn or guest.invitation.seen_at_desk):
        return redirect(url_for("participate.respond"), code=303)
    return message(
        _("Your answer is withdrawn"),
        _(
            "Its words are erased, and it is used nowhere. Where a report had quoted it, a mark stands instead."
        ),
        _("We will not remind you. Should you wish to answer anew, your link works until the closing."),
        links=[(url_for("participate.respond"), _("Answer anew"))],
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )


@participate.post("/receipt/form")
@by_code
def receipt_form(held: Held) -> ResponseReturnValue:
    return _form_page(held, _filled(held))


@participate.post("/receipt/change")
@by_code
def receipt_change(held: Held) -> ResponseReturnValue:
    return _changed(held)


@participate.post("/receipt/sure")
@by_code
def receipt_sure(held: Held) -> ResponseReturnValue:
    return _sure_page(held, ChangeForm(formdata=None, code=held.code))


@participate.post("/receipt/withdraw")
@by_code
def receipt_withdraw(held: Held) -> ResponseReturnValue:
    form = ChangeForm()
    if not form.validate():
        return _sure_page(held, form), 422
    try:
        withdraw_response(held.session, held.stored.response)
    except errors.Refused:
        return stored_page(_again(held), held.code), 409
    return stored_page(_again(held), held.code, _("Your answer is withdrawn"))


def _changed(held: Held) -> ResponseReturnValue:
    """Carry a change out, or show the form again with everything typed."""
    askings = held.askings()
    form = held.form(askings)
    turn = turned(form, held.stored.consultation.language, whole=True)
    if turn is not None or _warned(held, form):
        return _form_page(held, form), turn[1] if turn else 422
    given = form.written(blanks=True)
    try:
        made = change_answers(held.session, held.stored.response, given, seen=form.seen.data or "")
    except errors.StaleRead as error:
        held = replace(held, stored=as_stored(held.session, held.stored.response))
        form.seen.data = held.seen()
        return _form_page(held, form, stale=pages.words(error)), 409
    except errors.Invalid as error:
        form.form_errors = [pages.words(error)]
        return _form_page(held, form), 422
    except errors.Refused as error:
        contact = held.stored.consultation.help_contact
        return kept_page(_("Your change was not saved"), pages.words(error), help_contact=contact), 409
    if held.code:
        note = _("Your answer was changed") if made.changed else _("Nothing was different")
        return stored_page(_again(held), held.code, note)
    done = "changed" if made.changed else "same"
    return redirect(url_for("participate.respond", done=done), code=303)


def _warned(held: Held, form: ChangeForm) -> bool:
    """Whether new words name somebody: with a code alone anybody on the roster, else the person themselves."""
    if held.person is not None:
        return warned_of_self(form, giveaways(held.person))
    if held.stored.response.source is Source.JOIN_CODE:
        return warned_of_naming(form, language())
    return warned_of_roster(held.session, held.stored.consultation, form, language())


def _again(held: Held) -> StoredResponse:
    found = stored_response(held.session, held.code)
    if found is None:
        raise errors.NotFound("There is no such answer.")
    return found


def _filled(held: Held) -> ChangeForm:
    """The form with what stands."""
    askings = held.askings()
    form = held.form(askings, fresh=True)
    standing = {answer.question_id: answer for answer in held.stored.answers}
    form.seen.data, form.code.data = held.seen(), held.code
    for item in form.items():
        answer = standing.get(item.asking.question_id)
        if answer is None:
            continue
        item.fill(answer.choices, answer.text)
        if item.use is not None:
            item.use.data = answer.attribution.code
            if item.waiver is not None:
                item.waiver.data = answer.waived_on is not None
        elif answer.closed:
            form["use_closed"].data = answer.attribution.code
    return form


def _form_page(held: Held, form: ChangeForm, *, stale: str = "") -> str:
    stored = held.stored
    form.readable()
    if not stored.may_change:
        return kept_page(
            _("This consultation has closed"),
            _("Nothing can be changed here any more. Ask the people who invited you."),
            help_contact=stored.consultation.help_contact,
        )
    by_question = {answer.stored.question_id: answer for answer in shown_answers(stored)}
    return render_template(
        "participate/change.html",
        stored=stored,
        form=form,
        stale=stale,
        standing=[answer for answer in by_question.values() if not answer.stored.erased] if stale else [],
        walk=Walk(form, stored.consultation.language, whole=True),
        today=today_in_words(),
        meanings=meanings(),
        ways=ways(furthest(stored.rules)),
        lines=printed_lines(
            stored.consultation,
            stored.meeting,
            furthest(stored.rules),
            role_label=stored.response.role_label or "",
            country_group=stored.response.country_group or "",
        ),
        giveaways=giveaways(held.person) if held.person else [],
        action=url_for("participate.receipt_change" if held.code else "participate.change_submit"),
        help_contact=stored.consultation.help_contact,
        demonstration=stored.consultation.demonstration,
    )


def _sure_page(held: Held, form: ChangeForm) -> str:
    stored = held.stored
    return render_template(
        "participate/withdraw.html",
        stored=stored,
        form=form,
        code=held.code,
        action=url_for("participate.receipt_withdraw" if held.code else "participate.withdraw_submit"),
        help_contact=stored.consultation.help_contact,
        demonstration=stored.consultation.demonstration,
    )
