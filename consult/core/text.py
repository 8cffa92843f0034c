"""Text as it is kept and as it is searched."""

import re
import unicodedata

from consult.core.errors import Said

_NEWLINES = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FLAG = "\U0001f3f4"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0001]"
    f"|(?<![{_FLAG}\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
)
"""Controls, soft hyphens, overrides of direction, and tags but for those of a flag.

Nobody sees them, and with them words would read otherwise than they stand: a name that no hint and no search finds.
"""
_LETTER = "A-Za-z0-9\u00c0-\u02af\u0370-\u0482\u048a-\u052f"
_BREAKS_WITH = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff"
_TORN = re.compile(
    f"(?<=[{_LETTER}])[\u200b-\u200d]+(?=[{_LETTER}])|(?<![{_BREAKS_WITH}])\u200b|\u200b(?![{_BREAKS_WITH}])"
)
"""Joiners inside a word of letters that never join; a break without width outside the scripts that end words so."""
_GOES_WITH = re.compile(
    "[\u200c\u200d\u0e33\u0eb3\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
"""Beside marks: joiners, Thai and Lao am, Hangul vowels and finals, kana voicing, skin tones, tags of flags."""
_CONSONANTS = (
    "\u0915-\u0939\u0958-\u095f\u0978-\u097f\u0995-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9\u09dc\u09dd\u09df"
    "\u09f0\u09f1\u0a95-\u0aa8\u0aaa-\u0ab0\u0ab2\u0ab3\u0ab5-\u0ab9\u0af9\u0b15-\u0b28\u0b2a-\u0b30\u0b32\u0b33"
    "\u0b35-\u0b39\u0b5c\u0b5d\u0b5f\u0b71\u0c15-\u0c28\u0c2a-\u0c39\u0c58-\u0c5a\u0d15-\u0d3a"
)
_JOINING = "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d"
_BETWEEN = f"[{_JOINING}\u093c\u09bc\u0abc\u0b3c\u0c3c\u200d]*"
_CONJUNCT = re.compile(f"[{_CONSONANTS}]{_BETWEEN}[{_JOINING}]{_BETWEEN}(?=[{_CONSONANTS}])")
"""A consonant of Devanagari, Bengali, Gujarati, Oriya, Telugu or Malayalam that the next one is joined to."""
_MOST_KEPT = 0x3000
_WORD = re.compile(r"\w+")


class _Plain(dict[int, str | int | None]):
    """Each character → what a search sees of it. The characters of living languages are looked up once."""

    def __missing__(self, point: int) -> str | int | None:
        seen = None if unicodedata.combining(chr(point)) else point
        if point < _MOST_KEPT:
            self[point] = seen
        return seen


_LETTERS: dict[str, str | int | None] = {
    "ł": "l",
    "đ": "d",
    "ø": "o",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
}
_PLAIN = _Plain(str.maketrans(_LETTERS))
_CJK = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003134f]+"
)


def unstorable(text: str) -> str | None:
    """Why a text cannot be stored, or None. NUL and lone surrogates are refused, never silently dropped."""
    if "\x00" in text:
        return Said("a NUL character")
    if not text.isascii() and _SURROGATE.search(text):
        return Said("a broken character (half of a surrogate pair)")
    return None


def tidy(text: str) -> str:
    """NFC, line breaks as \\n, nothing that nobody sees, no blank ends. Line breaks inside are kept."""
    kept = _UNSEEN.sub("", _NEWLINES.sub("\n", text))
    if not kept.isascii():  # an accent may stand apart from its letter, and with it apart from the next
        kept = _TORN.sub("", unicodedata.normalize("NFC", _TORN.sub("", kept)))
    if "\n" not in kept:
        return kept.strip()
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


def characters(text: str) -> int:
    """How many characters somebody counts who reads the text, by the rule of js/characters.js.

    What goes with the character before it is none of its own: marks, joiners, skin tones, what follows a joiner in a
    picture, the second letter of a flag, vowels and finals of a Hangul syllable that is spelled out, the consonants
    of an Indic conjunct. This is what Unicode calls grapheme clusters.
    """
    if text.isascii():
        return len(text)
    count, joined, flag = 0, False, False
    for character in text:
        kind = "" if character < "\u0300" else unicodedata.category(character)
        second = flag and "\U0001f1e6" <= character <= "\U0001f1ff"
        if (
            not (kind[:1] == "M" or second or (joined and kind == "So") or _GOES_WITH.match(character))
            or not count
        ):
            count += 1
        joined = character == "\u200d"
        flag = not second and "\U0001f1e6" <= character <= "\U0001f1ff"
    return count - len(_CONJUNCT.findall(text))


def fold(text: str) -> str:
    """The search form: NFKD without accents, case-folded, ł and its like as plain letters, CJK runs as bigrams."""
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    spaced = _CJK.sub(lambda run: f" {_bigrams(run.group())} ", unicodedata.normalize("NFC", plain))
    return " ".join(_WORD.findall(spaced))


def _bigrams(run: str) -> str:
    return run if len(run) == 1 else " ".join(run[i : i + 2] for i in range(len(run) - 1))
