"""Under which condition a question is shown, picked from what earlier ones offer."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.actions import change_question
from consult.permissions import Permission
from consult.responses.queries import frozen_questions
from consult.web.desk.setup.questions import question_of, question_page
from consult.web.desk.setup.shown_form import ShownForm, condition_in, source_of
from consult.web.desk.views import desk
from consult.web.guards import Scope, requires


@desk.post("/<slug>/setup/questions/<question>/shown")
@requires(Permission.SET_UP)
def setup_question_shown(scope: Scope, question: str) -> ResponseReturnValue:
    form, found = ShownForm(), question_of(scope, question)
    source = source_of(scope, found, form)
    if source is None:
        form.form_errors.append(_("Choose a question that stands before this one."))
        return question_page(scope, found, shown=form), 422
    condition = condition_in(form, source) if form.validate() else None
    if condition is None:
        return question_page(scope, found, shown=form), 422
    if found.id in frozen_questions(scope.session, scope.consultation):
        form.form_errors.append(_("This question was answered, so its condition stays as it is."))
        return question_page(scope, found, shown=form), 409
    change_question(scope.session, scope.consultation, found, {"condition": condition or None}, by=scope.user)
    where = url_for("desk.setup_question", slug=scope.consultation.slug, question=found.code, said="saved")
    return redirect(where, code=303)
