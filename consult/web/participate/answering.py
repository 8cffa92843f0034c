"""The form, and what becomes of it."""

from collections.abc import Sequence

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.consultations.enums import Mode
from consult.consultations.rules import Phase, phase
from consult.core import errors
from consult.core.clock import now
from consult.operations.receipts import as_stored
from consult.participants.actions import decline, stop_reminders
from consult.responses.actions import submit
from consult.responses.queries import has_answered, response_by_submission
from consult.responses.rules import waivable
from consult.web import errors as pages
from consult.web.guards import (
    Invited,
    guest_read_again,
    guest_writing,
    invited,
    invited_before_writing,
    lost_invitation,
)
from consult.web.installation import current_seal, current_settings
from consult.web.pages import instant
from consult.web.participate.by_code.exchanging import exchange_page
from consult.web.participate.form import drafting
from consult.web.participate.form import ticket as tickets
from consult.web.participate.form.forms import AnswerForm, DeclineForm, ExchangeForm, answer_form
from consult.web.participate.form.kept import KeptText, keeping_text, kept_texts, kept_ticket
from consult.web.participate.form.naming import warned_of_self
from consult.web.participate.form.opening import opened_form
from consult.web.participate.form.showing import form_shown
from consult.web.participate.form.uses import giveaways, lines
from consult.web.participate.form.walk import ACT, Walk, turned, warning_at
from consult.web.participate.receipts.own import RECEIPT, own_answer
from consult.web.participate.receipts.standing import as_told, openings_of, shown_answers
from consult.web.participate.views import ground_rules_shown, message, participate, report_address, shown

DONE = {"changed": _l("Your answer was changed"), "same": _l("Nothing was different, so nothing was changed")}
"""What the page of an answer says of what was just done to it, by the word in its address."""


@participate.get("/respond/")
@invited
def respond(guest: Invited) -> ResponseReturnValue:
    if is_told(guest):
        return answered(guest)
    if (closed := phase_page(guest)) is not None:
        return closed
    if guest.rules.mode is Mode.UNLINKED:  # it was another when this browser opened the invitation
        form = ExchangeForm(formdata=None)
        return exchange_page(guest.consultation, guest.meeting, guest.rules, form)
    draft = drafting.draft_of(guest)
    if draft is None:
        return opened_form(guest)
    told = drafting.told(guest, draft, request.args.get("done", ""))
    return form_page(guest, drafting.form_from(guest, draft), told=told)


@participate.post("/respond/")
@keeping_text
@invited_before_writing
def respond_submit(guest: Invited) -> ResponseReturnValue:
    """The form is read before this request waits for its turn to write, which a hundred others wait for too."""
    try:
        return _taken(guest)
    except errors.StaleRead:  # the setting changed between the reading and the writing
        again = guest_read_again()
        return lost_invitation(respond_submit) if again is None else _taken(again)


def _taken(guest: Invited) -> ResponseReturnValue:
    form = invited_form(guest)
    ticket = tickets.read(current_settings().secret_key, guest.invitation.id, form.ticket.data)
    if ticket is not None and request.form.get(ACT) in drafting.ACTS and not is_told(guest):
        return _put_aside(guest_writing(guest), form)
    if (turn := turned(form, guest.consultation.language)) is not None:
        walk, status = turn
        return form_page(guest, form, walk), status
    if ticket is None or warned_of_self(form, giveaways(guest.invitation.participant)):
        return form_page(guest, form, warning_at(form, guest.consultation.language)), 422
    guest = guest_writing(guest)
    try:
        receipt = submit(
            guest.session,
            guest.invitation,
            form.written(),
            submission_key=ticket.key,
            secret_key=current_settings().secret_key,
            seal=current_seal(),
            opened_before_closing=_opened_before_closing(guest, ticket),
            marks=guest.marks,
        )
    except errors.StaleRead:
        raise
    except (errors.Conflict, errors.Refused) as error:
        return _refusal(guest, ticket, error)
    session[RECEIPT] = receipt.code
    return redirect(url_for("participate.receipt"), code=303)


