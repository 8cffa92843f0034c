"""How a consultation is moderated: whether by two, and what its reasons for rejecting are called."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from consult.consultations.actions import describe
from consult.moderation.enums import RejectReason
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup.forms import Form, TextField, at_most
from consult.web.desk.views import desk
from consult.web.desk.words import REASONS, reason_name
from consult.web.guards import Scope, requires

LONGEST_NAME = 120
ALWAYS = frozenset({RejectReason.NOT_FOR_USE, RejectReason.OTHER})
"""What the writer asked for, and what has no name of its own, can always be said."""
SAID = {"saved": _l("Saved.")}


class ModerationForm(Form):
    """The rules of moderation; one box for the name of each reason is added to it."""

    second_approval = BooleanField(_l("Two people approve each answer before it is published"))


@desk.get("/<slug>/setup/moderation")
@requires(Permission.SET_UP)
def setup_moderation(scope: Scope) -> ResponseReturnValue:
    taken_off = {code for code, name in scope.consultation.reason_labels.items() if not name}
    names = {
        reason.value: "" if reason.value in taken_off else reason_name(scope.consultation, reason)
        for reason in RejectReason
    }
    return _page(scope, _form()(formdata=None, second_approval=scope.consultation.second_approval, **names))


@desk.post("/<slug>/setup/moderation")
@requires(Permission.SET_UP)
def setup_moderation_save(scope: Scope) -> ResponseReturnValue:
    form = _form()()
    if not form.validate():
        return _page(scope, form), 422
    facts = {"second_approval": bool(form.second_approval.data), "reason_labels": _labels(form)}
    describe(scope.session, scope.consultation, facts, by=scope.user)
    return redirect(url_for("desk.setup_moderation", slug=scope.consultation.slug, said="saved"), code=303)


def _form() -> type[Any]:
    boxes = {
        reason.value: TextField(
            REASONS[reason],
            [
                *([DataRequired(_l("Write something here."))] if reason in ALWAYS else []),
                at_most(LONGEST_NAME),
            ],
        )
        for reason in RejectReason
    }
    return type("ModerationFormOfReasons", (ModerationForm,), boxes)


def _labels(form: Any) -> dict[str, str]:
    """Only what differs from the program's own names, which are said in each reader's language."""
    given = {reason: " ".join((form[reason.value].data or "").split()) for reason in RejectReason}
    return {reason.value: name for reason, name in given.items() if name != str(REASONS[reason])}


def _page(scope: Scope, form: Any) -> str:
    return render_template(
        "desk/setup/moderation.html",
        **framed(scope, "setup"),
        form=form,
        reasons=[form[reason.value] for reason in RejectReason],
        said=SAID.get(request.args.get("said", "")),
    )
