"""The few words that the published view itself is written with, in the consultation's language.

They are stored with what is published, so they follow the consultation and not whoever happens to read.
"""

from datetime import date

from babel.dates import format_date

from consult.consultations.enums import Attribution
from consult.meetings.enums import DatePrecision
from consult.moderation.enums import RedactionKind

_DATE_PATTERN = {DatePrecision.YEAR: "y", DatePrecision.MONTH: "LLLL y", DatePrecision.DAY: "d MMMM y"}

_PARTICIPANT = {"en": "A participant", "fr": "Un participant", "pl": "Uczestnik"}
_NOTE = {"en": "Rapporteur’s note", "fr": "Note du rapporteur", "pl": "Notatka sprawozdawcy"}
_LONGEST_PART = 180
_MEETING = {"en": "%s meeting", "fr": "réunion, %s", "pl": "spotkanie, %s"}

_REMOVED: dict[str, dict[RedactionKind, str]] = {
    "en": {
        RedactionKind.IDENTIFIES_SPEAKER: "the speaker",
        RedactionKind.IDENTIFIES_OTHER: "another person",
        RedactionKind.AFFILIATION: "affiliation",
        RedactionKind.PLACE_OR_TIME: "place or time",
        RedactionKind.SENSITIVE: "sensitive detail",
        RedactionKind.ALLEGATION: "allegation",
        RedactionKind.OFF_TOPIC: "off the topic",
    },
    "fr": {
        RedactionKind.IDENTIFIES_SPEAKER: "l’auteur",
        RedactionKind.IDENTIFIES_OTHER: "une autre personne",
        RedactionKind.AFFILIATION: "appartenance",
        RedactionKind.PLACE_OR_TIME: "lieu ou date",
        RedactionKind.SENSITIVE: "détail sensible",
        RedactionKind.ALLEGATION: "allégation",
        RedactionKind.OFF_TOPIC: "hors sujet",
    },
    "pl": {
        RedactionKind.IDENTIFIES_SPEAKER: "autor wypowiedzi",
        RedactionKind.IDENTIFIES_OTHER: "inna osoba",
        RedactionKind.AFFILIATION: "przynależność",
        RedactionKind.PLACE_OR_TIME: "miejsce lub czas",
        RedactionKind.SENSITIVE: "szczegół wrażliwy",
        RedactionKind.ALLEGATION: "zarzut",
        RedactionKind.OFF_TOPIC: "nie na temat",
    },
}


def removed_words(kind: RedactionKind | str, language: str) -> str:
    """What stands for removed words: "affiliation"."""
    return _REMOVED[_known(language)][RedactionKind(kind)]


def attribution_line(
    language: str,
    attribution: Attribution,
    starts_on: date,
    precision: DatePrecision,
    *,
    role_label: str | None = None,
    country_group: str | None = None,
) -> str:
    """Who spoke, as far as this level says: "A NATO official, Baltic states, May 2016 meeting".

    It prints the role and the country group that were copied to the response, and only from their own level upwards.
    No name and no organisation is copied, so the two highest levels print what the one below them does.
    """
    known = _known(language)
    role = role_label if attribution >= Attribution.QUOTE_WITH_ROLE else None
    group = country_group if attribution >= Attribution.QUOTE_WITH_COUNTRY_GROUP else None
    speaker = role or _PARTICIPANT[known]
    when = format_date(starts_on, _DATE_PATTERN[precision], locale=known)
    parts = [speaker[:1].upper() + speaker[1:], group, _MEETING[known] % when]
    return ", ".join(part for part in parts if part)


def note_line(language: str, part: str, starts_on: date, precision: DatePrecision) -> str:
    """Under a note on a discussion, so that nobody takes it for a participant's words: "Rapporteur’s note, May 2016 …".

    `part` is the title of the session, or empty.
    """
    known = _known(language)
    when = format_date(starts_on, _DATE_PATTERN[precision], locale=known)
    title = part if len(part) <= _LONGEST_PART else part[: _LONGEST_PART - 1].rstrip() + "…"
    return ", ".join(one for one in (_NOTE[known], title, _MEETING[known] % when) if one)


def _known(language: str) -> str:
    code = language.partition("-")[0]
    return code if code in _REMOVED else "en"
