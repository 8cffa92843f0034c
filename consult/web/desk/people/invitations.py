"""Sending invitations: what was sent, their words, a look before anything leaves, reminders, and letters on paper."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from consult.consultations.rules import Phase, phase
from consult.core.clock import now
from consult.core.errors import Conflict, Invalid, NotFound, Refused
from consult.core.mail.queries import failed_number, in_trouble, own_words
from consult.meetings.models import Meeting
from consult.operations.letters import Letterhead, letters_pdf
from consult.operations.mailing.actions import send_to_staff, write_own_words
from consult.operations.mailing.composing import Composer
from consult.operations.mailing.kinds import EDITABLE, PLACEHOLDERS, MailKind
from consult.operations.mailing.rendering import LANGUAGES, catalogue
from consult.operations.mailing.words import Words, checked, default_words
from consult.operations.people import links, sending
from consult.operations.people.announcing import may_announce
from consult.operations.people.queries import invitations_of, roster_page
from consult.operations.people.reminders import by_hand
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import SearchForm, languages, mail_state, mail_words
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form, LongTextField, TextField
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal, current_settings, site_address

MOST_FOUND = 10
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


class TestMailForm(Form):
    """In which language to try it."""

    __test__ = False
    language = SelectField(_l("Language"), validate_choice=False)


class SendForm(Form):
    """The button that sends, with the number that was shown above it."""

    shown = HiddenField()


class LettersForm(Form):
    """The button that shows letters to print."""

    after = HiddenField()


@desk.get("/<slug>/invitations")
@requires(Permission.PREPARE)
def invitations(scope: Scope) -> ResponseReturnValue:
    return _page(scope, TestMailForm(formdata=None))


@desk.post("/<slug>/invitations/test")
@requires(Permission.PREPARE)
def invitations_test(scope: Scope) -> ResponseReturnValue:
    form = TestMailForm()
    if not form.validate() or form.language.data not in LANGUAGES:
        return _page(scope, form), 422
    send_to_staff(
        scope.session, scope.consultation, scope.user, kind=MailKind.TEST, language=str(form.language.data)
    )
    return _done(scope, "test")


@desk.post("/<slug>/invitations/again")
@requires(Permission.PREPARE)
def invitations_again(scope: Scope) -> ResponseReturnValue:
    """After a mail server that was away, or told wrong, all that never left is tried once more."""
    form = ButtonForm()
    if not form.validate():
        return _page(scope, TestMailForm(formdata=None), form), 422
    try:
        sending.try_again(scope.session, scope.consultation, by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, TestMailForm(formdata=None), form), 409
    return _done(scope, "again")


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
        return _done(scope, "words")
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
    return _done(scope, "words")


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


@desk.get("/<slug>/invitations/<meeting>/send")
@requires(Permission.PREPARE)
def invitations_send(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _send_page(scope, _meeting(scope, meeting), SendForm(formdata=None))


@desk.post("/<slug>/invitations/<meeting>/send")
@requires(Permission.PREPARE)
def invitations_send_all(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = _meeting(scope, meeting), SendForm()
    if not form.validate():
        return _send_page(scope, found, form), 422
    number = sending.standing(scope.session, found).unsent
    if form.shown.data != str(number) or not number:
        form.form_errors.append(_("The roster has changed since. Look once more at who gets an invitation."))
        return _send_page(scope, found, form), 409
    sending.invite_by_mail(scope.session, scope.consultation, found, by=scope.user)
    return _done(scope, "sent")


@desk.get("/<slug>/invitations/<meeting>/remind")
@requires(Permission.PREPARE)
def invitations_remind(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _remind_page(scope, _meeting(scope, meeting), ButtonForm(formdata=None))


@desk.post("/<slug>/invitations/<meeting>/remind")
@requires(Permission.PREPARE)
def invitations_remind_all(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = _meeting(scope, meeting), ButtonForm()
    if not form.validate():
        return _remind_page(scope, found, form), 422
    try:
        if phase(scope.consultation, scope.rules, now()) is not Phase.OPEN:
            raise Refused("Answers are not taken now, so nobody is reminded.")
        sending.remind(scope.session, scope.consultation, found, occasion=by_hand(found), by=scope.user)
    except (Refused, Conflict) as error:
        scope.session.rollback()
        form.form_errors.append(words(error))
        return _remind_page(scope, found, form), 409
    return _done(scope, "reminded")


@desk.get("/<slug>/invitations/<meeting>/back")
@requires(Permission.PREPARE)
def invitations_back(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _back_page(scope, _meeting(scope, meeting), SendForm(formdata=None))


@desk.post("/<slug>/invitations/<meeting>/back")
@requires(Permission.PREPARE)
def invitations_back_all(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = _meeting(scope, meeting), SendForm()
    if not form.validate():
        return _back_page(scope, found, form), 422
    if form.shown.data != str(sending.standing(scope.session, found).invited):
        form.form_errors.append(_("The roster has changed since. Look once more at how many were invited."))
        return _back_page(scope, found, form), 409
    try:
        links.take_all_back(scope.session, scope.consultation, found, by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _back_page(scope, found, form), 409
    return _done(scope, "back")


@desk.post("/<slug>/invitations/<meeting>/letters")
@requires(Permission.PREPARE)
def invitation_letters(scope: Scope, meeting: str) -> ResponseReturnValue:
    """Letters with everybody's link: a post, because it is written to the log, and nothing of it is kept."""
    found, form = _meeting(scope, meeting), LettersForm()
    if not form.validate():
        return _page(scope, TestMailForm(formdata=None), form), 422
    base = site_address()
    letters = sending.paper_letters(
        scope.session,
        scope.consultation,
        found,
        seal=current_seal(),
        base=base,
        after=form.after.data or "",
        by=scope.user,
    )
    if not letters:
        form.form_errors.append(
            _("No link of this meeting can be printed: none stands, or each was taken out of use.")
        )
        return _page(scope, TestMailForm(formdata=None), form), 409
    written = letters_pdf([_on_paper(scope, letter, found, f"{base}/join") for letter in letters])
    response = Response(written, content_type="application/pdf")
    name = f"{scope.consultation.slug}-{found.slug}-letters-hand-to-each-alone.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(scope: Scope, test_form: TestMailForm, pressed: Form | None = None) -> str:
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


