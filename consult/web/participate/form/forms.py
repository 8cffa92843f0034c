"""Participants' forms. What they refuse they say at the field, in the words of the rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar, cast

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.validators import InputRequired

from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS, NOTHING, OTHER, Given, Kind, shown
from consult.core.errors import Invalid
from consult.core.text import tidy, unstorable
from consult.meetings.models import Asking
from consult.responses.actions import GivenAnswer
from consult.web.errors import words
from consult.web.fields import Form, LongTextField, SelectChoice, TextField
from consult.web.languages import language_of, read_language
from consult.web.participate.form.uses import chosen, offered

MOST_VALUES = 100
"""Of one question: what is sent beyond is not read."""


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


class ValuesField(Field):
    """Every value sent under one name, in order: what was ticked, or the parts of a date."""

    widget = cast(Any, None)

    def process_data(self, value: Any) -> None:
        self.data: list[str] = list(value or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = [value for value in valuelist[:MOST_VALUES] if isinstance(value, str)]
        self.data = [value if unstorable(value) else tidy(value) for value in sent]


@dataclass(frozen=True)
class Item:
    """One asking with its fields in a form; those that its kind does not take are None."""

    number: int
    asking: Asking
    kind: Kind
    choice: ValuesField | None
    text: LongTextField | None
    use: RadioField | None
    waiver: BooleanField | None = None
    """Set where a use beyond the ceiling is offered."""
    beyond: tuple[Attribution, ...] = ()
    named: bool = False
    """Whether its words were found to name somebody, and its writer is warned now."""

    @property
    def goes_beyond(self) -> bool:
        """Whether a use above the ceiling is chosen."""
        return self.use is not None and self.use.data in {step.code for step in self.beyond}

    @property
    def waived(self) -> bool:
        """Whether the ceiling was set aside for this answer."""
        return self.waiver is not None and bool(self.waiver.data)

    def read(self) -> Given:
        """What was answered. Raises Invalid, its field `choice` or `text`."""
        values = self.choice.data if self.choice is not None else ()
        said = self.text.data if self.text is not None else ""
        return self.kind.parse(self.asking.question, values, said or "")

    @property
    def given(self) -> Given:
        """The same, where what cannot be taken is as good as nothing."""
        try:
            return self.read()
        except Invalid:
            return NOTHING

    def check(self, ceiling: Attribution) -> bool:
        """Whether it can be taken; what is wrong is noted at the field."""
        good, answered = True, False
        try:
            answered = bool(self.read())
        except Invalid as error:
            field = self.text if error.field == "text" and self.text is not None else self.choice
            cast(Field, field).errors, good = [words(error)], False
        if self.use is not None and (answered or self.asking.question.required or not good):
            try:
                chosen(self.use.data, ceiling, self.beyond, waived=self.waived)
            except Invalid as error:
                wrong = self.waiver if error.field == "waiver" and self.waiver is not None else self.use
                cast(Field, wrong).errors, good = [words(error)], False
        return good

    def fill(self, choices: Sequence[str], said: str) -> None:
        """Put a kept answer into the fields."""
        if self.choice is not None:
            self.choice.data = self.kind.typed(self.asking.question, choices)
        if self.text is not None:
            self.text.data = said


class AnswerForm(Form):
    """The fields of each asking, and the ticket. Made for a meeting's askings by `answer_form`."""

    ticket = HiddenField()
    askings: ClassVar[Sequence[Asking]] = ()
    ceiling: ClassVar[Attribution] = Attribution.NOT_FOR_USE
    beyond: ClassVar[tuple[Attribution, ...]] = ()
    """Uses above the ceiling that are offered for a waiver."""
    named: Collection[int] = ()
    """Numbers of the questions whose answers name somebody: see `naming`."""

    def items(self) -> list[Item]:
        """Each asking with its fields, in form order."""
        return [
            Item(
                number,
                asking,
                KINDS[asking.question.kind],
                self._of("choice", number),
                self._of("text", number),
                self._of("use", number),
                self._of("waive", number),
                self.beyond,
                number in self.named,
            )
            for number, asking in enumerate(self.askings, 1)
        ]

    def shown(self) -> list[Item]:
        """Those whose condition the others fulfil."""
        items = self.items()
        answers = {
            item.asking.question.code: given.choices or (given.words,)
            for item in items
            if (given := item.given)
        }
        codes = {question.code for question in shown([item.asking.question for item in items], answers)}
        return [item for item in items if item.asking.question.code in codes]

    @property
    def counts_choices(self) -> bool:
        """Whether something was chosen that can be counted, so that its giver is asked about it."""
        return any(item.kind.closed and item.given for item in self.shown())

    def validate(self, extra_validators: Any = None, *, only: Collection[int] | None = None) -> bool:
        """Whether all that is shown can be taken; with `only`, the askings of those numbers."""
        good = super().validate(extra_validators)
        for item in self.shown():
            if only is None or item.number in only:
                good = item.check(self.ceiling) and good
        if only is None and self.counts_choices and self._choices_use is None:
            self["use_closed"].errors, good = [_("Choose whether your choices may be counted.")], False
        return good

    def given(self, language: str, *, blanks: bool = False) -> list[GivenAnswer]:
        """What was answered, once it is validated; with `blanks` also where nothing was, or nothing counts."""
        visible = {item.number for item in self.shown()}
        counted = min(self._choices_use or Attribution.NOT_FOR_USE, self.ceiling)
        answers = []
        for item in self.items():
            given = item.given if item.number in visible else NOTHING
            if given or blanks:
                level, waived = (counted if item.kind.closed else self.ceiling), False
                if given and item.use is not None:
                    level = chosen(item.use.data, self.ceiling, self.beyond, waived=item.waived)
                    waived = level > self.ceiling
                answers.append(GivenAnswer(item.asking, given.words, level, language, given.choices, waived))
        return answers

    def written(self, *, blanks: bool = False) -> list[GivenAnswer]:
        """The same as a participant gave it, each in the language of its words."""
        given = self.given(read_language(), blanks=blanks)
        return [replace(one, language=language_of(one.text)) for one in given]

    def readable(self) -> None:
        """Let the page be shown again whatever was sent: a NUL character appears as the sign for a broken one."""
        for item in self.items():
            if item.text is not None and isinstance(item.text.data, str):
                item.text.data = item.text.data.replace("\x00", "\ufffd")
            if item.choice is not None:
                item.choice.data = [value.replace("\x00", "\ufffd") for value in item.choice.data]

    @property
    def _choices_use(self) -> Attribution | None:
        if "use_closed" not in self:
            return None
        steps = {step.code: step for step in (Attribution.NOT_FOR_USE, Attribution.AGGREGATE_ONLY)}
        return steps.get(self["use_closed"].data or "")

    def _of(self, name: str, number: int) -> Any:
        return self._fields.get(f"{name}_{number}")


