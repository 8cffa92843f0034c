"""Invitations at a glance: what was sent and answered at each meeting, what failed, and a test mail to oneself."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.consultations.rules import phase
from consult.core.clock import now
from consult.core.errors import Refused
from consult.core.mail.queries import failed_number, in_trouble
from consult.operations.mailing.actions import send_to_staff
from consult.operations.mailing.kinds import EDITABLE, MailKind
from consult.operations.mailing.rendering import LANGUAGES
from consult.operations.people import links, sending
from consult.operations.people.announcing import may_announce
from consult.operations.people.queries import invitations_of, roster_page
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import SearchForm, languages, mail_state, mail_words
from consult.web.desk.people.wording import KINDS
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form
from consult.web.guards import Scope, requires

MOST_FOUND = 10


class TestMailForm(Form):
    """In which language to try it."""

    __test__ = False
    language = SelectField(_l("Language"), validate_choice=False)


@desk.get("/<slug>/invitations")
@requires(Permission.PREPARE)
def invitations(scope: Scope) -> ResponseReturnValue:
    return invitations_page(scope, TestMailForm(formdata=None))


@desk.post("/<slug>/invitations/test")
@requires(Permission.PREPARE)
def invitations_test(scope: Scope) -> ResponseReturnValue:
    form = TestMailForm()
    if not form.validate() or form.language.data not in LANGUAGES:
        return invitations_page(scope, form), 422
    send_to_staff(
        scope.session, scope.consultation, scope.user, kind=MailKind.TEST, language=str(form.language.data)
    )
    return done(scope, "test")


@desk.post("/<slug>/invitations/again")
@requires(Permission.PREPARE)
def invitations_again(scope: Scope) -> ResponseReturnValue:
    """After a mail server that was away, or told wrong, all that never left is tried once more."""
    form = ButtonForm()
    if not form.validate():
        return invitations_page(scope, TestMailForm(formdata=None), form), 422
    try:
        sending.try_again(scope.session, scope.consultation, by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return invitations_page(scope, TestMailForm(formdata=None), form), 409
    return done(scope, "again")


def invitations_page(scope: Scope, test_form: TestMailForm, pressed: Form | None = None) -> str:
    test_form.language.choices = languages()
    search = SearchForm(formdata=request.args)
    sought = (search.q.data or "")[:100]
    found = (
        roster_page(scope.session, scope.consultation, search=sought, limit=MOST_FOUND) if sought else None
    )
    return render_template(
        "desk/people/invitations.html",
        **framed(scope, "invitations"),
        rows=[
            (
                meeting,
                sending.standing(scope.session, meeting),
                sending.letter_parts(scope.session, meeting),
                links.may_take_back(scope.session, meeting),
            )
            for meeting in scope.all_meetings
        ],
        kinds=[(kind.value, KINDS[kind]) for kind in EDITABLE],
        spoken=languages(),
        test_form=test_form,
        pressed=pressed or ButtonForm(formdata=None),
        failed=failed_number(scope.session, scope.consultation.id),
        mail_words=mail_words,
        trouble=in_trouble(scope.session, scope.consultation.id),
        search=search,
        sought=sought,
        found=[
            (one.person, [(each, *mail_state(each)) for each in invitations_of(scope.session, one.person)])
            for one in (found.people if found else [])
        ],
        phase=phase(scope.consultation, scope.rules, now()).value,
        address=scope.user.email,
        to_announce=may_announce(scope.session, scope.consultation) is not None,
        said={
            "test": _("A test mail to yourself is on its way."),
            "words": _("The words are saved."),
            "sent": _("The invitations are on their way."),
            "again": _("The mail that did not arrive is tried once more."),
            "back": _("The invitations are taken back. Their links and codes no longer work."),
            "reminded": _("The reminders are on their way."),
            "announced": _("Everybody is being told that the report is out."),
        }.get(request.args.get("said", "")),
    )


def done(scope: Scope, said: str) -> ResponseReturnValue:
    """Back to the overview, which says so."""
    return redirect(url_for("desk.invitations", slug=scope.consultation.slug, said=said), code=303)
