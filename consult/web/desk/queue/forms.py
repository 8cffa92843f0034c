"""The form of a decision: what was read, what is to be taken out, and the verdict."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField
from wtforms.validators import Length

from consult.moderation.actions import LONGEST_NOTE
from consult.moderation.enums import RedactionKind, RejectReason
from consult.moderation.rules import Span, merged
from consult.web.desk.words import KINDS
from consult.web.fields import Form, LongTextField, SelectChoice, TextField

MOST_SPANS = 500


class SpansField(Field):
    """Redactions chosen so far, each sent as "3-9-affiliation"."""

    data: list[Span]

    def process_data(self, value: Sequence[Span] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = []
        if len(valuelist) > MOST_SPANS:
            raise ValueError(_("These are too many redactions for one answer. Reject it instead."))
        for value in valuelist:
            where, _dash, kind = str(value).rpartition("-")
            if kind not in set(RedactionKind):
                raise ValueError(
                    _("A redaction names no known kind. Select the words again and choose a kind.")
                )
            self.data.append(Span(*positions(where), RedactionKind(kind)))

    def add(self, value: str) -> None:
        """One redaction more, sent by a button of its own."""
        try:
            self.process_formdata([*map(self.value_of, self.data), value])
        except ValueError as error:
            self.process_errors = [*self.process_errors, str(error)]

    @staticmethod
    def value_of(span: Span) -> str:
        """How a span is sent back and forth."""
        return f"{span.starts}-{span.ends}-{span.kind.value}"


class PiecesField(Field):
    """Ticked words, each sent as "3-9"."""

    data: list[tuple[int, int]]

    def process_data(self, value: Sequence[tuple[int, int]] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [positions(str(value)) for value in valuelist]


class PlacesField(Field):
    """Identifiers of ticked answers, in order, each once."""

    data: list[str]

    def process_data(self, value: Sequence[str] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        given = dict.fromkeys(str(value) for value in valuelist)
        self.data = [value for value in given if len(value) <= 40 and value.isalnum() and value.isascii()]


class ReadField(Field):
    """Answers as they were read, each sent as "identifier.hash.decisions"."""

    data: list[tuple[str, str, int]]

    def process_data(self, value: Sequence[tuple[str, str, int]] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        parts = [str(value).split(".") for value in valuelist]
        self.data = [
            (part[0], part[1], _position(part[2]))
            for part in parts
            if len(part) == 3 and part[0].isalnum() and part[0].isascii() and len(part[0]) <= 40
        ]


class ReasonField(SelectField):
    """Why an answer is rejected: one of the reasons that its consultation offers."""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)

    def offer(self, reasons: Sequence[tuple[str, str]]) -> None:
        """Let these be chosen."""
        self.choices = [
            SelectChoice("", _("Choose a reason")),
            *(SelectChoice(value, label) for value, label in reasons),
        ]

    @property
    def chosen(self) -> RejectReason | None:
        given = self.data or ""
        return RejectReason(given) if given in set(RejectReason) else None


class NoteForm(Form):
    """A note at an answer."""

    said = LongTextField(_l("New note"))


class ViewForm(Form):
    """A name for the filters that stand."""

    view_name = TextField(_l("Name of the view"))


class ButtonForm(Form):
    """A button, and what it comes from."""

    back = HiddenField()


class ChosenForm(Form):
    """Answers ticked in the list, or all that it has."""

    answers = PlacesField()
    everything = BooleanField()


class BulkForm(Form):
    """One verdict on answers that were looked over, each as it was read."""

    read = ReadField()
    reason = ReasonField(_l("Why they are not published"))
    note = LongTextField(
        _l("Note for colleagues"),
        [Length(max=LONGEST_NOTE, message=_l("Shorten the note to %(max)d characters."))],
    )


class DecisionForm(Form):
    """Everything a moderator sends about one answer, whichever button was pressed."""

    read = HiddenField()
    read_number = HiddenField()
    spans = SpansField()
    words = PiecesField(_l("Words to take out"))
    start = StringField()
    end = StringField()
    kind = SelectField(
        _l("What they give away"),
        choices=[
            SelectChoice("", _l("Choose what it is")),
            *(SelectChoice(kind.value, label) for kind, label in KINDS.items()),
        ],
        validate_choice=False,
    )
    reason = ReasonField(_l("Why it is not published"))
    note = LongTextField(
        _l("Note for colleagues"),
        [Length(max=LONGEST_NOTE, message=_l("Shorten the note to %(max)d characters."))],
    )

    same = BooleanField()
    """Whether the others that wait with the very same words are decided on as well."""

    @property
    def decisions_seen(self) -> int:
        """How many decisions stood on the page this came from; -1 where that is no number."""
        return _position(self.read_number.data or "")

    @property
    def chosen_reason(self) -> RejectReason | None:
        return self.reason.chosen

    def selected(self) -> list[tuple[int, int]]:
        """The words ticked; else those selected by script. Raises ValueError for what is no selection."""
        if self.words.data:
            return self.words.data
        if not self.start.data and not self.end.data:
            raise ValueError(_("Select words in the answer, or tick them, first."))
        return [positions(f"{self.start.data}-{self.end.data}")]

    def take_out(self, text: str) -> bool:
        """Add the selected words to the redactions. False, with a sentence at the field, where that cannot be done."""
        try:
            pieces = self.selected()
        except ValueError as error:
            return self.refuse(self.words, str(error))
        if (self.kind.data or "") not in set(RedactionKind):
            return self.refuse(self.kind, _("Choose what these words give away."))
        self.spans.data += merged(text, pieces, RedactionKind(self.kind.data))
        return True

    def clear_selection(self) -> None:
        """After the words were taken out: nothing is selected any more."""
        self.words.data, self.start.data, self.end.data, self.kind.data = [], "", "", ""

    def refuse(self, field: Field, sentence: str) -> bool:
        """Say at a field what is wrong with it; always False."""
        field.errors = [*field.errors, sentence]
        return False


def positions(given: str) -> tuple[int, int]:
    """Two code-point positions written "3-9". Raises ValueError, in words, for anything else."""
    starts, _dash, ends = given.partition("-")
    if _position(starts) < 0 or _position(ends) < 0:
        raise ValueError(_("A selection has no readable position. Select the words again."))
    return _position(starts), _position(ends)


def _position(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 7 else -1
