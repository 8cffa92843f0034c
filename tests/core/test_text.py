"""Text as it is kept and as it is searched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.text import fold, tidy, unstorable

ANYTHING = st.text(alphabet=st.characters(exclude_categories=[]), max_size=60)
STORABLE = ANYTHING.filter(lambda text: unstorable(text) is None)


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
