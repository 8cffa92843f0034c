"""Cards: one member of staff types what stands on the paper, another compares it. Only then is it an answer."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField

from consult.consultations.kinds import KINDS
from consult.core.errors import Conflict, Invalid, NotFound, Refused, StaleRead
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at
from consult.permissions import Permission
from consult.responses.actions import (
    GivenAnswer,
    confirm_card,
    correct_card,
    discard_card,
    enter_card,
    given_on,
)
from consult.responses.models import PaperCard
from consult.responses.queries import card_at, cards_at, cards_checked, notes_at
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form
from consult.web.guards import Scope, requires
from consult.web.languages import of_answers
from consult.web.participate.form.forms import AnswerForm, answer_form
from consult.web.participate.form.uses import labels, meanings, printed_lines, ways
from consult.web.participate.form.walk import Walk, walk_values
from consult.web.participate.views import shown

SAID = {
    "entered": _l("The card waits. Give the paper to a colleague, who compares it."),
    "confirmed": _l(
        "The card is taken: its answers wait for a moderator. Keep the paper apart, or shred it."
    ),
    "discarded": _l("What was typed from this card is gone."),
    "imported": _l("The answers are taken in and wait for a moderator."),
    "noted": _l("The note waits for a moderator."),
    "taken-back": _l("The note is taken back, and its words are erased."),
}


class CardForm(AnswerForm):
    """What stands on a card. Made for a meeting's askings by `answer_form`."""

    language = SelectField(_l("Language of the card"), validate_choice=False)
    consented = BooleanField(_l("The box for consent is ticked on the card"))
    read = HiddenField()


class CompareForm(Form):
    """The button of whoever compares, with the version that was compared."""

    read = HiddenField()


@dataclass(frozen=True)
class TypedAnswer:
    """One answer of a card as whoever compares reads it."""

    prompt: str
    chosen: tuple[str, ...]
    words: str
    use: str


@desk.get("/<slug>/gathering")
@requires(Permission.MODERATE)
def gathering(scope: Scope) -> ResponseReturnValue:
    meetings = [
        {
            "meeting": meeting,
            "cards": cards_at(scope.session, [meeting.id]),
            "checked": cards_checked(scope.session, [meeting.id]),
            "notes": len(notes_at(scope.session, meeting)),
        }
        for meeting in scope.meetings
    ]
    return render_template(
        "desk/gathering/overview.html",
        **framed(scope, "gathering"),
        meetings=meetings,
        me=scope.user.id,
        may_import=scope.may(Permission.PREPARE),
        said=SAID.get(request.args.get("said", "")),
    )


@desk.get("/<slug>/gathering/<meeting>/card")
@requires(Permission.MODERATE)
def card_new(scope: Scope, meeting: str) -> ResponseReturnValue:
    found = scope.own_meeting(meeting)
    return _entry_page(scope, found, _form(scope, found, fresh=True), None)


@desk.post("/<slug>/gathering/<meeting>/card")
@requires(Permission.MODERATE)
def card_enter(scope: Scope, meeting: str) -> ResponseReturnValue:
    found = scope.own_meeting(meeting)
    form = _form(scope, found)
    if not _complete(form, new=True):
        return _entry_page(scope, found, form, None), 422
    try:
        enter_card(
            scope.session,
            found,
            form.given(str(form.language.data)),
            consented=form.consented.data,
            language=str(form.language.data),
            by=scope.user,
        )
    except (Invalid, Refused) as error:
        form.form_errors.append(words(error))
        return _entry_page(scope, found, form, None), 422
    return _back(scope, "entered")


@desk.get("/<slug>/gathering/cards/<card>")
@requires(Permission.MODERATE)
def card(scope: Scope, card: str) -> ResponseReturnValue:
    return _compare_page(scope, _card(scope, card), CompareForm(formdata=None))


@desk.post("/<slug>/gathering/cards/<card>")
@requires(Permission.MODERATE)
def card_confirm(scope: Scope, card: str) -> ResponseReturnValue:
    found, form = _card(scope, card), CompareForm()
    if not form.validate():
        return _compare_page(scope, found, form), 422
    try:
        confirm_card(scope.session, found, read=_version(form.read.data), by=scope.user)
    except (Invalid, Refused, Conflict, StaleRead) as error:
        form.form_errors.append(words(error))
        return _compare_page(scope, found, form), 409
    return _back(scope, "confirmed")


@desk.get("/<slug>/gathering/cards/<card>/correct")
@requires(Permission.MODERATE)
def card_correct(scope: Scope, card: str) -> ResponseReturnValue:
    found = _card(scope, card)
    meeting = _meeting_of_card(scope, found)
    form = _form(scope, meeting, fresh=True)
    _fill(form, found, given_on(scope.session, found))
    return _entry_page(scope, meeting, form, found)


