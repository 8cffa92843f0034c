"""Form fields that take text as the database can keep it, and forms that lose nothing."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from babel.support import Translations
from flask import request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FileField, StringField, TextAreaField
from wtforms.fields import choices
from wtforms.i18n import messages_path
from wtforms.validators import StopValidation

from consult.core.text import tidy, unstorable


class Storable:
    """Refuses a NUL character or half a surrogate pair, with a sentence that names it."""

    def __call__(self, form: object, field: Field) -> None:
        if isinstance(field.data, str) and unstorable(field.data):
            raise StopValidation(
                _l("This text holds a character that cannot be stored. Type the text instead of pasting it.")
            )


class SelectChoice(choices.SelectChoice):  # type: ignore[name-defined, misc]
    """One of what a field offers, with a type: the stubs of WTForms do not know it yet."""

    def __init__(self, value: str, label: str, **added: Any) -> None:
        super().__init__(value, label, **added)  # WTForms copies one into its group so


class TextField(StringField):
    """One line of text, tidied: NFC, no control characters, no blank ends."""

    def __init__(self, label: str | None = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, (Storable(), *validators), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = _tidied(self.data)

    def _value(self) -> str:
        return _readable(super()._value())  # type: ignore[misc]


class LongTextField(TextAreaField):
    """Text of several lines, tidied: NFC, line breaks kept as \\n."""

    def __init__(self, label: str | None = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, (Storable(), *validators), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = _tidied(self.data)

    def _value(self) -> str:
        return _readable(super()._value())  # type: ignore[misc]


class _OwnSentences:
    """What WTForms itself says, in the reader's language. Flask-WTF would read the catalogue anew for each request."""

    def gettext(self, sentence: str) -> str:
        return str(_own_sentences(str(get_locale() or "en")).ugettext(sentence))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(_own_sentences(str(get_locale() or "en")).ungettext(singular, plural, number))


_OWN_SENTENCES = _OwnSentences()


@cache
def _own_sentences(language: str) -> Any:
    return Translations.load(messages_path(), [language], domain="wtforms")


class Form(FlaskForm):
    """A form whose expired or missing token is an ordinary error: the page comes back with everything typed."""

    class Meta(FlaskForm.Meta):
        """Takes what a page's form sends: files where it asks for a file, text everywhere else, and no JSON."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is not _Auto or not _is_submitted():
                return super().wrap_formdata(form, formdata)
            asked = {field.name for field in form if isinstance(field, FileField)}
            files = [(name, file) for name, file in request.files.items(multi=True) if name in asked]
            return CombinedMultiDict((MultiDict(files), request.form)) if files else request.form

        def get_translations(self, form: Any) -> Any:
            return _OWN_SENTENCES

    @property
    def token_expired(self) -> bool:
        """Whether the only thing wrong is the form's token."""
        return set(self.errors) == {"csrf_token"}

    @property
    def without_cookie(self) -> bool:
        """Whether the token is not taken because the browser sent no cookie: it has forgotten ours, or refuses all."""
        return "csrf_token" in self.errors and not request.cookies


class ButtonForm(Form):
    """A button that needs nothing but its token."""


def _readable(text: str) -> str:
    """The text as a page can hold it: a NUL character, which is refused, appears as the sign for a broken one."""
    return text.replace("\x00", "\ufffd")


def _tidied(text: str | None) -> str | None:
    return text if text is None or unstorable(text) else tidy(text)