def _put_aside(guest: Invited, form: AnswerForm) -> ResponseReturnValue:
    """What the buttons do that save the text without sending it, or forget what was saved."""
    if not form.validate(only=()):
        return form_page(guest, form), 422
    if request.form.get(ACT) == drafting.FORGET:
        return drafting.forgotten(guest)
    contact = guest.consultation.help_contact
    if guest.invitation.seen_at_desk:
        printed = _("The people who invited you have had your link, so nothing unsent is kept behind it.")
        return kept_page(_("Not saved"), printed, again=True, help_contact=contact), 409
    if phase_page(guest) is not None:
        closed = _("This consultation has closed. Your text was not sent: copy it if you want to keep it.")
        return kept_page(_("Not saved"), closed, help_contact=contact), 409
    return drafting.saved(guest, form)


@participate.get("/respond/rules")
@invited
def ground_rules(guest: Invited) -> ResponseReturnValue:
    text, text_language = shown(guest.rules.rules_text, guest.consultation.language)
    return render_template(
        "participate/rules.html",
        guest=guest,
        rules=ground_rules_shown(text),
        rules_language=text_language,
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )


@participate.post("/respond/decline")
@invited
def decline_submit(guest: Invited) -> ResponseReturnValue:
    if not DeclineForm().validate():
        return redirect(url_for("participate.respond"), code=303)
    (stop_reminders if guest.invitation.seen_at_desk else decline)(guest.session, guest.invitation)
    return redirect(url_for("participate.declined"), code=303)


@participate.get("/respond/declined")
@invited
def declined(guest: Invited) -> ResponseReturnValue:
    if not (guest.invitation.declined or guest.invitation.seen_at_desk):
        return redirect(url_for("participate.respond"), code=303)
    return message(
        _("Noted: you do not wish to answer"),
        _("We will not remind you. Nobody asks for a reason."),
        _("Should you change your mind, your link and your code work until the consultation closes."),
        links=[(url_for("participate.respond"), _("Answer after all"))],
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )


def invited_form(guest: Invited) -> AnswerForm:
    """The form of this invitation's meeting, as its ground rules have it."""
    rules = guest.rules
    return answer_form(guest.askings, rules.ceiling, AnswerForm, beyond=waivable(rules))


def form_page(guest: Invited, form: AnswerForm, walk: Walk | None = None, *, told: str = "") -> str:
    """A page of the form, with whatever it holds; a ticket that is missing or not this invitation's is replaced.

    `told` says of what was saved that this is it.
    """
    secret_key = current_settings().secret_key
    foreign = tickets.read(secret_key, guest.invitation.id, form.ticket.data) is None
    if foreign:
        form.ticket.data = tickets.issue(secret_key, guest.invitation.id)
    form.readable()
    from_elsewhere = foreign and request.method == "POST"
    walk = walk or Walk(form, guest.consultation.language)
    return form_shown(
        guest,
        form,
        walk,
        own_lines=lines(guest),
        own_names=giveaways(guest.invitation.participant),
        tab_key=tickets.tab_key(secret_key, guest.invitation.id),
        from_elsewhere=from_elsewhere,
        kept=_without_a_box(walk) if from_elsewhere else (),
        told=told,
        saves=not guest.invitation.seen_at_desk,
    )


def _without_a_box(walk: Walk) -> list[KeptText]:
    """Words that were sent for which this page of another form has no box."""
    boxes = {ask.item.text.name for ask in walk.items() if ask.item.text is not None}
    return [one for one in kept_texts() if one.shown and one.text.strip() and one.text_name not in boxes]


