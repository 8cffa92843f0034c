"""Forms of the composer, and what its pages share."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from consult.core.errors import Forbidden
from consult.reports.composing.models import LONGEST_TEXT
from consult.web.fields import Form, LongTextField, TextField
from consult.web.guards import Scope

LONGEST_TAKEAWAY = 600
LONGEST_ENTRY = 2_000
GREATEST = 1_000_000_000


class ActForm(Form):
    """A button; `act` says which."""

    act = HiddenField()


class ShapeForm(Form):
    """What to begin with."""

    shape = RadioField(_l("Begin with"), [InputRequired(_l("Choose a shape."))])
    replace = BooleanField(_l("Replace the outline and the texts that stand there now"))


class TextForm(Form):
    """A new text."""

    heading = TextField(
        _l("Heading of a new text"), [InputRequired(_l("Give the text a heading.")), Length(max=200)]
    )
    meeting = SelectField(_l("About"))


class WriteForm(Form):
    """The words of a part, over the version that was read."""

    heading = TextField(_l("Heading"), [Length(max=200, message=_l("Shorten this to 200 characters."))])
    body = LongTextField(
        _l("Text"),
        [Length(max=LONGEST_TEXT, message=_l("Shorten the text to %(most)s characters.", most=LONGEST_TEXT))],
    )
    read = IntegerField(
        validators=[InputRequired(_l("Load the page again.")), NumberRange(min=0, max=GREATEST)],
        widget=HiddenInput(),
    )


class NewTakeawayForm(Form):
    """A new takeaway."""

    text = LongTextField(
        _l("A new takeaway"), [InputRequired(_l("Write the takeaway.")), Length(max=LONGEST_TAKEAWAY)]
    )


class TakeawayForm(Form):
    """A takeaway with what carries it and what speaks against it."""

    text = LongTextField(
        _l("Takeaway"), [InputRequired(_l("Write the takeaway.")), Length(max=LONGEST_TAKEAWAY)]
    )
    themes = SelectMultipleField(_l("Themes that carry it"))
    against = SelectMultipleField(_l("Themes that speak against it"))
    read = IntegerField(
        validators=[InputRequired(_l("Load the page again.")), NumberRange(min=0, max=GREATEST)],
        widget=HiddenInput(),
    )


class PickForm(Form):
    """Which of the answers shown are picked."""

    shown = SelectMultipleField(validate_choice=False)
    wanted = SelectMultipleField(validate_choice=False)


def covering_all(scope: Scope) -> Scope:
    """The scope of somebody who works at every meeting, as a report covers all of them. Raises Forbidden."""
    if not scope.covers_all:
        raise Forbidden(
            "A report covers every meeting, so it is composed by those who work at every meeting."
        )
    return scope


def part_names() -> dict[str, str]:
    """What the parts are called that an edition fills by itself."""
    return {
        "numbers": _("Numbers"),
        "question": _("What was asked"),
        "takeaways": _("Takeaways"),
        "themes": _("Themes"),
        "meetings": _("Meeting by meeting"),
        "views": _("Participants’ views"),
        "method": _("How it was done"),
        "withheld": _("What was withheld"),
        "attendance": _("Who took part"),
        "annexes": _("Annexes"),
    }
