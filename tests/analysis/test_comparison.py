"""Comparisons, words for shares and drafts say what the counts carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.disclosure.closed import quantile
from consult.analysis.disclosure.comparison import newcombe, wilson
from consult.analysis.disclosure.prose import draft_prose
from consult.analysis.disclosure.quantifiers import flags, said
from consult.analysis.disclosure.scales import Scale
from consult.analysis.disclosure.themes import ReleasedTheme, ReleasedThemes, Share, ThemeTable
from consult.analysis.rules import Quantifier
from consult.exports.speaking import voice


@pytest.mark.parametrize(
    ("first", "second", "interval"),
    [
        ((48, 80), (56, 70), (0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.1705, 0.8090)),
        ((0, 20), (10, 10), (0.6791, 1.0)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ],
)
def test_the_interval_is_newcombes(
    first: tuple[int, int], second: tuple[int, int], interval: tuple[float, float]
) -> None:
    """The first two are examples of Newcombe 1998; the others lie at the ends, where simpler intervals fail."""
    assert newcombe(*first, *second) == pytest.approx(interval, abs=6e-4)


@given(st.integers(1, 400), st.data())
def test_an_interval_holds_its_share_and_stays_within_nought_and_one(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    low, high = wilson(count, base)
    assert 0 <= low <= count / base + 1e-12
    assert count / base - 1e-12 <= high <= 1


def test_a_word_that_the_counts_do_not_carry_is_flagged() -> None:
    carried = {"Deterrence": Quantifier.MOST, "Dialogue": Quantifier.SOME}
    text = "Most participants stressed deterrence. Many spoke of dialogue. Some stayed silent. Unity was discussed."
    found = flags(text, "en", carried)
    assert [(flag.word, flag.carried) for flag in found] == [("many", "some"), ("some", "")]
    assert flags("Some participants stressed dialogue.", "en", carried) == []


def test_a_sentence_on_a_meeting_is_held_against_that_meetings_figures() -> None:
    of_all, of_may = {"Dialogue": Quantifier.SOME}, {"Dialogue": Quantifier.MANY}
    text = "At the May conference, 40 answered. Many stressed dialogue.\n\nMany stressed dialogue."
    found = flags(text, "en", of_all, {"May conference": of_may})
    assert [(flag.word, flag.carried) for flag in found] == [("many", "some")]
    assert flags("At the May conference some stressed dialogue.", "en", of_all, {"May conference": of_may})


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "fr",
            "La plupart des participants ont évoqué le dialogue. Presque tous l’ont salué.",
            ["most", "nearly all"],
        ),
        ("fr", "De nombreux participants ont cité le dialogue, certains non.", ["many", "some"]),
        (
            "fr",
            "Quelques participants ont évoqué le dialogue. Personne n’a parlé d’unité.",
            ["a few", "nobody"],
        ),
        ("pl", "Większość uczestników wymieniła dialog. Niemal wszyscy go poparli.", ["most", "nearly all"]),
        (
            "pl",
            "Wielu uczestników mówiło o dialogu, niektórzy nie, nieliczni milczeli.",
            ["many", "some", "a few"],
        ),
        ("de", "Most of the some.", []),
    ],
)
def test_words_of_quantity_are_known_in_each_language(language: str, text: str, found: list[str]) -> None:
    assert said(text, language) == found


@given(st.lists(st.integers(0, 40), min_size=3, max_size=3), st.sampled_from(("en", "fr", "pl")))
def test_a_first_draft_carries_every_word_it_uses(counts: list[int], language: str) -> None:
    codes = ("deterrence", "dialogue", "unity")
    released = ReleasedThemes(
        codebook=tuple(ReleasedTheme(code, code.capitalize(), "", "", None) for code in codes),
        tables=(
            ThemeTable("october", 40, "", tuple(map(Share.of, codes, counts, (40, 40, 40)))),
            ThemeTable("may", None, "fewer than 10 answers", ()),
        ),
        differences=(),
        quantifiers=(),
    )
    scale = Scale((5, 30, 60, 95))
    first, second = draft_prose(released, {"october": "Wilton Park", "may": "Warsaw"}, scale, voice(language))
    carried = {code.capitalize(): scale.word(count, 40) for code, count in zip(codes, counts, strict=True)}
    assert flags(first.text, language, carried) == []
    named = [code.capitalize() in first.text for code in codes]
    assert named == [count > 0 for count in counts]
    assert language != "en" or "fewer than ten" in second.text


@pytest.mark.parametrize(
    ("steps", "middle"), [({1: 1, 5: 1}, 3.0), ({1: 2, 2: 1}, 1.0), ({3: 4}, 3.0), ({1: 1, 2: 1, 3: 2}, 2.5)]
)
def test_a_median_is_the_middle_answer(steps: dict[int, int], middle: float) -> None:
    assert quantile(steps, 1, 2) == middle
