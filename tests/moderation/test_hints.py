"""What hints find in words, where exactly, and what they leave alone."""

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.moderation.enums import HintKind
from consult.moderation.hints.rules.finding import REDACTS_AS, find
from consult.moderation.hints.rules.folding import folded
from consult.moderation.hints.rules.people import Person, Roster, topics_in
from tests.moderation.planted import HARD, measured, planted_roster, sentences, whole_kinds, written

ROSTER = Roster(
    [
        Person("Jan Brzozowski", "jan.brzozowski@example.org", "PL", "Ministry of foreign affairs"),
        Person("Zofia Łęcka", "", "PL", "Baltic Security Observatory (BSO)", "Senior analyst"),
        Person("Mari Tamm", "", "EE", "Embassy", "", "a diplomat"),
        Person("Thomas Long", "", "GB", "Thornbury House"),
        Person("王小明", "", "CN", "研究所"),
        Person("ليلى حداد", "", "LB", ""),
        Person("Participant 017", "participant-017@example.org", "US", "Newspaper"),
    ]
)


def spans(text: str, kind: HintKind, language: str = "en") -> list[str]:
    return [text[hit.starts : hit.ends] for hit in find(text, language, ROSTER) if hit.kind is kind]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("I agree with Łęcka on this.", "en", "Łęcka"),
        ("I agree with LECKA on this.", "en", "LECKA"),
        ("Zgadzam się z Łęcką.", "pl", "Łęcką"),
        ("Zgadzam się z Łe\u0328cką.", "pl", "Łe\u0328cką"),
        ("🙂🙂 mówi Brzozowskiemu 🙂", "pl", "Brzozowskiemu"),
        ("👩‍👩‍👧 Brzozowski 👍🏽", "en", "Brzozowski"),
        ("قالت ليلى حداد ذلك", "ar", "ليلى حداد"),
        ("我同意王小明的看法。", "zh", "王小明"),
        ("As Participant 017 said, no.", "en", "Participant 017"),
        ("ﬁne, says Mari\u0301.", "en", "Mari\u0301"),
    ],
)
def test_a_span_is_in_code_points_of_the_text_as_written(text: str, language: str, words: str) -> None:
    assert spans(text, HintKind.PERSON, language) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "A long plan. Long roads. The LONG VIEW.",
        "Every newspaper and every embassy wants a ministry of foreign affairs that answers.",
        "Participants should participate, as all 17 did.",
        "Brzoza is a birch and Tammany is a hall.",
        "The mariners and Marian agree.",
    ],
)
def test_what_only_looks_like_the_roster_is_left_alone(text: str) -> None:
    assert [hit for hit in find(text, "en", ROSTER) if hit.kind in REDACTS_AS] == []


def test_an_organisation_of_generic_words_counts_as_a_name_only() -> None:
    assert spans("Ask the Ministry of Foreign Affairs.", HintKind.ORGANISATION) == [
        "Ministry of Foreign Affairs"
    ]
    assert spans("Ask any ministry of foreign affairs.", HintKind.ORGANISATION) == []


def test_places_come_from_the_roster_and_not_from_what_everybody_was_asked() -> None:
    text = "Estonia, France and Poland; Tallinn, Warsaw and a polish on it."
    assert spans(text, HintKind.PLACE) == ["Estonia", "Poland", "Tallinn", "Warsaw"]
    asked = Roster(
        [Person("A", country="PL"), Person("B", country="EE")], topics=topics_in(["The Warsaw Summit"])
    )
    found = [text[hit.starts : hit.ends] for hit in find(text, "en", asked)]
    assert found == ["Estonia", "Poland", "Tallinn"]


def test_us_is_a_country_in_capitals_alone() -> None:
    assert spans("It helps us if the US and the UK stay.", HintKind.PLACE) == ["US", "UK"]


def test_a_combination_that_enough_people_share_is_none() -> None:
    def found(people: int) -> bool:
        crowd = [Person(f"Person {n}", country="EE", role_label="a diplomat") for n in range(people)]
        hits = find("Every Estonian diplomat knows.", "en", Roster(crowd, smallest_group=5))
        return any(hit.kind is HintKind.COMBINATION for hit in hits)

    assert [found(1), found(4), found(5)] == [True, True, False]


