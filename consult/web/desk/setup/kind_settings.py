"""What a kind can be told, as lines of text in one box, and back. The kinds themselves say what is wrong."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from consult.consultations.kinds import KINDS, Kind, Setting
from consult.consultations.models import Consultation, Question, Translations

OTHERS = " / "
"""Between the words of the consultation's languages, its own first."""
YES, NO = "yes", "no"
LONGEST_LABEL = 300


def written_settings(question: Question, consultation: Consultation) -> str:
    """A question's settings, one a line: `name: value`, `code = words / in other languages`, `label = words`."""
    lines = []
    for setting in KINDS[question.kind].settings:
        value = question.settings.get(setting.name, setting.default)
        if setting.form == "options":
            lines += [f"{one['code']} = {_labels(one['label'], consultation)}" for one in value]
        elif setting.form == "labels":
            lines += [f"label = {_labels(one, consultation)}" for one in value]
        elif setting.form == "switch":
            lines.append(f"{setting.name}: {YES if value else NO}")
        elif setting.form == "translations":
            lines.append(f"{setting.name}: {_labels(value, consultation)}".rstrip())
        else:
            lines.append(f"{setting.name}: {value if value is not None else ''}".rstrip())
    return "\n".join(lines)


def read_settings(kind: Kind, text: str, consultation: Consultation) -> tuple[dict[str, Any], list[str]]:
    """The settings that those lines say, whole; and what is wrong with them, in the reader's language."""
    settings: dict[str, Any] = {setting.name: setting.default for setting in kind.settings}
    named = {setting.name: setting for setting in kind.settings}
    listed = next((one for one in kind.settings if one.form in ("options", "labels")), None)
    entries: list[Any] = []
    problems: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        name, colon, value = (part.strip() for part in line.partition(":"))
        code, equals, words = (part.strip() for part in line.partition("="))
        if not line:
            continue
        if colon and name in named and named[name].form not in ("options", "labels"):
            read = _read(named[name], value, consultation)
            if read is None:
                problems.append(
                    _("“%(line)s” cannot be read. %(hint)s", line=line[:80], hint=_hint(named[name]))
                )
            else:
                settings[name] = read
        elif equals and words and listed is not None:
            label = _translations(words, consultation)
            entries.append({"code": code, "label": label} if listed.form == "options" else label)
        else:
            problems.append(_("“%(line)s” is neither a setting nor an answer of this kind.", line=line[:80]))
    if listed is not None:
        settings[listed.name] = entries
    if any(len(word) > LONGEST_LABEL for entry in entries for word in entry.get("label", entry).values()):
        problems.append(_("Shorten each label to %(longest)s characters.", longest=LONGEST_LABEL))
    found = [] if problems else [f"{name}: {_(what)}" for name, what in kind.problems(settings)]
    return settings, problems + found


def _read(setting: Setting, value: str, consultation: Consultation) -> Any:
    if setting.form == "switch":
        return {YES: True, NO: False}.get(value.casefold())
    if setting.form == "translations":
        return _translations(value, consultation) if value else {}
    if setting.form == "whole":
        whole = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
        return whole if whole is not None and setting.least <= whole <= setting.most else None
    if not value:
        return ""
    try:
        date.fromisoformat(value) if setting.form == "date" else float(value)
    except ValueError:
        return None
    return value


def _hint(setting: Setting) -> str:
    if setting.form == "switch":
        return str(_("Write yes or no."))
    if setting.form == "whole":
        return str(
            _("Write a whole number from %(least)s to %(most)s.", least=setting.least, most=setting.most)
        )
    return str(_("Write a day like 2016-07-08.") if setting.form == "date" else _("Write a number."))


def _in_order(consultation: Consultation) -> list[str]:
    return [
        consultation.language,
        *(code for code in consultation.languages if code != consultation.language),
    ]


def _labels(label: Translations, consultation: Consultation) -> str:
    return OTHERS.join(label.get(code, "") for code in _in_order(consultation)).rstrip(" /")


def _translations(words: str, consultation: Consultation) -> Translations:
    parts = [part.strip() for part in words.split(OTHERS)]
    return {code: part for code, part in zip(_in_order(consultation), parts, strict=False) if part}
