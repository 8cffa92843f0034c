"""What the set-up forms share: lengths, lines, translations, and buttons."""

from collections.abc import Iterable, Sequence
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import InputRequired, Length, StopValidation

from consult.consultations.models import Consultation, Translations
from consult.core.errors import DomainError, Invalid
from consult.web.desk.words import language_name
from consult.web.errors import words
from consult.web.fields import Form, LongTextField, TextField
from consult.web.languages import HELD_IN


def at_most(longest: int) -> Length:
    return Length(max=longest, message=_l("Shorten this to %(longest)s characters.", longest=longest))


def needed() -> InputRequired:
    return InputRequired(_l("Write something here."))


class ButtonForm(Form):
    """A button that needs nothing but its token; `act` is which one."""

    act = HiddenField()


class LinesField(LongTextField):
    """Texts, one a line; blank lines are left out."""

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in (self.data or "").split("\n") if line.strip()]


class EachLine:
    """No line longer than that, and not too many of them."""

    def __init__(self, longest: int, most: int) -> None:
        self._longest, self._most = longest, most

    def __call__(self, form: object, field: Any) -> None:
        if any(len(line) > self._longest for line in field.lines):
            raise StopValidation(
                str(_("Shorten each line to %(longest)s characters.", longest=self._longest))
            )
        if len(field.lines) > self._most:
            raise StopValidation(str(_("Write at most %(most)s lines.", most=self._most)))


def in_each_language(
    kind: type[Form], consultation: Consultation, fields: Iterable[tuple[str, str, int, bool]]
) -> type[Any]:
    """The form with one box for each language of the consultation: (name, label, longest, needed in its own)."""
    added: dict[str, Any] = {}
    for name, label, longest, own in fields:
        for code in consultation.languages:
            title = label if len(consultation.languages) == 1 else f"{label} – {language_name(code)}"
            first = [needed()] if own and code == consultation.language else []
            added[field_name(name, code)] = LongTextField(title, [*first, at_most(longest)])
    return type(f"{kind.__name__}In", (kind,), added)


def field_name(name: str, language: str) -> str:
    """The field of that text in that language."""
    return f"{name}_{language.replace('-', '_')}"


def translated(form: Any, name: str, languages: Sequence[str]) -> Translations:
    """What stands in the boxes of one text."""
    texts = {code: form[field_name(name, code)].data or "" for code in languages}
    return {code: text for code, text in texts.items() if text}


def boxes(form: Any, name: str, languages: Sequence[str]) -> list[Field]:
    """The fields of one text in the languages' order."""
    return [form[field_name(name, code)] for code in languages]


def filled(name: str, texts: Translations) -> dict[str, str]:
    """Texts as the form's fields hold them."""
    return {field_name(name, code): text for code, text in texts.items()}


def blame(form: Any, error: DomainError, otherwise: str) -> None:
    """Put a refusal at the field that it names."""
    name = error.field if isinstance(error, Invalid) and error.field in form else otherwise
    form[name].errors = [words(error)]


def moved(order: Sequence[str], act: str) -> list[str] | None:
    """The order after "up:code" or "down:code"; None where that names nothing in it."""
    direction, _colon, code = act.partition(":")
    if code not in order or direction not in ("up", "down"):
        return None
    after, place = list(order), order.index(code)
    other = min(max(place + (-1 if direction == "up" else 1), 0), len(after) - 1)
    after[place], after[other] = after[other], after[place]
    return after


def site_languages(own: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Languages a consultation may be held in, in the reader's words; `own` are those it is held in already."""
    locale = get_locale() or Locale("en")
    return [
        (code, f"{locale.languages.get(code, code)} ({code})") for code in dict.fromkeys([*HELD_IN, *own])
    ]


__all__ = [
    "ButtonForm",
    "EachLine",
    "Form",
    "LinesField",
    "LongTextField",
    "TextField",
    "at_most",
    "blame",
    "boxes",
    "field_name",
    "filled",
    "in_each_language",
    "moved",
    "needed",
    "site_languages",
    "translated",
]