def phase_page(guest: Invited) -> str | None:
    """What to say where no form can be opened now, or None while it can."""
    consultation, zone = guest.consultation, guest.meeting.time_zone
    at = phase(consultation, guest.rules, now())
    if at is Phase.OPEN:
        return None
    if at is Phase.PREPARING:
        when = (
            _(
                "It opens on %(when)s. Your link and your code will work then.",
                when=instant(consultation.opens_at, zone),
            )
            if consultation.opens_at
            else _("Your link and your code will work once it opens.")
        )
        return message(
            _("Not open yet"),
            consultation.title,
            when,
            help_contact=consultation.help_contact,
            demonstration=consultation.demonstration,
        )
    return message(
        _("This consultation has closed"),
        consultation.title,
        _(
            "It closed on %(when)s. Answers that came in until then are kept.",
            when=instant(consultation.closes_at, zone) if consultation.closes_at else "",
        ),
        links=[
            (url_for("participate.receipt_lookup"), _("I have a receipt code")),
            (url_for("public.story", slug=consultation.slug), _("What was asked, and what came of it")),
        ],
        help_contact=consultation.help_contact,
        demonstration=consultation.demonstration,
    )


def stands(guest: Invited) -> bool:
    """Whether an answer of this invitation stands, so that no other can be given."""
    return has_answered(guest.session, guest.invitation, guest.rules.mode, current_seal())


def is_told(guest: Invited) -> bool:
    """Whether this browser learns by looking that an answer stands: through a link that the desk has had, not.

    The desk would look through all of them. Who sends an answer by such a link is told, and that takes the one answer.
    """
    if guest.invitation.seen_at_desk and own_answer(guest) is None:
        return False
    return stands(guest)


def answered(guest: Invited, kept: Sequence[KeptText] = ()) -> str:
    """The answer that is in, and what can be done with it. A text that came too late is shown to copy."""
    own = own_answer(guest)
    stored = as_stored(guest.session, own) if own else None
    return render_template(
        "participate/answered.html",
        guest=guest,
        stored=stored,
        shown=shown_answers(stored) if stored else [],
        openings=openings_of(stored) if stored else [],
        done=DONE.get(request.args.get("done", "")),
        kept=[item for item in kept if item.shown and item.text.strip()],
        has_receipt=RECEIPT in session,
        report_address=report_address(guest.consultation),
        help_contact=guest.consultation.help_contact,
        demonstration=guest.consultation.demonstration,
    )


def kept_page(
    heading: str, sentence: str, *, again: bool = False, stored: Sequence[str] = (), help_contact: str = ""
) -> str:
    """A refusal with the text in a box to copy, and with a button to send it again where that can help."""
    return render_template(
        "participate/kept.html",
        heading=heading,
        sentence=sentence,
        kept=kept_texts(),
        ticket=kept_ticket(),
        again=again,
        stored=stored,
        help_contact=help_contact,
        form=DeclineForm(formdata=None),
    )


@participate.errorhandler(errors.Unavailable)
@participate.errorhandler(errors.Conflict)
def keep_through_error(error: errors.DomainError) -> ResponseReturnValue:
    """What the database refused at the very end: the text comes back, with a button to send it again."""
    status = pages.status_of(error)
    if request.endpoint == "participate.respond_submit":
        return kept_page(_("Not sent yet"), pages.words(error), again=True), status
    if kept_texts():
        return kept_page(_("Not saved"), pages.words(error)), status
    return message(_("Not done"), pages.words(error)), status


def _opened_before_closing(guest: Invited, ticket: tickets.Ticket) -> bool:
    closes_at = guest.consultation.closes_at
    return closes_at is None or ticket.opened_at < closes_at


def _refusal(
    guest: Invited, ticket: tickets.Ticket, error: errors.Conflict | errors.Refused
) -> ResponseReturnValue:
    """Why the words were not taken, with the words to copy; where others came under the same key, both texts."""
    contact = guest.consultation.help_contact
    if not isinstance(error, errors.Conflict):
        if is_told(guest) or (stands(guest) and phase_page(guest) is None):
            return answered(guest, kept_texts()), 409
        return kept_page(_("Your answer was not sent"), pages.words(error), help_contact=contact), 409
    earlier = response_by_submission(guest.session, ticket.key)
    stored = as_told(as_stored(guest.session, earlier)) if earlier else []
    page = kept_page(
        _("This form was sent before"),
        pages.words(error),
        stored=stored,
        help_contact=contact,
    )
    return page, 409
