"""A consultation's own words for its mail: written, looked at as they arrive, or put back to the standard ones."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from consult.core.errors import Invalid, NotFound
from consult.core.mail.queries import own_words
from consult.operations.mailing.actions import write_own_words
from consult.operations.mailing.composing import Composer
from consult.operations.mailing.kinds import EDITABLE, PLACEHOLDERS, MailKind
from consult.operations.mailing.rendering import LANGUAGES, catalogue
from consult.operations.mailing.words import Words, checked, default_words
from consult.operations.people import sending
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import languages
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, LongTextField, TextField
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal, current_settings

KINDS = {
    MailKind.INVITATION: _l("Invitation"),
    MailKind.REMINDER: _l("Reminder"),
    MailKind.CLOSING: _l("More time to answer"),
    MailKind.PUBLISHED: _l("The report is out"),
}


class WordsForm(Form):
    """A consultation's own words for one kind of mail."""

    subject = TextField(_l("Subject"))
    body = LongTextField(_l("Text"))
    act = HiddenField()


@desk.get("/<slug>/invitations/words/<kind>/<language>")
@requires(Permission.PREPARE)
def invitation_words(scope: Scope, kind: str, language: str) -> ResponseReturnValue:
    known = _kind(kind, language)
    own = own_words(scope.session, scope.consultation.id, kind, language)
    text = own or default_words(known, catalogue(language).gettext)
    form = WordsForm(formdata=None, data={"subject": text.subject, "body": text.body})
    return _words_page(scope, known, language, form, Words(text.subject, text.body))


@desk.post("/<slug>/invitations/words/<kind>/<language>")
@requires(Permission.PREPARE)
def invitation_words_write(scope: Scope, kind: str, language: str) -> ResponseReturnValue:
    known, form = _kind(kind, language), WordsForm()
    if not form.validate():
        return _words_page(scope, known, language, form, None), 422
    if form.act.data == "standard":
        sending.forget_own_words(scope.session, scope.consultation, known, language)
        return redirect(url_for("desk.invitations", slug=scope.consultation.slug, said="words"), code=303)
    try:
        written = checked(known, form.subject.data or "", form.body.data or "")
        if form.act.data != "save":
            return _words_page(scope, known, language, form, written)
        write_own_words(
            scope.session, scope.consultation, known, language, subject=written.subject, body=written.body
        )
    except Invalid as error:
        _blame(form, error)
        return _words_page(scope, known, language, form, None), 422
    return redirect(url_for("desk.invitations", slug=scope.consultation.slug, said="words"), code=303)


@desk.post("/<slug>/invitations/words/<kind>/<language>/html")
@requires(Permission.PREPARE)
def invitation_words_html(scope: Scope, kind: str, language: str) -> ResponseReturnValue:
    """The words in the form as a mail reader shows them; its headers keep the page from doing anything."""
    known, form = _kind(kind, language), WordsForm()
    if not form.validate():
        return _words_page(scope, known, language, form, None), 422
    try:
        written = checked(known, form.subject.data or "", form.body.data or "")
    except Invalid as error:
        _blame(form, error)
        return _words_page(scope, known, language, form, None), 422
    composer = Composer(current_settings(), current_seal())
    return Response(composer.preview(scope.session, scope.consultation, known, language, written).html)


def _blame(form: WordsForm, error: Invalid) -> None:
    field = form.subject if error.field == "subject" else form.body
    field.errors = [words(error)]


def _words_page(scope: Scope, kind: MailKind, language: str, form: WordsForm, shown: Words | None) -> str:
    composer = Composer(current_settings(), current_seal())
    rendered = composer.preview(scope.session, scope.consultation, kind, language, shown) if shown else None
    return render_template(
        "desk/people/invitations_words.html",
        **framed(scope, "invitations"),
        kind=KINDS[kind],
        key=kind.value,
        language=language,
        language_name=dict(languages())[language],
        form=form,
        preview=rendered,
        own=own_words(scope.session, scope.consultation.id, kind.value, language) is not None,
        placeholders=", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS[kind])),
    )


def _kind(kind: str, language: str) -> MailKind:
    if kind not in {one.value for one in EDITABLE} or language not in LANGUAGES:
        raise NotFound("There are no such words.")
    return MailKind(kind)
