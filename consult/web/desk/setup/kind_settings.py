"""What a kind can be told, one field for each setting and language. The kinds themselves say what is wrong."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field

from consult.consultations.kinds import OTHER, Kind, Setting
from consult.consultations.kinds.listed import CODE
from consult.consultations.models import Consultation, Question, Translations
from consult.consultations.rules import slug_from
from consult.web.desk.setup.forms import LongTextField, TextField, at_most, field_name
from consult.web.desk.words import language_name
from consult.web.errors import words

LONGEST_LABEL = 300
LISTED = ("options", "labels")
"""Settings written as lines, one box a language."""


@dataclass(frozen=True)
class Asked:
    """A field of a setting as its page shows it. `way`: lines · switch · line · number."""

    field: Field
    way: str
    hint: str
    row: int
    """Those of one number stand side by side: the languages of a text, and limits."""


def settings_fields(kind: Kind, consultation: Consultation) -> dict[str, Any]:
    """Field name → field, for a form of this kind."""
    return {
        name: _made(setting, language, consultation) for setting, language, name in _named(kind, consultation)
    }


def written_settings(question: Question, kind: Kind, consultation: Consultation) -> dict[str, Any]:
    """A question's settings as the fields hold them."""
    known: dict[str, Any] = {}
    for setting, language, name in _named(kind, consultation):
        value = question.settings.get(setting.name, setting.default)
        if setting.form == "options":
            lines = [one["label"].get(language, "") for one in value]
            if language == consultation.language:
                lines = [f"{one['code']} = {label}" for one, label in zip(value, lines, strict=True)]
            known[name] = "\n".join(lines) if any(lines) else ""
        elif setting.form == "labels":
            lines = [one.get(language, "") for one in value]
            known[name] = "\n".join(lines) if any(lines) else ""
        elif setting.form == "translations":
            known[name] = value.get(language, "")
        elif setting.form == "switch":
            known[name] = bool(value)
        else:
            known[name] = "" if value is None else str(value)
    return known


def asked_settings(kind: Kind, form: Any, consultation: Consultation) -> list[Asked]:
    """The fields of the settings in their order, with what to write in each."""
    asked: list[Asked] = []
    before: Setting | None = None
    row = 0
    for setting, language, name in _named(kind, consultation):
        own = language == consultation.language
        if setting.form in LISTED:
            way, hint = "lines", _lines_hint(setting, own=own)
        elif setting.form == "switch":
            way, hint = "switch", _hint(setting)
        else:
            way, hint = ("line" if setting.form == "translations" else "number"), _hint(setting)
        beside = before is not None and (before is setting or (before.form == setting.form != "switch"))
        row += not beside
        asked.append(Asked(form[name], way, hint, row))
        before = setting
    return asked


def read_settings(kind: Kind, form: Any, consultation: Consultation) -> dict[str, Any] | None:
    """The settings that the fields say, whole; or None with what is wrong at each field, in the reader's language."""
    settings: dict[str, Any] = {}
    wrong = False
    for setting in kind.settings:
        try:
            settings[setting.name] = _read(setting, form, consultation)
        except Unreadable as error:
            form[error.name].errors, wrong = [*form[error.name].errors, str(error)], True
    for problem in [] if wrong else kind.problems(settings):
        name = _first(kind, problem.field, consultation)
        form[name].errors, wrong = [*form[name].errors, words(problem)], True
    return None if wrong else settings


class Unreadable(Exception):
    """What stands in the field `name` is no value of its setting; `str()` says what to do."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def _named(kind: Kind, consultation: Consultation) -> Iterator[tuple[Setting, str, str]]:
    """(setting, language, field name): one for each language where it is words, the consultation's own first."""
    for setting in kind.settings:
        spoken = setting.form in LISTED or setting.form == "translations"
        for language in _in_order(consultation) if spoken else [""]:
            name = f"set_{setting.name}"
            yield setting, language, field_name(name, language) if spoken else name


def _first(kind: Kind, setting: str, consultation: Consultation) -> str:
    return next(name for one, _language, name in _named(kind, consultation) if one.name == setting)


def _made(setting: Setting, language: str, consultation: Consultation) -> Any:
    label = _(setting.title)
    if language and len(consultation.languages) > 1:
        label = f"{label} – {language_name(language)}"
    if setting.form == "switch":
        return BooleanField(label)
    if setting.form in LISTED:
        return LongTextField(label, [at_most(60_000)])
    return TextField(label, [at_most(LONGEST_LABEL)])


