"""A rapporteur's notes on the discussion of a session, or of a whole meeting."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from consult.core.errors import Invalid, NotFound, Refused
from consult.meetings.models import Meeting
from consult.operations.withdrawal import withdraw_response
from consult.permissions import Permission
from consult.responses.actions import note
from consult.responses.actions.noting import LONGEST_NOTE
from consult.responses.enums import Voiced
from consult.responses.queries import note_at, notes_at
from consult.web.desk.frame import framed
from consult.web.desk.gathering.cards import SAID
from consult.web.desk.views import desk
from consult.web.desk.words import STATES
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form, LongTextField, SelectChoice
from consult.web.guards import Scope, requires
from consult.web.languages import of_answers

WHOLE = ""


class NoteForm(Form):
    """A note, on what, in which language."""

    session = SelectField(_l("About"), validate_choice=False)
    text = LongTextField(_l("Note"), [InputRequired(_l("Write the note."))])
    voiced = SelectField(_l("How widely it was voiced"), default=Voiced.SAID.value)
    position = IntegerField(
        _l("Place in the telling"),
        [Optional(), NumberRange(0, 9999, _l("Write a number from 0 to 9999, or leave it empty."))],
    )
    language = SelectField(_l("Language of the note"), validate_choice=False)


@desk.get("/<slug>/gathering/<meeting>/notes")
@requires(Permission.MODERATE)
def notes(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _page(scope, scope.own_meeting(meeting), NoteForm(formdata=None))


@desk.post("/<slug>/gathering/<meeting>/notes")
@requires(Permission.MODERATE)
def notes_add(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.own_meeting(meeting), NoteForm()
    form.voiced.choices = voiced_choices()
    part = next((one for one in found.sessions if one.id == form.session.data), None)
    good = form.validate()
    if part is None and form.session.data:
        form.session.errors, good = [_("Choose a session of this meeting.")], False
    if form.language.data not in dict(of_answers(scope.consultation)):
        form.language.errors, good = [_("Choose a language.")], False
    if not good:
        return _page(scope, found, form), 422
    try:
        note(
            scope.session,
            found,
            part,
            form.text.data or "",
            language=str(form.language.data),
            by=scope.user,
            voiced=Voiced(str(form.voiced.data)),
            position=form.position.data or 0,
        )
    except (Invalid, Refused) as error:
        form.text.errors = [words(error)]
        return _page(scope, found, form), 422
    return redirect(
        url_for("desk.notes", slug=scope.consultation.slug, meeting=found.slug, said="noted"), code=303
    )


@desk.post("/<slug>/gathering/notes/<note_id>/take-back")
@requires(Permission.MODERATE)
def note_take_back(scope: Scope, note_id: str) -> ResponseReturnValue:
    response = note_at(scope.session, scope.meeting_ids, note_id)
    if response is None:
        raise NotFound("There is no such note.")
    found = next(meeting for meeting in scope.meetings if meeting.id == response.meeting_id)
    form = ButtonForm()
    if not form.validate():
        page = NoteForm(formdata=None)
        page.form_errors = [*form.form_errors, *form.errors.get("csrf_token", [])]
        return _page(scope, found, page), 422
    withdraw_response(scope.session, response, after_cut_off=True)
    return redirect(
        url_for("desk.notes", slug=scope.consultation.slug, meeting=found.slug, said="taken-back"), code=303
    )


def voiced_choices() -> list[SelectChoice]:
    """How widely something was voiced, from nothing said of it to nearly everybody."""
    words_for = {
        Voiced.TOLD: _("Told as the state of things"),
        Voiced.SAID: _("It was said, by how many is not told"),
        Voiced.A_FEW: _("A few said it"),
        Voiced.SOME: _("Some said it"),
        Voiced.MANY: _("Many said it"),
        Voiced.MOST: _("Most said it"),
        Voiced.NEARLY_ALL: _("Nearly all agreed"),
    }
    return [SelectChoice(each.value, words) for each, words in words_for.items()]


def _page(scope: Scope, meeting: Meeting, form: NoteForm) -> str:
    if isinstance(form.text.data, str):
        form.text.data = form.text.data.replace("\x00", "\ufffd")
    form.session.choices = [
        SelectChoice(WHOLE, _("The whole meeting")),
        *(SelectChoice(part.id, part.title) for part in meeting.sessions),
    ]
    form.voiced.choices = voiced_choices()
    form.language.choices = of_answers(scope.consultation)
    if not form.language.data:
        form.language.data = scope.consultation.language
    return render_template(
        "desk/gathering/notes.html",
        **framed(scope, "gathering"),
        meeting=meeting,
        form=form,
        most=LONGEST_NOTE,
        notes=notes_at(scope.session, meeting),
        voiced={choice.value: choice.label for choice in voiced_choices()},
        states=STATES,
        said=SAID.get(request.args.get("said", "")),
    )