def test_nobody_with_a_combination_looks_like_one_with_it() -> None:
    """Else the hint would tell a rapporteur that somebody of that description is on the roster."""
    text = "Every Estonian journalist knows."
    without = Roster([Person("A", country="EE", role_label="a diplomat")])
    with_one = Roster([Person("A", country="EE", role_label="a journalist")])
    assert find(text, "en", without) == find(text, "en", with_one)


@pytest.mark.parametrize(
    "text", ["2014-2016", "1 000 000 000", "12.05.2016", "2,000,000 soldiers", "Article 5, 28 allies", "112"]
)
def test_numbers_that_are_no_telephone(text: str) -> None:
    assert spans(f"Spend {text} on it.", HintKind.TELEPHONE) == []


def test_folding_keeps_every_place() -> None:
    for text in ("ŁÓDŹ ﬁn ß ½ 🙂 e\u0301 ﷺ İstanbul", "plain", "", "\u0301 alone"):
        plain = folded(text)
        assert len(plain.places) == len(plain.plain)
        assert all(0 <= place < len(text) for place in plain.places)
        for word in plain.words:
            assert 0 <= word.starts < word.ends <= len(text)


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "pl", "zh", "ar", "", "xx"]))
def test_any_text_has_valid_spans(text: str, language: str) -> None:
    hits = find(text, language, ROSTER, ["en", "pl"])
    assert hits == sorted(set(hits))
    assert all(0 <= hit.starts <= hit.ends <= len(text) for hit in hits)
    assert all(hit.starts < hit.ends for hit in hits if hit.kind in REDACTS_AS)


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "@a",
        "1 ",
        "a.",
        "@",
        "as a ",
        "my ",
        "Dr A ",
        "(at)",
        "é",
        "I ed ",
        "Polish officer ",
        "Long ",
        "Łęcka ",
    ],
)
def test_a_long_and_odd_text_takes_no_more_than_its_length(part: str) -> None:
    """Were a pattern quadratic, this would take very long."""
    find(part * 30_000 + ".b", "en", ROSTER, ["en"])


def test_recall_on_planted_sentences_does_not_fall() -> None:
    planted = written()
    result = measured(planted, "sentences", "clean")
    usual = result.marked.total() - result.marked[HARD]
    assert usual >= 100
    assert (result.met.total() - result.met[HARD]) / usual >= 0.97, result.missed
    assert result.right.total() / result.hinted.total() >= 0.97, result.wrong


def test_precision_on_unseen_sentences_does_not_fall() -> None:
    result = measured(written(), "unseen")
    assert result.right.total() / result.hinted.total() >= 0.9, result.wrong


@pytest.mark.parametrize("whole", ["no_answer", "language", "shouting"])
def test_what_is_said_of_a_whole_answer(whole: str) -> None:
    planted = written()
    parts = [part for part in planted["wholes"] if part["whole"] == whole]
    roster, languages = planted_roster(planted), planted["languages"]
    for sentence in sentences(parts):
        assert whole in whole_kinds(sentence, roster, languages), sentence.text
    for sentence in sentences([*planted["sentences"], *planted["unseen"], *planted["clean"]]):
        assert whole not in whole_kinds(sentence, roster, languages), sentence.text


def test_a_very_long_answer_is_called_long() -> None:
    assert {hit.kind for hit in find("A bridge. " * 200, "en", Roster())} == {HintKind.LONG}


def test_every_kind_with_a_span_offers_a_redaction() -> None:
    of_the_whole = {HintKind.NO_ANSWER, HintKind.LANGUAGE, HintKind.LONG, HintKind.SHOUTING}
    assert set(REDACTS_AS) == set(HintKind) - of_the_whole


def test_real_statements_are_mostly_left_alone(shared_data: Path) -> None:
    """Statements of strangers to a roster: what is hinted but for their country is rare."""
    path = shared_data / "polis" / "march-on.operation-marchin-orders" / "comments.csv"
    with path.open(encoding="utf-8", newline="") as file:
        statements = [row["comment-body"] for row in csv.DictReader(file)]
    some = random.Random(7).sample(statements, 500)
    roster = planted_roster(written())
    telling = set(REDACTS_AS) - {HintKind.PLACE}
    hinted = [text for text in some if any(hit.kind in telling for hit in find(text, "en", roster, ["en"]))]
    assert len(hinted) / len(some) < 0.05, hinted
    for text in statements:
        for hit in find(text, "en", roster, ["en"]):
            assert 0 <= hit.starts < hit.ends <= len(text)
