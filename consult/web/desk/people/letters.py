"""Invitations on paper: a letter for each person with the link to scan and the code to type."""

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from wtforms import HiddenField

from consult.meetings.models import Meeting
from consult.operations.letters import Letterhead, letters_pdf
from consult.operations.mailing.rendering import LANGUAGES
from consult.operations.people import sending
from consult.permissions import Permission
from consult.web.desk.people.invitations import TestMailForm, invitations_page
from consult.web.desk.views import desk
from consult.web.fields import Form
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal, current_settings, site_address


class LettersForm(Form):
    """The button that shows letters to print."""

    after = HiddenField()


@desk.post("/<slug>/invitations/<meeting>/letters")
@requires(Permission.PREPARE)
def invitation_letters(scope: Scope, meeting: str) -> ResponseReturnValue:
    """Letters with everybody's link: a post, because it is written to the log, and nothing of it is kept."""
    found, form = scope.meeting(meeting), LettersForm()
    if not form.validate():
        return invitations_page(scope, TestMailForm(formdata=None), form), 422
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
        return invitations_page(scope, TestMailForm(formdata=None), form), 409
    written = letters_pdf([_on_paper(scope, letter, found, f"{base}/join") for letter in letters])
    response = Response(written, content_type="application/pdf")
    name = f"{scope.consultation.slug}-{found.slug}-letters-hand-to-each-alone.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


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