@desk.post("/<slug>/gathering/cards/<card>/correct")
@requires(Permission.MODERATE)
def card_correct_save(scope: Scope, card: str) -> ResponseReturnValue:
    found = _card(scope, card)
    meeting = _meeting_of_card(scope, found)
    form = _form(scope, meeting)
    if not _complete(form):
        return _entry_page(scope, meeting, form, found), 422
    try:
        correct_card(
            scope.session,
            found,
            form.given(found.language),
            read=_version(form.read.data),
            consented=form.consented.data,
            by=scope.user,
        )
    except (Invalid, Refused, Conflict, StaleRead) as error:
        form.form_errors.append(words(error))
        return _entry_page(scope, meeting, form, found), 409
    return _back(scope, "entered")


@desk.post("/<slug>/gathering/cards/<card>/discard")
@requires(Permission.MODERATE)
def card_discard(scope: Scope, card: str) -> ResponseReturnValue:
    found, form = _card(scope, card), CompareForm()
    if not form.validate():
        return _compare_page(scope, found, form), 422
    discard_card(scope.session, found, by=scope.user)
    return _back(scope, "discarded")


def _card(scope: Scope, card_id: str) -> PaperCard:
    found = card_at(scope.session, scope.meeting_ids, card_id)
    if found is None or found.checked_by is not None:
        raise NotFound("This card is not there any more: it was confirmed, or thrown away.")
    return found


def _meeting_of_card(scope: Scope, found: PaperCard) -> Meeting:
    return next(meeting for meeting in scope.meetings if meeting.id == found.meeting_id)


def _form(scope: Scope, meeting: Meeting, *, fresh: bool = False) -> CardForm:
    form = answer_form(askings_at(scope.session, meeting), scope.rules.ceiling, CardForm, fresh=fresh)
    form.language.choices = of_answers(scope.consultation)
    if not form.language.data:
        form.language.data = scope.consultation.language
    return form


def _complete(form: CardForm, *, new: bool = False) -> bool:
    """Whether the card can be kept; without its tick for consent it cannot, whatever stands on it."""
    good = form.validate()
    if new and form.language.data not in {choice[0] for choice in form.language.iter_choices()}:
        form.language.errors, good = [_("Choose a language.")], False
    if not form.consented.data:
        form.consented.errors = [
            _("Without this tick on the card it is not entered: nobody has said that it may be used.")
        ]
        return False
    return good


def _version(sent: str | None) -> int:
    return int(sent) if sent and sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


def _fill(form: CardForm, found: PaperCard, given: list[GivenAnswer]) -> None:
    by_asking = {answer.asking.id: answer for answer in given}
    form.language.data, form.consented.data = found.language, found.consented
    for item in form.items():
        answer = by_asking.get(item.asking.id)
        if answer is None:
            continue
        item.fill(answer.choices or (), answer.text)
        if item.use is not None:
            item.use.data = answer.attribution.code
        elif "use_closed" in form:
            form["use_closed"].data = answer.attribution.code


def _entry_page(scope: Scope, meeting: Meeting, form: CardForm, found: PaperCard | None) -> str:
    form.readable()
    form.read.data = str(found.version) if found is not None else ""
    walk = Walk(form, scope.consultation.language, whole=True)
    return render_template(
        "desk/gathering/card_entry.html",
        **framed(scope, "gathering"),
        meeting=meeting,
        form=form,
        card=found,
        **walk_values(walk, meeting.short_title),
        meanings=meanings(),
        ways=ways(scope.rules.ceiling),
        lines=printed_lines(scope.consultation, meeting, scope.rules.ceiling),
        giveaways=[],
    )


def _compare_page(scope: Scope, found: PaperCard, form: CompareForm) -> str:
    form.read.data = str(found.version)
    meeting = _meeting_of_card(scope, found)
    return render_template(
        "desk/gathering/card.html",
        **framed(scope, "gathering"),
        meeting=meeting,
        card=found,
        form=form,
        mine=found.entered_by == scope.user.id,
        answers=[_typed(scope, given) for given in given_on(scope.session, found)],
    )


def _typed(scope: Scope, given: GivenAnswer) -> TypedAnswer:
    prompt, _own = shown(given.asking.wording.prompt, scope.consultation.language)
    question = given.asking.question
    chosen = KINDS[question.kind].words(question, given.choices or (), scope.consultation.language)
    return TypedAnswer(prompt, tuple(str(_(one)) for one in chosen), given.text, labels()[given.attribution])


def _back(scope: Scope, said: str) -> ResponseReturnValue:
    return redirect(url_for("desk.gathering", slug=scope.consultation.slug, said=said), code=303)