def _send_page(scope: Scope, meeting: Meeting, form: SendForm) -> str:
    composer = Composer(current_settings(), current_seal())
    counts = sending.standing(scope.session, meeting)
    form.shown.data = str(counts.unsent)
    samples = sending.first_unsent(scope.session, meeting)
    return render_template(
        "desk/people/invitations_send.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        counts=counts,
        form=form,
        samples=[
            (one.participant, composer.sample(scope.session, scope.consultation, one)) for one in samples
        ],
        phase=phase(scope.consultation, scope.rules, now()).value,
    )


def _remind_page(scope: Scope, meeting: Meeting, form: ButtonForm) -> str:
    return render_template(
        "desk/people/invitations_remind.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        counts=sending.standing(scope.session, meeting),
        done=sending.reminded_on(scope.session, meeting, by_hand(meeting)),
        open=phase(scope.consultation, scope.rules, now()) is Phase.OPEN,
        form=form,
    )


def _back_page(scope: Scope, meeting: Meeting, form: SendForm) -> str:
    counts = sending.standing(scope.session, meeting)
    form.shown.data = str(counts.invited)
    return render_template(
        "desk/people/invitations_back.html",
        **framed(scope, "invitations"),
        meeting=meeting,
        counts=counts,
        free=links.may_take_back(scope.session, meeting),
        form=form,
    )


def _on_paper(scope: Scope, letter: sending.PaperLetter, meeting: Meeting, address: str) -> Letterhead:
    """A letter in its reader's language."""
    consultation = scope.consultation
    spoken = letter.language if letter.language in LANGUAGES else consultation.language
    spoken = spoken if spoken in LANGUAGES else "en"
    with force_locale(spoken):
        return Letterhead(
            language=spoken,
            name=letter.name,
            convenor=consultation.convenor or current_settings().convenor,
            asked=_("Your view is asked: %(meeting)s.", meeting=meeting.title),
            scan=_("Point your phone’s camera here, or go to"),
            address=address,
            then_type=_("and type this code:"),
            code=letter.code,
            promise=_(
                "You need no account. The first page says how your answer may be used, and what is kept apart from it."
            ),
            help=f"{_('Questions?')} {consultation.help_contact}" if consultation.help_contact else "",
            link=letter.link,
        )


def _kind(kind: str, language: str) -> MailKind:
    if kind not in {one.value for one in EDITABLE} or language not in LANGUAGES:
        raise NotFound("There are no such words.")
    return MailKind(kind)


def _meeting(scope: Scope, slug: str) -> Meeting:
    found = next((meeting for meeting in scope.all_meetings if meeting.slug == slug), None)
    if found is None:
        raise NotFound("There is no such meeting in this consultation.")
    return found


def _done(scope: Scope, said: str) -> ResponseReturnValue:
    return redirect(url_for("desk.invitations", slug=scope.consultation.slug, said=said), code=303)
