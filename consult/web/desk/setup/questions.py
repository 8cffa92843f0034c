"""The questions of a consultation: kind, options, words in each language, order."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from consult.consultations.actions import (
    add_question,
    change_question,
    order_questions,
    word_question,
)
from consult.consultations.kinds import DEFAULT, KINDS
from consult.consultations.models import Question
from consult.consultations.queries import question_by_code, questions_of
from consult.consultations.rules import slug_from
from consult.core.errors import Invalid, NotFound, Refused
from consult.meetings.actions import ask, order_askings
from consult.operations.preparing.removing import remove_question
from consult.permissions import Permission
from consult.responses.queries import frozen_questions, unchangeable_meetings
from consult.web.desk.frame import framed
from consult.web.desk.setup.asked_form import asked_form
from consult.web.desk.setup.forms import (
    ButtonForm,
    Form,
    TextField,
    at_most,
    blame,
    boxes,
    filled,
    in_each_language,
    moved,
    translated,
)
from consult.web.desk.setup.kind_settings import (
    asked_settings,
    carried,
    read_settings,
    settings_fields,
    written_settings,
)
from consult.web.desk.setup.shown_form import showing
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import SelectChoice
from consult.web.guards import Scope, requires

LONGEST_ANSWER = 20_000
MOST_PAGES = 50
SAID = {
    "saved": _l("Saved."),
    "added": _l("The question is added, and asked at every meeting."),
    "added-elsewhere": _l("The question is added, and asked where nobody is answering yet."),
    "moved": _l("Moved."),
    "removed": _l("The question is removed."),
}


class NewQuestionForm(Form):
    """A question's kind and its first words."""

    kind = SelectField(_l("What is answered"))
    code = TextField(_l("Code"), [at_most(80)])


class QuestionForm(Form):
    """What a question is. Kind and settings stay as they are once it was answered."""

    required = BooleanField(_l("It must be answered"))
    max_length = IntegerField(
        _l("Longest answer, in characters"),
        [
            InputRequired(_l("Write a whole number.")),
            NumberRange(1, LONGEST_ANSWER, _l("Write a number from 1 to 20000.")),
        ],
    )
    page = IntegerField(
        _l("Page of the form"),
        [
            InputRequired(_l("Write a whole number.")),
            NumberRange(1, MOST_PAGES, _l("Write a number from 1 to 50.")),
        ],
    )
    kind = SelectField(_l("What is answered"), validate_choice=True)


def kind_choices() -> list[SelectChoice]:
    """Every kind, by its own name."""
    return [SelectChoice(code, _(kind.title)) for code, kind in KINDS.items()]


@desk.get("/<slug>/setup/questions")
@requires(Permission.SET_UP)
def setup_questions(scope: Scope) -> ResponseReturnValue:
    return _list_page(scope, ButtonForm(formdata=None))


@desk.post("/<slug>/setup/questions/order")
@requires(Permission.SET_UP)
def setup_questions_order(scope: Scope) -> ResponseReturnValue:
    form = ButtonForm()
    questions = list(questions_of(scope.session, scope.consultation))
    if not form.validate():
        return _list_page(scope, form), 422
    codes = moved([question.code for question in questions], form.act.data or "")
    if codes is None:
        form.act.errors = [_("The questions have changed since. Look at their order and move again.")]
        return _list_page(scope, form), 422
    order_questions(scope.session, scope.consultation, codes, by=scope.user)
    order_askings(scope.session, questions)
    return redirect(url_for("desk.setup_questions", slug=scope.consultation.slug, said="moved"), code=303)


@desk.get("/<slug>/setup/questions/new")
@requires(Permission.SET_UP)
def setup_question_new(scope: Scope) -> ResponseReturnValue:
    return _new_page(scope, _new_form(scope)(formdata=None, data={"kind": DEFAULT}))


@desk.post("/<slug>/setup/questions/new")
@requires(Permission.SET_UP)
def setup_question_add(scope: Scope) -> ResponseReturnValue:
    form = _new_form(scope)()
    form.kind.choices = kind_choices()
    if not form.validate():
        return _new_page(scope, form), 422
    session, consultation = scope.session, scope.consultation
    prompt = translated(form, "prompt", consultation.languages)
    kind = KINDS[form.kind.data]
    code = form.code.data or slug_from(prompt[consultation.language], longest=40) or "question"
    try:
        question = add_question(
            session,
            consultation,
            code=code,
            kind=kind.code,
            settings={setting.name: setting.default for setting in kind.settings},
            required=kind.asks,
            by=scope.user,
        )
    except Invalid as error:
        blame(form, error, "code")
        return _new_page(scope, form), 422
    help_text = translated(form, "help", consultation.languages)
    wording = word_question(
        session, consultation, question, prompt=prompt, help_text=help_text, by=scope.user
    )
    kept = unchangeable_meetings(session, consultation)
    for meeting in scope.all_meetings:
        if meeting.id not in kept:
            ask(session, consultation, meeting, question, wording, by=scope.user)
    said = "added-elsewhere" if kept else "added"
    where = url_for("desk.setup_question", slug=consultation.slug, question=code, said=said)
    return redirect(where, code=303)


