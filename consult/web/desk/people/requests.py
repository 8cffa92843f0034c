"""What participants ask of staff: withdraw an answer after closing, and tell what is held about somebody."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired, Length

from consult.core import audit
from consult.core.errors import Invalid
from consult.operations.people.queries import person_by_address
from consult.operations.receipts import StoredResponse, stored_response
from consult.operations.subject_access import held_about
from consult.operations.withdrawal import withdraw_response
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, LongTextField, TextField
from consult.web.guards import Scope, requires

MOST_CODES = 20


class WithdrawForm(Form):
    """A receipt code that its holder gave, and that they want their answer withdrawn."""

    code = TextField(_l("Receipt code"), [InputRequired(_l("Type the receipt code.")), Length(max=60)])
    asked = BooleanField(
        _l("The person who gave this answer asked for it to be withdrawn"),
        [InputRequired(_l("Confirm that they asked for it."))],
    )


class HeldForm(Form):
    """Whose pack, and the receipt codes that they presented."""

    email = TextField(
        _l("E-mail address on the roster"), [InputRequired(_l("Type the address.")), Length(max=254)]
    )
    codes = LongTextField(_l("Receipt codes, one a line"), [Length(max=1200)])


@desk.get("/<slug>/requests")
@requires(Permission.SERVE_RIGHTS)
def requests(scope: Scope) -> ResponseReturnValue:
    return _page(scope, WithdrawForm(formdata=None), HeldForm(formdata=None))


@desk.post("/<slug>/requests/withdraw")
@requires(Permission.SERVE_RIGHTS)
def withdraw_on_request(scope: Scope) -> ResponseReturnValue:
    form, held = WithdrawForm(), HeldForm(formdata=None)
    if not form.validate():
        return _page(scope, form, held), 422
    stored = _stored(scope, form.code.data or "")
    if stored is None:
        form.code.errors = [_("No answer of your meetings has that receipt code.")]
        return _page(scope, form, held), 422
    if stored.withdrawn:
        form.code.errors = [_("This answer is withdrawn already.")]
        return _page(scope, form, held), 409
    withdraw_response(scope.session, stored.response, after_cut_off=True)
    # Not which: the minute beside it is that of somebody's letter, and an older backup has the words.
    audit.record(
        scope.session,
        "withdrawn_on_request",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
    )
    return redirect(url_for("desk.requests", slug=scope.consultation.slug, said="withdrawn"), code=303)


@desk.post("/<slug>/requests/held")
@requires(Permission.SERVE_RIGHTS)
def held_on_request(scope: Scope) -> ResponseReturnValue:
    form, withdrawing = HeldForm(), WithdrawForm(formdata=None)
    if not form.validate():
        return _page(scope, withdrawing, form), 422
    person = person_by_address(scope.session, scope.consultation, (form.email.data or "").lower())
    if person is None:
        form.email.errors = [_("Nobody on the roster has that address.")]
        return _page(scope, withdrawing, form), 422
    codes = [line.strip() for line in (form.codes.data or "").splitlines() if line.strip()][:MOST_CODES]
    try:
        pack = held_about(scope.session, scope.consultation, person, codes=codes)
    except Invalid as error:
        form.codes.errors = [words(error)]
        return _page(scope, withdrawing, form), 422
    audit.record(
        scope.session,
        "subject_access",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
        subject=person.id,
    )
    response = Response(pack.as_zip(), content_type="application/zip")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{scope.consultation.slug}-held-about-one-person.zip"
    )
    return response


def _stored(scope: Scope, code: str) -> StoredResponse | None:
    stored = stored_response(scope.session, code)
    if stored is None or stored.response.meeting_id not in scope.meeting_ids:
        return None
    return stored


def _page(scope: Scope, form: WithdrawForm, held: HeldForm) -> str:
    return render_template(
        "desk/people/requests.html",
        **framed(scope, "people"),
        form=form,
        held=held,
        said={
            "withdrawn": _("The answer is withdrawn. Its words are erased, and it is used nowhere."),
        }.get(request.args.get("said", "")),
    )
