"""A question's words, at which meetings it is asked and in which of its wordings."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.actions import word_question
from consult.consultations.models import Question
from consult.meetings.actions import ask
from consult.meetings.queries import meetings_in_full
from consult.permissions import Permission
from consult.responses.queries import frozen_questions, unchangeable_meetings
from consult.web.desk.setup.asked_form import asked_form
from consult.web.desk.setup.forms import translated
from consult.web.desk.setup.questions import question_of, question_page, words_form
from consult.web.desk.views import desk
from consult.web.guards import Scope, requires


@desk.post("/<slug>/setup/questions/<question>/words")
@requires(Permission.SET_UP)
def setup_question_words(scope: Scope, question: str) -> ResponseReturnValue:
    form, found = words_form(scope)(), question_of(scope, question)
    if not form.validate():
        return question_page(scope, found, words=form), 422
    session, consultation = scope.session, scope.consultation
    newest = found.wordings[-1] if found.wordings else None
    prompt = translated(form, "prompt", consultation.languages)
    if consultation.language not in prompt:
        form.form_errors.append(_("Write the question in the language of the consultation."))
        return question_page(scope, found, words=form), 422
    help_text = translated(form, "help", consultation.languages)
    kept = unchangeable_meetings(session, consultation)
    asked_in_newest = [
        (meeting, asking)
        for meeting in meetings_in_full(session, consultation)
        for asking in meeting.askings
        if newest is not None and asking.wording_id == newest.id
    ]
    if asked_in_newest and all(meeting.id in kept for meeting, _asking in asked_in_newest):
        form.form_errors.append(_kept_as_asked())
        return question_page(scope, found, words=form), 422
    wording = word_question(session, consultation, found, prompt=prompt, help_text=help_text, by=scope.user)
    for meeting, asking in asked_in_newest:
        if meeting.id not in kept:
            ask(session, consultation, meeting, found, wording, session_id=asking.session_id, by=scope.user)
    return redirect(_back(scope, found), code=303)


@desk.post("/<slug>/setup/questions/<question>/asked")
@requires(Permission.SET_UP)
def setup_question_asked(scope: Scope, question: str) -> ResponseReturnValue:
    found = question_of(scope, question)
    form = asked_form(scope, found)
    if not form.validate():
        return question_page(scope, found, asked=form), 422
    frozen = found.id in frozen_questions(scope.session, scope.consultation)
    kept = unchangeable_meetings(scope.session, scope.consultation)
    by_version = {str(wording.version): wording for wording in found.wordings}
    for number, meeting in enumerate(meetings_in_full(scope.session, scope.consultation)):
        chosen = by_version.get(form[f"wording_{number}"].data)
        asked_now = {asking.wording_id for asking in meeting.askings if asking.question_id == found.id}
        if meeting.id in kept and asked_now != ({chosen.id} if chosen else set()):
            form[f"wording_{number}"].errors = [_kept_as_asked()]
            return question_page(scope, found, asked=form), 422
        if chosen is None and asked_now and frozen:
            form[f"wording_{number}"].errors = [_("It was answered, so it goes on being asked there.")]
            return question_page(scope, found, asked=form), 422
    for number, meeting in enumerate(meetings_in_full(scope.session, scope.consultation)):
        ask(
            scope.session,
            scope.consultation,
            meeting,
            found,
            by_version.get(form[f"wording_{number}"].data),
            session_id=(form[f"session_{number}"].data or None) if f"session_{number}" in form else None,
            by=scope.user,
        )
    return redirect(_back(scope, found), code=303)


def _kept_as_asked() -> str:
    return str(
        _(
            "Answers without links are given there now, so what is asked stays as it is until that meeting is closed: "
            "other words would tell when an answer was given."
        )
    )


def _back(scope: Scope, question: Question) -> str:
    return url_for("desk.setup_question", slug=scope.consultation.slug, question=question.code, said="saved")
