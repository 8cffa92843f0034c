"""Each kind reads what people type, keeps it in one way, and gives it back as a form, a cell and a count."""

import re
from pathlib import Path
from typing import Any

import pytest

from consult.consultations.kinds import DEFAULT, KINDS, OTHER, Condition, limits_meant, shown
from consult.consultations.models import Question
from consult.core.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = [
    {"code": code, "label": {"en": code.title(), "fr": f"{code} (fr)"}} for code in ("alpha", "beta", "gamma")
]


def asked(kind: str, *, required: bool = True, **settings: Any) -> Question:
    return Question(code="q", kind=kind, required=required, max_length=40, settings=settings, wordings=[])


EXAMPLES: list[tuple[Question, list[str], str, tuple[str, ...] | None, str]] = [
    (asked("open_text"), [], " Unity. \r\n", None, "Unity."),
    (asked("single_choice", options=OPTIONS), ["beta"], "not asked for", ("beta",), ""),
    (asked("single_choice", options=OPTIONS, other=True), [OTHER], " delta ", (OTHER,), "delta"),
    (asked("several_choices", options=OPTIONS, other=True), ["gamma", "alpha"], "", ("alpha", "gamma"), ""),
    (asked("scale", points=7, no_view=True), ["7"], "", ("7",), ""),
    (asked("scale", points=7, no_view=True), ["no_view"], "", ("no_view",), ""),
    (asked("number", decimals=2), ["1 234,50"], "", ("1234.5",), ""),
    (asked("number"), ["−0"], "", ("0",), ""),
    (asked("date"), ["8", "7", "2016"], "", ("2016-07-08",), ""),
    (asked("country"), ["PL"], "", ("PL",), ""),
]
"""Question, what is sent, words, and what is kept of both."""


@pytest.mark.parametrize(("question", "sent", "said", "choices", "words"), EXAMPLES)
def test_what_is_kept_comes_out_of_its_own_form_again(
    question: Question, sent: list[str], said: str, choices: tuple[str, ...] | None, words: str
) -> None:
    kind = KINDS[question.kind]
    given = kind.parse(question, sent, said)
    assert (given.choices, given.words) == (choices, words)
    assert kind.parse(question, choices or (), words) == given, "kept choices are read as they are"
    assert kind.parse(question, kind.typed(question, choices or ()), words) == given, "the form filled again"
    if kind.closed:
        assert len(kind.cells(question, choices or ())) == len(kind.columns(question)) >= 1
        assert kind.tally(question, [choices or ()] * 3).base == 3
        assert sum(kind.tally(question, [choices or ()] * 3).counts.values()) == 3 * len(choices or ())


REFUSED: list[tuple[Question, list[str], str]] = [
    (asked("open_text"), [], " "),
    (asked("open_text"), [], "x" * 41),
    (asked("single_choice", options=OPTIONS), [], ""),
    (asked("single_choice", options=OPTIONS), ["delta"], ""),
    (asked("single_choice", options=OPTIONS), ["alpha", "beta"], ""),
    (asked("single_choice", options=OPTIONS), [OTHER], "not offered"),
    (asked("single_choice", options=OPTIONS, other=True), [OTHER], ""),
    (asked("single_choice", options=OPTIONS, other=True), [OTHER], "x" * 41),
    (asked("several_choices", options=OPTIONS, most=1), ["alpha", "beta"], ""),
    (asked("several_choices", options=OPTIONS, least=2), ["alpha"], ""),
    (asked("several_choices", options=OPTIONS), ["alpha\x00"], ""),
    (asked("scale", points=5), ["6"], ""),
    (asked("scale", points=5), ["no_view"], ""),
    (asked("number"), ["about 5"], ""),
    (asked("number"), ["1.5"], ""),
    (asked("number", least="0", most="100"), ["101"], ""),
    (asked("number"), ["9" * 400], ""),
    (asked("number"), ["NaN"], ""),
    (asked("date"), ["30", "2", "2016"], ""),
    (asked("date"), ["", "7", "2016"], ""),
    (asked("date", earliest="2016-07-08"), ["7", "7", "2016"], ""),
    (asked("date"), ["1", "2", "3", "4"], ""),
    (asked("country"), ["XX"], ""),
    (asked("country"), ["PL", "GB"], ""),
]