def _read(setting: Setting, form: Any, consultation: Consultation) -> Any:
    name = f"set_{setting.name}"
    if setting.form == "switch":
        return bool(form[name].data)
    if setting.form == "translations":
        texts = {code: form[field_name(name, code)].data or "" for code in _in_order(consultation)}
        return {code: text for code, text in texts.items() if text}
    if setting.form in LISTED:
        return _listed(setting, form, consultation)
    value = (form[name].data or "").strip()
    if setting.form == "whole":
        whole = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
        if whole is None or not setting.least <= whole <= setting.most:
            raise Unreadable(name, _hint(setting))
        return whole
    try:
        if value:
            date.fromisoformat(value) if setting.form == "date" else float(value)
    except ValueError as error:
        raise Unreadable(name, _hint(setting)) from error
    return value


def _listed(setting: Setting, form: Any, consultation: Consultation) -> list[Any]:
    """Options with their codes, or labels, in every language that has lines."""
    own, *others = [field_name(f"set_{setting.name}", code) for code in _in_order(consultation)]
    lines = [line for line in _lines(form[own].data) if line]
    codes, labels = _coded(lines) if setting.form == "options" else ([], lines)
    if any(len(label) > LONGEST_LABEL for label in labels):
        raise Unreadable(own, _("Shorten each line to %(longest)s characters.", longest=LONGEST_LABEL))
    spoken: list[Translations] = [{consultation.language: label} for label in labels]
    for code, name in zip(_in_order(consultation)[1:], others, strict=True):
        told = _lines(form[name].data)
        if any(len(label) > LONGEST_LABEL for label in told):
            raise Unreadable(name, _("Shorten each line to %(longest)s characters.", longest=LONGEST_LABEL))
        if told and len(told) != len(labels):
            raise Unreadable(
                name,
                _(
                    "Write as many lines as in the box above, %(number)s, in the same order.",
                    number=len(labels),
                ),
            )
        for label, text in zip(spoken, told, strict=False):
            if text:
                label[code] = text
    if setting.form == "labels":
        return list(spoken)
    return [{"code": code, "label": label} for code, label in zip(codes, spoken, strict=True)]


def _lines(text: str | None) -> list[str]:
    """The lines without those that are blank at the end."""
    return [line.strip() for line in (text or "").rstrip().split("\n")] if (text or "").strip() else []


def _coded(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Codes and words: of "yes = Certainly" as written, of words alone a code that they make."""
    split = [tuple(part.strip() for part in line.partition("=")) for line in lines]
    written = [(code if equals and said and CODE.fullmatch(code) else "") for code, equals, said in split]
    taken = {OTHER, *written}
    codes, labels = [], []
    for line, code, (_left, _equals, said) in zip(lines, written, split, strict=True):
        codes.append(code or _fresh(slug_from(line, longest=40) or "option", taken))
        labels.append(said if code else line)
        taken.add(codes[-1])
    return codes, labels


def _fresh(stem: str, taken: Collection[str]) -> str:
    return next(
        code
        for code in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
        if code not in taken
    )


def _lines_hint(setting: Setting, *, own: bool) -> str:
    if not own:
        return str(_("The same lines in the same order. Empty: shown in the consultation’s own language."))
    if setting.form == "options":
        return str(
            _(
                "One a line. Each gets a short code of its own, which stays when its words change; "
                "write another before an equals sign: yes = Certainly."
            )
        )
    return " ".join([str(_("One a line.")), str(_(setting.hint)) if setting.hint else ""]).strip()


def _hint(setting: Setting) -> str:
    if setting.form == "whole":
        return str(
            _("Write a whole number from %(least)s to %(most)s.", least=setting.least, most=setting.most)
        )
    if setting.form == "date":
        return str(_("Write a day like 2016-07-08.")) + " " + str(_("Empty: no limit."))
    if setting.form == "decimal":
        return str(_("Write a number.")) + " " + str(_("Empty: no limit."))
    return str(_(setting.hint)) if setting.hint else ""


def _in_order(consultation: Consultation) -> list[str]:
    return [
        consultation.language,
        *(code for code in consultation.languages if code != consultation.language),
    ]


def carried(kind: Kind, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a question that becomes this kind: what the kinds share stays, the rest is as it comes."""
    return {setting.name: settings.get(setting.name, setting.default) for setting in kind.settings}