@desk.post("/<slug>/setup/questions/<question>/remove")
@requires(Permission.SET_UP)
def setup_question_remove(scope: Scope, question: str) -> ResponseReturnValue:
    form, found = ButtonForm(), question_of(scope, question)
    if not form.validate():
        return question_page(scope, found, button=form), 422
    try:
        remove_question(scope.session, scope.consultation, found, by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return question_page(scope, found, button=form), 409
    return redirect(url_for("desk.setup_questions", slug=scope.consultation.slug, said="removed"), code=303)


@desk.get("/<slug>/setup/questions/<question>")
@requires(Permission.SET_UP)
def setup_question(scope: Scope, question: str) -> ResponseReturnValue:
    return question_page(scope, question_of(scope, question))


@desk.post("/<slug>/setup/questions/<question>")
@requires(Permission.SET_UP)
def setup_question_save(scope: Scope, question: str) -> ResponseReturnValue:
    found = question_of(scope, question)
    form = _question_form(scope, found, fresh=False)
    facts = _facts(scope, found, form) if form.validate() else None
    if facts is None:
        return question_page(scope, found, form=form), 422
    change_question(scope.session, scope.consultation, found, facts, by=scope.user)
    where = url_for("desk.setup_question", slug=scope.consultation.slug, question=found.code, said="saved")
    return redirect(where, code=303)


def question_of(scope: Scope, code: str) -> Question:
    """The question with that code. Raises NotFound."""
    question = question_by_code(scope.session, scope.consultation, code)
    if question is None:
        raise NotFound("There is no such question in this consultation.")
    return question


def words_form(scope: Scope) -> type[Any]:
    """Prompt and help in each language."""
    longest = 2000
    return in_each_language(
        Form,
        scope.consultation,
        [("prompt", _("Question"), longest, True), ("help", _("Help under it"), longest, False)],
    )


def question_page(scope: Scope, question: Question, **given: Any) -> str:
    """A question with its words and where it is asked; `given` are forms that came back with an error."""
    consultation, newest = scope.consultation, question.wordings[-1] if question.wordings else None
    known = (filled("prompt", newest.prompt) | filled("help", newest.help_text)) if newest else {}
    kind, form = KINDS[question.kind], given.get("form") or _question_form(scope, question, fresh=True)
    wording = given.get("words") or words_form(scope)(formdata=None, data=known)
    return render_template(
        "desk/setup/question.html",
        **framed(scope, "setup"),
        question=question,
        kind=kind,
        kind_title=_(kind.title),
        form=form,
        settings=asked_settings(kind, form, consultation),
        words_form=wording,
        prompts=boxes(wording, "prompt", consultation.languages),
        helps=boxes(wording, "help", consultation.languages),
        asked=given.get("asked") or asked_form(scope, question, fresh=True),
        meetings=scope.all_meetings,
        showing=showing(scope, question, given.get("shown")),
        shown_form=given.get("shown"),
        button_form=given.get("button"),
        frozen=question.id in frozen_questions(scope.session, consultation),
        said=SAID.get(request.args.get("said", "")),
    )


def _facts(scope: Scope, question: Question, form: Any) -> dict[str, Any] | None:
    """The columns that the form names, or None with the errors at their fields."""
    facts: dict[str, Any] = {
        "required": bool(form.required.data),
        "max_length": form.max_length.data,
        "page": form.page.data,
    }
    if question.id in frozen_questions(scope.session, scope.consultation):
        return facts
    kind = KINDS[form.kind.data]
    facts |= {"kind": kind.code, "required": bool(form.required.data) and kind.asks}
    if kind.code == question.kind:
        settings = read_settings(kind, form, scope.consultation)
    else:  # its settings are asked for once the page shows them
        settings = carried(kind, question.settings)
    return None if settings is None else facts | {"settings": settings}


def _question_form(scope: Scope, question: Question, *, fresh: bool) -> Any:
    known = {
        "required": question.required,
        "max_length": question.max_length,
        "page": question.page,
        "kind": question.kind,
    }
    kind, consultation = KINDS[question.kind], scope.consultation
    known |= written_settings(question, kind, consultation)
    of_kind = type("QuestionFormOfKind", (QuestionForm,), settings_fields(kind, consultation))
    form: Any = of_kind(formdata=None, data=known) if fresh else of_kind()
    form.kind.choices = kind_choices()
    if not fresh and question.id in frozen_questions(scope.session, scope.consultation):
        form.kind.data = known["kind"]
    return form


def _new_form(scope: Scope) -> type[Any]:
    longest = 2000
    return in_each_language(
        NewQuestionForm,
        scope.consultation,
        [("prompt", _("Question"), longest, True), ("help", _("Help under it"), longest, False)],
    )


def _new_page(scope: Scope, form: Any) -> str:
    form.kind.choices = kind_choices()
    return render_template(
        "desk/setup/question_new.html",
        **framed(scope, "setup"),
        form=form,
        prompts=boxes(form, "prompt", scope.consultation.languages),
        helps=boxes(form, "help", scope.consultation.languages),
    )


def _list_page(scope: Scope, form: ButtonForm) -> str:
    return render_template(
        "desk/setup/questions.html",
        **framed(scope, "setup"),
        form=form,
        questions=[
            (question, _(KINDS[question.kind].title))
            for question in questions_of(scope.session, scope.consultation)
        ],
        said=SAID.get(request.args.get("said", "")),
    )
