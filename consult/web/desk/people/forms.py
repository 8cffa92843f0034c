"""Forms about one person of the roster, and the words for what became of their invitation."""

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired

from consult.core.errors import Invalid
from consult.core.mail.models import MailState
from consult.operations.people.actions import FACTS
from consult.operations.people.queries import Invited
from consult.participants.models import Participant
from consult.web.errors import words
from consult.web.fields import Form, SelectChoice, TextField
from consult.web.languages import LANGUAGES


class PersonForm(Form):
    """One person as the roster keeps them."""

    name = TextField(_l("Name"), [InputRequired(_l("Give the person a name."))])
    email = TextField(_l("E-mail address"), [InputRequired(_l("Give an e-mail address."))])
    country = TextField(_l("Country"))
    organisation = TextField(_l("Organisation"))
    role = TextField(_l("Role"))
    role_label = TextField(_l("Role as a quotation may name it"))
    sector = TextField(_l("Sector"))
    language = SelectField(_l("Language of the invitation"), validate_choice=False)
    meetings = SelectMultipleField(_l("Invite to"), validate_choice=True)
    send = SubmitField()

    @property
    def facts(self) -> dict[str, str]:
        """What was typed, by fact."""
        return {fact: str(self[fact].data or "") for fact in FACTS}

    def note(self, error: Invalid) -> None:
        """Put a refused value's sentence at its field."""
        field = getattr(self, error.field, self.name)
        field.errors = [*field.errors, words(error)]


class PersonActForm(Form):
    """One button beside one invitation."""

    act = HiddenField(validators=[InputRequired()])
    invitation = HiddenField()
    meeting = HiddenField()


class SearchForm(Form):
    """Whom to look for."""

    class Meta:
        csrf = False

    q = TextField(_l("Name, address or organisation"))


class ExportRosterForm(Form):
    """Which file."""

    format = SelectField(choices=[SelectChoice("xlsx", "XLSX"), SelectChoice("csv", "CSV")])


def languages(person: Participant | None = None) -> list[tuple[str, str]]:
    """Languages of the program's own words, and the person's own where it is another."""
    codes = list(LANGUAGES)
    if person is not None and person.language not in codes:
        codes.append(person.language)
    names = Locale.parse(str(get_locale() or "en")).languages
    return [(code, str(names.get(code, code)).capitalize()) for code in codes]


def country_name(code: str) -> str:
    """The country's name in the reader's language."""
    return str(Locale.parse(str(get_locale() or "en")).territories.get(code, code))


def mail_words(reason: str) -> str:
    """Why a mail did not arrive, in the reader's language; what its server said of it stays as it was said."""
    for mark in (" (", ": "):
        first, between, rest = reason.partition(mark)
        if between and (known := str(_(first))) != first:
            return f"{known}{between}{rest}"
    return str(_(reason)) if reason else ""


def mail_state(invited: Invited) -> tuple[str, str]:
    """What became of an invitation's mail, in words, and the kind of badge: by the mail alone, never by an answer."""
    if invited.held:
        return _("Link not given out"), "warning"
    if invited.mail is None:
        return _("Not mailed yet"), ""
    return {
        MailState.QUEUED: (_("On its way"), ""),
        MailState.SENT: (_("Mailed"), "accent"),
        MailState.FAILED: (_("Not delivered"), "error"),
        MailState.BOUNCED: (_("Came back"), "error"),
        MailState.SUPPRESSED: (_("Not sent"), "warning"),
    }[invited.mail.state]
