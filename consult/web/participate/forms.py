"""Participants' forms. What they refuse they say at the field, in the words of the rule."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, StopValidation

from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS
from consult.core.errors import Invalid
from consult.meetings.models import Asking
from consult.web.errors import words
from consult.web.fields import Form, LongTextField, TextField
from consult.web.participate.uses import chosen, offered


class OpenForm(Form):
    """The button that opens an invitation."""


class DeclineForm(Form):
    """The button "I do not wish to answer"."""


class StopForm(Form):
    """The button that stops the reminders."""


class CodeForm(Form):
    """A typed code: of an invitation, or of a receipt."""

    code = TextField(_l("Your code"), [InputRequired(_l("Type your code."))])


class ExchangeForm(Form):
    """A start-code, and the response code that it is exchanged for, signed by us."""

    code = TextField(_l("Your code"), [InputRequired(_l("Type your code."))])
    fresh = HiddenField()


class AnswerForm(Form):
    """A text and a use for each asking, and the ticket. Made for a meeting's askings by `answer_form`."""

    ticket = HiddenField()

    def pairs(self) -> Iterator[tuple[Field, RadioField]]:
        """(text, use) of each asking, in form order."""
        number = 1
        while f"text_{number}" in self:
            yield self[f"text_{number}"], cast(RadioField, self[f"use_{number}"])
            number += 1

    def readable(self) -> None:
        """Let the page be shown again whatever was sent: a NUL character appears as the sign for a broken one."""
        for text, _use in self.pairs():
            if isinstance(text.data, str):
                text.data = text.data.replace("\x00", "\ufffd")


class _FitsQuestion:
    def __init__(self, asking: Asking) -> None:
        self._question = asking.question

    def __call__(self, _form: object, field: Field) -> None:
        try:
            KINDS[self._question.kind].parse(self._question, (), field.data or "")
        except Invalid as error:
            raise StopValidation(words(error)) from error


class _IsOffered:
    def __init__(self, asking: Asking, ceiling: Attribution, text: str) -> None:
        self._required, self._ceiling, self._text = asking.question.required, ceiling, text

    def __call__(self, form: Any, field: Field) -> None:
        if not self._required and not form[self._text].data:
            return
        try:
            chosen(field.data, self._ceiling)
        except Invalid as error:
            raise StopValidation(words(error)) from error


class ChangeForm(AnswerForm):
    """The same for an answer that stands: what was shown of it, and its receipt code where that led to it."""

    seen = HiddenField()
    code = HiddenField()


AnyAnswerForm = TypeVar("AnyAnswerForm", bound=AnswerForm)


def answer_form(
    askings: Sequence[Asking], ceiling: Attribution, kind: type[AnyAnswerForm], *, fresh: bool = False
) -> AnyAnswerForm:
    """The form for these askings, filled from the request where that is a POST. Nothing is chosen beforehand."""
    fields: dict[str, Any] = {}
    for number, asking in enumerate(askings, 1):
        text = f"text_{number}"
        fields[text] = LongTextField(_l("Your answer"), [_FitsQuestion(asking)])
        fields[f"use_{number}"] = RadioField(
            _l("How may we use this?"),
            [_IsOffered(asking, ceiling, text)],
            choices=[SelectChoice(code, label) for code, label in offered(ceiling)],
            validate_choice=False,
        )
    of_meeting = type(f"{kind.__name__}OfMeeting", (kind,), fields)
    return cast(AnyAnswerForm, of_meeting(formdata=None) if fresh else of_meeting())