class ChangeForm(AnswerForm):
    """The same for an answer that stands: what was shown of it, and its receipt code where that led to it."""

    seen = HiddenField()
    code = HiddenField()


AnyAnswerForm = TypeVar("AnyAnswerForm", bound=AnswerForm)


def answer_form(
    askings: Sequence[Asking],
    ceiling: Attribution,
    form: type[AnyAnswerForm],
    *,
    beyond: tuple[Attribution, ...] = (),
    fresh: bool = False,
) -> AnyAnswerForm:
    """The form for these askings, filled from the request where that is a POST. Nothing is chosen beforehand."""
    if isinstance(askings, tuple):  # a meeting's setting, which requests share
        of_meeting = _OF_MEETINGS.form(form, askings, ceiling, beyond, str(get_locale()))
    else:
        of_meeting = _put_together(form, askings, ceiling, beyond)
    return cast(AnyAnswerForm, of_meeting(formdata=None) if fresh else of_meeting())


class _FormsOfMeetings:
    """Forms by what they ask, the last few of them: putting a form together takes longer than filling it.

    A form holds its askings, so that none of these identities is another's while the form is here.
    """

    MOST = 64

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], type[AnswerForm]] = {}

    def form(
        self,
        form: type[AnswerForm],
        askings: tuple[Asking, ...],
        ceiling: Attribution,
        beyond: tuple[Attribution, ...],
        language: str,
    ) -> type[AnswerForm]:
        key = (form, tuple(map(id, askings)), ceiling, beyond, language)
        made = self._made.get(key)
        if made is None:
            made = _put_together(form, askings, ceiling, beyond)
            if len(self._made) >= self.MOST:
                self._made.clear()
            self._made[key] = made
        return made


_OF_MEETINGS = _FormsOfMeetings()


def _put_together(
    form: type[AnswerForm],
    askings: Sequence[Asking],
    ceiling: Attribution,
    beyond: tuple[Attribution, ...],
) -> type[AnswerForm]:
    members: dict[str, Any] = {"askings": askings, "ceiling": ceiling, "beyond": beyond}
    for number, asking in enumerate(askings, 1):
        kind = KINDS[asking.question.kind]
        if kind.asks and kind.closed:
            members[f"choice_{number}"] = ValuesField(_l("Your answer"))
        if not kind.closed or asking.question.settings.get(OTHER):
            members[f"text_{number}"] = LongTextField(_l("Your answer"))
        if not kind.closed:
            members[f"use_{number}"] = RadioField(
                _l("How may we use this?"),
                choices=[SelectChoice(code, label) for code, label in offered(ceiling, beyond)],
                validate_choice=False,
            )
            if beyond:
                members[f"waive_{number}"] = BooleanField(
                    _l("I set the limit of the ground rules aside for this answer")
                )
    if any(name.startswith("choice_") for name in members):
        members["use_closed"] = RadioField(
            _l("May we count your choices?"),
            choices=[
                SelectChoice(Attribution.AGGREGATE_ONLY.code, _l("Yes, count them among the others")),
                SelectChoice(Attribution.NOT_FOR_USE.code, _l("No, do not use them")),
            ],
            validate_choice=False,
        )
    return type(f"{form.__name__}OfMeeting", (form,), members)