@pytest.mark.parametrize(("question", "sent", "said"), REFUSED)
def test_what_cannot_be_kept_is_refused_at_its_field(question: Question, sent: list[str], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        KINDS[question.kind].parse(question, sent, said)
    assert refused.value.field in {"choice", "text"}
    assert str(refused.value).endswith(".")


def test_nothing_is_nothing_where_no_answer_is_required() -> None:
    for kind in KINDS.values():
        question = asked(kind.code, required=False, options=OPTIONS, points=5)
        assert not kind.parse(question, ["", " "] if kind.closed else (), "")


def test_cells_of_a_spreadsheet_are_read_in_codes_and_in_words() -> None:
    single, several = (
        asked("single_choice", options=OPTIONS),
        asked("several_choices", options=OPTIONS, other=True),
    )
    read = [
        KINDS["single_choice"].from_cell(single, "Beta (FR)").choices,
        KINDS["several_choices"].from_cell(several, "gamma; Alpha; something else").choices,
        KINDS["country"].from_cell(asked("country"), "Pologne").choices,
        KINDS["date"].from_cell(asked("date"), "08/07/2016").choices,
        KINDS["date"].from_cell(asked("date"), "2016-07-08 00:00:00").choices,
        KINDS["number"].from_cell(asked("number", decimals=1), "12,5").choices,
        KINDS["scale"]
        .from_cell(asked("scale", points=2, labels=[{"en": "no"}, {"en": "yes"}]), "Yes")
        .choices,
    ]
    assert read == [
        ("beta",), ("alpha", "gamma", OTHER), ("PL",), ("2016-07-08",), ("2016-07-08",), ("12.5",), ("2",),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        KINDS["single_choice"].from_cell(single, "something else")


def test_a_number_is_told_as_its_reader_writes_it() -> None:
    told = {
        code: KINDS["number"].words(asked("number"), ["-1234.5"], code)[0]
        for code in ("en", "fr", "pl", "ar", "?")
    }
    assert told == {"en": "-1234.5", "fr": "-1234,5", "pl": "-1234,5", "ar": "-1234.5", "?": "-1234.5"}


def test_numbers_are_counted_in_bands_and_days_in_months() -> None:
    number, day = KINDS["number"], KINDS["date"]
    assert number.tally(asked("number", least="0", most="100"), [("0",), ("9",), ("10",), ("100",)]).counts == {
        "0 … 10": 2, "10 … 20": 1, "100 … 100": 1,
    }  # fmt: skip
    assert number.tally(asked("number"), [("7",), ("-30",), ("4200",)]).counts == {
        "-100 … -10": 1, "1 … 10": 1, "1000 … 10000": 1,
    }  # fmt: skip
    assert day.tally(asked("date"), [("2016-07-08",), ("2016-07-09",)]).counts == {"2016-07": 2}


def test_a_condition_on_a_question_that_is_not_shown_does_not_hold() -> None:
    first, second, third = (asked("single_choice", options=OPTIONS) for _ in range(3))
    first.code, second.code, third.code = "first", "second", "third"
    second.condition = {"question": "first", "any_of": ["alpha"]}
    third.condition = {"question": "second", "any_of": []}
    answers = {"first": ["alpha"], "second": ["beta"]}
    assert shown([first, second, third], answers) == [first, second, third]
    assert shown([first, second, third], answers | {"first": ["beta"]}) == [first]
    assert not Condition("first").holds({})


def test_limits_hold_from_the_least_to_the_most_and_for_nothing_else() -> None:
    second = asked("open_text")
    second.code, second.condition = (
        "second",
        {"question": "first", "any_of": [], "least": "9.5", "most": "100"},
    )
    number = asked("number", decimals=1)
    number.code = "first"
    told = {"9.4": False, "9.5": True, "10": True, "100": True, "100.1": False, "-20": False}
    assert {typed: second in shown([number, second], {"first": [typed]}) for typed in told} == told
    assert second not in shown([number, second], {})
    second.condition = {"question": "first", "any_of": [], "least": "2016-07-08"}
    day = asked("date")
    day.code = "first"
    said = {"2016-07-07": False, "2016-07-08": True, "2017-01-01": True}
    assert {typed: second in shown([day, second], {"first": [typed]}) for typed in said} == said
    for kind in ("country", "number"):
        day.kind = kind
        assert second not in shown([day, second], {"first": ["7"]}), "days are not its limits any more"


@pytest.mark.parametrize(
    ("question", "least", "most", "field"),
    [
        (asked("number"), "", " ", "least"),
        (asked("number"), "many", "", "least"),
        (asked("number"), "1", "1e5", "most"),
        (asked("number"), "10", "9", "most"),
        (asked("number", least="0", most="8"), "8.5", "", "least"),
        (asked("number", least="0", most="8"), "", "-1", "least"),
        (asked("number", decimals=0), "2.2", "2.8", "least"),
        (asked("date"), "2016-02-30", "", "least"),
        (asked("date", latest="2016-07-08"), "9.7.2016", "", "least"),
    ],
)
def test_limits_that_no_answer_can_meet_are_refused_at_their_field(
    question: Question, least: str, most: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        limits_meant(least, most, KINDS[question.kind], question.settings)
    assert refused.value.field == field
    assert limits_meant("2,50", "", KINDS["number"], {"decimals": 1}) == {"least": "2.5"}
    assert limits_meant("8.7.2016", "2016-7-9", KINDS["date"], {}) == {
        "least": "2016-07-08",
        "most": "2016-07-09",
    }


def test_a_kind_is_named_in_its_module_and_its_template_alone() -> None:
    """So that adding one touches nothing else: the registry finds it, and templates are found by its code."""
    closed = [code for code in KINDS if code != DEFAULT]
    named = re.compile(rf"""["']({"|".join(closed)})["']|KINDS\[["']""")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("consult", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"}
        and path.parent.name != "kinds"
        and "vendor" not in path.parts
        and (match := named.search(path.read_text(encoding="utf-8")))
        and match.group().strip("\"'") not in {"country", "number", "date", "statement", "scale"}
    }
    assert found == set()
    assert [code for code in KINDS if not (ROOT / "templates" / KINDS[code].template).is_file()] == []
