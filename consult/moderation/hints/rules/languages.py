"""Which language a text is probably in: by its script and its commonest words, without a model."""

from collections.abc import Collection

from consult.moderation.hints.rules.folding import Folded
from consult.moderation.hints.rules.patterns import LINK
from consult.moderation.hints.rules.words import word_families

LEAST_WORDS = 6
LEAST_HITS = 3
LEAST_OWN_SCRIPT = 0.2
MOST_OTHER_SCRIPT = 0.5
CLEARLY = 2
"""How many times more of its words the other language must account for."""

_PROFILES = {language: frozenset(common) for language, common in word_families("common").items()}

_SCRIPTS: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("Cyrillic", "\u0400", "\u052f", frozenset({"uk", "ru", "bg", "sr", "mk", "be", "kk", "mn", "ky", "tg"})),
    ("Greek", "\u0370", "\u03ff", frozenset({"el"})),
    ("Arabic", "\u0600", "\u06ff", frozenset({"ar", "fa", "ur", "ps", "ku"})),
    ("Hebrew", "\u0590", "\u05ff", frozenset({"he", "yi"})),
    ("Han", "\u3400", "\u9fff", frozenset({"zh", "ja", "yue"})),
    ("Kana", "\u3040", "\u30ff", frozenset({"ja"})),
    ("Hangul", "\uac00", "\ud7af", frozenset({"ko"})),
    ("Georgian", "\u10a0", "\u10ff", frozenset({"ka"})),
    ("Armenian", "\u0530", "\u058f", frozenset({"hy"})),
)
_ELSEWHERE = frozenset(language for _, _, _, written in _SCRIPTS for language in written)


def probable_language(text: Folded, languages: Collection[str] = ()) -> str:
    """The likeliest of `languages` (of all known where none is named), or "" where too little speaks for it."""
    words = [word.plain for word in text.words]
    if len(words) < LEAST_WORDS:
        return ""
    wanted = {language.partition("-")[0] for language in languages} or _PROFILES.keys()
    hits = {
        language: sum(word in _PROFILES[language] for word in words) for language in wanted & _PROFILES.keys()
    }
    best = max(hits, key=lambda language: (hits[language], language), default="")
    return best if best and hits[best] >= LEAST_HITS else ""


def is_unexpected(text: Folded, label: str, languages: Collection[str]) -> bool:
    """Whether the words are clearly in another language than `label` says. Silent where it cannot tell."""
    labelled = label.partition("-")[0]
    if (other_script := _other_script(text.text, labelled)) is not None:
        return other_script
    if labelled not in _PROFILES:
        return False
    candidates = {language.partition("-")[0] for language in languages} | {"en", "fr", "pl", "de", "es"}
    best = probable_language(text, candidates)
    if best in {"", labelled}:
        return False
    words = [word.plain for word in text.words]
    theirs = sum(word in _PROFILES[best] for word in words)
    ours = sum(word in _PROFILES[labelled] for word in words)
    return theirs >= LEAST_HITS and theirs >= CLEARLY * ours + 1


def _other_script(text: str, labelled: str) -> bool | None:
    """True or False where the letters' script settles it, else None. Foreign names and links settle nothing."""
    letters = [c for c in LINK.sub(" ", text) if c.isalpha()]
    if len(letters) < LEAST_WORDS:
        return False
    for _name, first, last, written in () if text.isascii() else _SCRIPTS:
        share = sum(first <= c <= last for c in letters) / len(letters)
        if labelled in written and share > LEAST_OWN_SCRIPT:
            return False
        if labelled not in written and share > MOST_OTHER_SCRIPT:
            return True
    return True if labelled in _ELSEWHERE and labelled not in _PROFILES else None
