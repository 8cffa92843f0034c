"""Cards to print, with a meeting's questions and the promise in one language."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.consultations.kinds import KINDS, OTHER
from consult.consultations.rules import in_language
from consult.meetings.models import Asking, Meeting
from consult.meetings.queries import askings_at
from consult.operations.letters import AskedOnCard, Card, card_pdf
from consult.operations.mailing.rendering import LANGUAGES
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import languages
from consult.web.desk.views import desk
from consult.web.fields import Form
from consult.web.guards import Scope, requires
from consult.web.installation import current_settings
from consult.web.participate.form.uses import meanings, offered


class PrintForm(Form):
    """Which card."""

    language = SelectField(_l("Language"), validate_choice=False)


@desk.get("/<slug>/gathering/<meeting>/print")
@requires(Permission.MODERATE)
def card_print(scope: Scope, meeting: str) -> ResponseReturnValue:
    return _page(scope, scope.own_meeting(meeting), PrintForm(formdata=None))


@desk.post("/<slug>/gathering/<meeting>/print")
@requires(Permission.MODERATE)
def card_printed(scope: Scope, meeting: str) -> ResponseReturnValue:
    found, form = scope.own_meeting(meeting), PrintForm()
    if not form.validate() or form.language.data not in LANGUAGES:
        return _page(scope, found, form), 422
    language = str(form.language.data)
    response = Response(card_pdf(_card(scope, found, language)), content_type="application/pdf")
    name = f"{scope.consultation.slug}-{found.slug}-card-{language}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(scope: Scope, meeting: Meeting, form: PrintForm) -> str:
    form.language.choices = languages()
    if not form.language.data:
        form.language.data = scope.consultation.language
    return render_template(
        "desk/gathering/card_print.html", **framed(scope, "gathering"), meeting=meeting, form=form
    )


def _card(scope: Scope, meeting: Meeting, language: str) -> Card:
    own, rules = scope.consultation.language, scope.rules
    askings = [one for one in askings_at(scope.session, meeting) if KINDS[one.question.kind].asks]
    with force_locale(language):
        written = any(not KINDS[one.question.kind].closed for one in askings)
        return Card(
            language=language,
            convenor=scope.consultation.convenor or current_settings().convenor,
            meeting=meeting.title,
            promise=tuple(in_language(rules.promise, language, own).split("\n\n")),
            asked=tuple(_asked(one, language, own) for one in askings),
            use=_("How may we use this? Tick one.") if written else "",
            uses=tuple((label, meanings()[code]) for code, label in offered(rules.ceiling))
            if written
            else (),
            consent=_("Yes, this card may be counted, and used as I have ticked above.")
            if written
            else _("Yes, this card may be counted."),
            afterwards=_(
                "Write no name. Without the tick in the frame this card is not entered. Two people enter it; it "
                "has no receipt, so it cannot be changed or withdrawn once it is handed in."
            ),
        )


def _asked(asking: Asking, language: str, own: str) -> AskedOnCard:
    question, kind = asking.question, KINDS[asking.question.kind]
    options = [
        str(_(option.title)) if option.title else in_language(option.label, language, own) or option.code
        for option in kind.options(question)
        if option.code != OTHER
    ]
    if question.settings.get(OTHER):
        options.append(str(_("Other")) + " ……………………………")
    return AskedOnCard(
        prompt=in_language(asking.wording.prompt, language, own),
        help_text=in_language(asking.wording.help_text, language, own),
        options=tuple(options),
        words=not kind.closed or not options,
    )
