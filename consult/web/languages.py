"""Which languages pages speak, in which others a consultation's own words are read, and in which answers come."""

from collections.abc import Iterable, Sequence

from babel import Locale, UnknownLocaleError
from flask import g, request, session
from flask_babel import get_locale

from consult.consultations.models import Consultation
from consult.core.text import fold
from consult.moderation.hints.rules.folding import folded
from consult.moderation.hints.rules.languages import is_unexpected, probable_language
from consult.web.session_cookie import LANGUAGE, READING

LANGUAGES = ("en", "fr", "pl")
"""What the program's own words are in."""
HELD_IN = (
    *LANGUAGES,
    "ar",
    "cs",
    "de",
    "es",
    "et",
    "it",
    "lt",
    "lv",
    "nl",
    "pt",
    "ro",
    "ru",
    "sv",
    "tr",
    "uk",
)
"""What the set-up offers for a consultation's words."""
WRITTEN_IN = (
    *HELD_IN, "az", "be", "bg", "bs", "ca", "da", "el", "fa", "fi", "ga", "he", "hi", "hr", "hu", "hy", "is", "ja",
    "ka", "kk", "ko", "ky", "mk", "mn", "mt", "nb", "sk", "sl", "sq", "sr", "tg", "tk", "ur", "uz", "vi", "zh",
)  # fmt: skip
"""What the desk offers for an answer that it enters, beside the consultation's own."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def choose() -> None:
    """Keep the language that the address names: the page's, or one that only the consultation's words are in."""
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES:
        session[LANGUAGE] = chosen
        session.pop(READING, None)
    elif chosen in WRITTEN_IN:
        session[READING] = chosen


def reads(consultation: Consultation) -> None:
    """This page shows that consultation's words: its languages can be chosen on it, and its convenor heads it."""
    g.convenor = consultation.convenor
    g.consultation_languages = tuple(consultation.languages)
    g.consultation_language = consultation.language


def read_language() -> str:
    """The language in which its reader wants a consultation's words, which may be one that the page does not speak."""
    chosen = session.get(READING)
    if chosen in g.get("consultation_languages", ()):
        return str(chosen)
    return str(get_locale() or "en").partition("_")[0]


def language_of(words: str) -> str:
    """What an answer is marked to be in: as the question was read, unless its words are clearly in another language.

    What holds no words says nothing of what its giver reads.
    """
    read, plain = read_language(), folded(words)
    own = str(g.get("consultation_language", read))
    if not words:
        return own
    expected = {*LANGUAGES, *g.get("consultation_languages", ())}
    return (probable_language(plain, expected) or own) if is_unexpected(plain, read, expected) else read


def offered() -> list[tuple[str, str]]:
    """What can be chosen on this page, each by its own name: the languages of pages, then the consultation's others."""
    codes = dict.fromkeys([*LANGUAGES, *g.get("consultation_languages", ())])
    return [(code, language_name(code)) for code in codes]


def of_answers(consultation: Consultation) -> list[tuple[str, str]]:
    """In what an answer may be written, in the reader's words: the consultation's own languages first."""
    named = Locale.parse(str(get_locale() or "en")).languages
    others = sorted(_other(consultation.languages), key=lambda code: fold(str(named.get(code, code))))
    return [
        (code, str(named.get(code, code)).capitalize())
        for code in dict.fromkeys([consultation.language, *consultation.languages, *others])
    ]


def direction(language: str) -> str:
    """Which way a text in it runs."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def language_name(code: str) -> str:
    """A language by its own name: "Polski"."""
    try:
        name = Locale.parse(code, sep="-").get_language_name(code.partition("-")[0])
    except (UnknownLocaleError, ValueError):
        name = None
    return name[:1].upper() + name[1:] if name else code


def _other(own: Sequence[str]) -> Iterable[str]:
    return (code for code in WRITTEN_IN if code not in own)
