"""Text as it is kept and as it is searched."""

import re
import unicodedata

_NEWLINES = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c")
_FOLDED_LETTERS = str.maketrans(
    {
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
)
_CJK = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003134f]+"
)


def unstorable(text: str) -> str | None:
    """Why a text cannot be stored, or None. NUL and lone surrogates are refused, never silently dropped."""
    if "\x00" in text:
        return "a NUL character"
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        return "a broken character (half of a surrogate pair)"
    return None


def tidy(text: str) -> str:
    """NFC, line breaks as \\n, no other control characters, no blank ends. Line breaks inside are kept."""
    text = unicodedata.normalize("NFC", _NEWLINES.sub("\n", text))
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return "\n".join(line.rstrip() for line in "".join(kept).split("\n")).strip()


def fold(text: str) -> str:
    """The search form: NFKD without accents, case-folded, ł and its like as plain letters, CJK runs as bigrams."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FOLDED_LETTERS)
    spaced = _CJK.sub(lambda run: f" {_bigrams(run.group())} ", unicodedata.normalize("NFC", plain))
    return " ".join(re.findall(r"\w+", spaced))


def _bigrams(run: str) -> str:
    return run if len(run) == 1 else " ".join(run[i : i + 2] for i in range(len(run) - 1))
