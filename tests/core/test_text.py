"""Text as it is kept and as it is searched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.text import characters, fold, tidy, unstorable

ANYTHING = st.text(alphabet=st.characters(exclude_categories=[]), max_size=60)
STORABLE = ANYTHING.filter(lambda text: unstorable(text) is None)


COUNTED = {
    "स्त्री क्षमा": 4,
    "ক্ষমা స్త్రీ": 4,
    "क\u093c\u094dक क\u094d\u200dष क\u094d\u200cष": 6,
    "": 0,
    "two\nlines": 9,
    "zażółć": 6,
    "x\u0301\u0302y": 2,
    "👩‍👩‍👧‍👦": 1,
    "👍🏽!": 2,
    "🇵🇱🇺🇦🇬": 3,
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": 1,
    "1️⃣": 1,
    "❤️‍🔥": 1,
    "กำ": 1,
    "각ᄀ": 2,
    "العَرَبِيَّة": 7,
    "한국": 2,
}
"""Text → how many characters a reader sees; a browser's own counting agrees, see the browser tests."""


@pytest.mark.parametrize(("written", "count"), COUNTED.items())
def test_characters_are_counted_as_a_reader_sees_them(written: str, count: int) -> None:
    assert characters(written) == count
    assert characters(f"a{written}b") == count + 2


@given(STORABLE)
def test_no_more_characters_are_counted_than_there_are_code_points(text: str) -> None:
    assert bool(text) <= characters(text) <= len(text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  two \r\n lines\r\n\r\n", "two\n lines"),
        ("a\u2028b\u2029c\x0bd\rE", "a\nb\nc\nd\nE"),
        ("e\u0301", "é"),
        ("bell\x07 and escape\x1b[0m", "bell and escape[0m"),
        ("tab\tstays", "tab\tstays"),
        ("\u200fالعربية\u200f 🕊️", "\u200fالعربية\u200f 🕊️"),
        (" \n\t ", ""),
        ("Ko\u00adwal\u200bs\u2060ki \ufeff", "Kowalski"),
        ("Ko\u200dwal\u200c\u200bski", "Kowalski"),
        ("by \u202eikslawoK\u202c, \u202aso\u202c", "by ikslawoK, so"),
        ("e\u200b\u0301 e\x07\u0301", "é é"),
        ("می\u200cخواهم 👩\u200d👧 \u2067a\u2069", "می\u200cخواهم 👩\u200d👧 \u2067a\u2069"),
        ("ភាសា\u200bខ្មែរ", "ភាសា\u200bខ្មែរ"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f a\U000e0041",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f a",
        ),
    ],
)
def test_what_is_kept(written: str, kept: str) -> None:
    assert tidy(written) == kept


@given(STORABLE)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfffy"])
def test_what_cannot_be_stored_is_named(text: str) -> None:
    assert unstorable(text)


def test_pairs_of_surrogates_are_ordinary_characters() -> None:
    assert unstorable("🕊️ ąęłżź العربية") is None


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("Łódź", "LODZ"),
        ("Żółć — gęślą", "zolc gesla"),
        ("Straße", "strasse"),
        ("Ærø, Œuvre", "aero OEUVRE"),
        ("Café\u0301", "cafe"),
        ("ＮＡＴＯ", "nato"),
        ("КИРИЛЛИЦА", "кириллица"),
    ],
)
def test_search_sees_through_accents_and_case(text: str, search: str) -> None:
    assert fold(text) == fold(search)


def test_chinese_is_searched_by_pairs() -> None:
    assert fold("服務內容") == "服務 務內 內容"
    assert set(fold("務內").split()) <= set(fold("Uber的服務內容").split())


@given(STORABLE)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text) or any(c >= "\u3400" for c in text)
