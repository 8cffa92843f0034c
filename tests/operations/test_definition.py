"""A definition file is checked whole, and every fault is named with its line."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.meetings.enums import DatePrecision
from consult.operations.definition import InvalidDefinition, parse, read
from consult.operations.definition.lines import lines_of
from tests.operations.small import SMALL, line_of

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "config" / "consultations").glob("*.toml"))


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidDefinition) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def fault(text: str) -> str:
    (only,) = faults(text)
    return only


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from paths(inner, (*path, number))


def test_a_whole_definition_is_read() -> None:
    definition = parse(SMALL)
    winter, spring = definition.meetings
    assert (winter.starts_on, winter.ends_on, winter.precision) == (
        date(2018, 2, 1),
        date(2018, 2, 1),
        DatePrecision.MONTH,
    )
    assert (spring.ends_on, spring.precision) == (date(2018, 3, 14), DatePrecision.DAY)
    assert winter.short_title == "Winter meeting"
    assert definition.directors[0].email == "director@example.org"
    assert definition.opens_at is None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_place_in_the_shipped_files_has_its_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = lines_of(text)
    assert set(lines) == set(paths(tomllib.loads(text)))
    written = text.splitlines()
    for place, line in lines.items():
        if isinstance(place[-1], str) and not place[-1].startswith("meetings"):
            assert place[-1] in written[line - 1]


AWKWARD = '''\
# a comment with [brackets] and = signs
plain = "a # no comment \\" still"  # a comment
"quoted key" = \'literal \\ [x]\'
a.b.c = 1
many = [ # comment ]
  "one, two", \'three]\',

  """four
five""", [1, { deep = true }],
]
text = """
[not.a.table]
key = "no"
""\"\"\"
[table.inner]
when = 2016-05-09T09:00:00Z
[[rows]]
x = { y = { z = 1 }, "w.v" = [
  2,
] }
[[rows.cells]]
k = -1
[[rows.cells]]
k = 2
[[rows]]
[rows.more]
last = true'''


def test_awkward_toml_has_its_lines_too() -> None:
    lines = lines_of(AWKWARD)
    assert set(lines) == set(paths(tomllib.loads(AWKWARD)))
    for words, place in {
        '"quoted key"': ("quoted key",),
        '"one, two"': ("many", 0),
        "deep": ("many", 3, 1, "deep"),
        "when": ("table", "inner", "when"),
        "  2,": ("rows", 0, "x", "w.v", 0),
        "k = -1": ("rows", 0, "cells", 0, "k"),
        "k = 2": ("rows", 0, "cells", 1, "k"),
        "last": ("rows", 1, "more", "last"),
    }.items():
        assert lines[place] == line_of(AWKWARD, words), place


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\nb = 2\r\n")["b",] == 2


def test_all_faults_are_named_at_once_in_the_order_of_the_file() -> None:
    text = (
        SMALL.replace('title = "Marching orders"', 'titel = "Marching orders"')
        .replace('starts = "2018-02"', 'starts = "February"')
        .replace('meeting = "spring"', 'meeting = "summer"')
    )
    found = faults(text)
    assert [problem.split(":")[0] for problem in found] == [
        "line 1, title",
        f"line {line_of(text, 'titel')}, titel",
        f"line {line_of(text, 'February')}, meetings[1].starts",
        f"line {line_of(text, 'summer')}, askings[3].meeting",
    ]
    assert "this is missing" in found[0]
    assert "not known here" in found[1]
    assert "2015-10" in found[2]
    assert "It has: winter, spring" in found[3]


@pytest.mark.parametrize(
    ("old", "new", "field", "word"),
    [
        ('mode = "confidential"', 'mode = "secret"', "ground_rules.mode", "attributed, confidential"),
        ('mode = "confidential"', "mode = 3", "ground_rules.mode", "text in quotation marks"),
        ('mode = "confidential"', 'mode = "unlinked"\ntiming = "day"', "ground_rules.timing", "none"),
        ('ceiling = "quote_unattributed"', 'ceiling = "all"', "ground_rules.ceiling", "not_for_use"),
        (
            'mode = "confidential"',
            'mode = "confidential"\nsmallest_group = 2',
            "ground_rules.smallest_group",
            "between 3",
        ),
        ('["EE", "LV"]', '["EE", "Latvia"]', "country_groups.Baltic states", "country code"),
        ('["EE", "LV"]', '["EE", "LV"]\nNorth = ["EE"]', "country_groups.North", "already"),
        ('"Director@example.org"', '"nobody"', "programme_directors[1].email", "name@example.org"),
        ('slug = "spring"', 'slug = "winter"', "meetings[2].slug", "meetings[1] has the same"),
        ('slug = "winter"', 'slug = "Winter 1"', "meetings[1].slug", "small letters"),
        ('ends = "2018-03-14"', 'ends = "2018-03-10"', "meetings[2].ends", "before the start"),
        ('ends = "2018-03-14"', 'ends = "2018-04"', "meetings[2].ends", "as exactly"),
        ('starts = "2018-02"', 'starts = "2018-02-30"', "meetings[1].starts", "exists"),
        ('"Europe/Warsaw"', '"Europe/Atlantis"', "meetings[1].time_zone", "Europe/Warsaw"),
        ('"Europe/Warsaw"', '"../../etc/passwd"', "meetings[1].time_zone", "not known"),
        ("to_be_published = true", 'url = "ftp://x.example.org"', "meetings[1].links[1].url", "https://"),
        ("to_be_published = true", 'url = "javascript:alert(1)"', "meetings[1].links[1].url", "https://"),
        ("to_be_published = true", "", "meetings[1].links[1].url", "to_be_published"),
        (
            "to_be_published = true",
            'to_be_published = true\nurl = "https://x.example.org"',
            "meetings[1].links[1].url",
            "leave",
        ),
        ("max_length = 1000", 'max_length = "1000"', "questions[1].max_length", "whole number"),
        ("max_length = 1000", "max_length = true", "questions[1].max_length", "whole number"),
        ("max_length = 1000", "max_length = 0", "questions[1].max_length", "between 1"),
        ("max_length = 1000", "required = 1", "questions[1].required", "true or false"),
        (
            'prompt = { en = "What comes next?" }',
            "",
            "questions[2].wordings[1].prompt",
            "[questions.wordings.prompt]",
        ),
        ('{ en = "What comes next?" }', '{ pl = "Co dalej?" }', "questions[2].wordings[1].prompt", "en ="),
        (
            '{ en = "What comes next?" }',
            '{ en = "x", de = "y" }',
            "questions[2].wordings[1].prompt.de",
            "en, pl",
        ),
        ('{ en = "What comes next?" }', '{ en = " " }', "questions[2].wordings[1].prompt.en", "blank"),
        ('text = "March together."', 'text = "March\\u0000"', "takeaways[1].text", "NUL"),
        ('themes = ["unity"]', 'themes = ["unity", "peace"]', "takeaways[1].themes[2]", "peace"),
        ('parent = "unity"', 'parent = "peace"', "themes[1].parent", "detail, unity"),
        ('parent = "unity"', 'parent = "detail"', "themes[1].parent", "above itself"),
        ('outcomes = ["First.", "Second."]', 'outcomes = ["First.", 2]', "meetings[1].outcomes[2]", "text"),
        ('outcomes = ["First.", "Second."]', 'outcomes = "First."', "meetings[1].outcomes", "brackets"),
        ('language = "en"', 'language = "en"\nopens_at = 2018-01-01', "opens_at", "+02:00"),
        ('language = "en"', 'language = "en"\nopens_at = 2018-01-01T00:00:00', "opens_at", "offset"),
    ],
)
def test_a_fault_is_named_where_it_stands(old: str, new: str, field: str, word: str) -> None:
    text = SMALL.replace(old, new, 1)
    told = {problem.split(": ")[0].partition(", ")[2]: problem for problem in faults(text)}
    assert word in told[field].partition(": ")[2]
    line = int(told[field].removeprefix("line ").split(",")[0])
    key = field.rpartition(".")[2].partition("[")[0]
    assert key in text.splitlines()[line - 1] or "[[" in text.splitlines()[line - 1]


def test_a_wording_that_does_not_exist_cannot_be_asked() -> None:
    text = SMALL.replace('meeting = "spring"', 'meeting = "spring"\nwording = 2')
    assert fault(text).endswith("askings[3].wording: there is no wording “2” in this file. It has: 1.")


def test_closing_comes_after_opening() -> None:
    times = "opens_at = 2018-03-01T09:00:00+01:00\ncloses_at = 2018-03-01T08:00:00Z\n"
    assert "after opening" in fault(times + SMALL)


def test_sections_that_must_be_there_are_asked_for() -> None:
    assert [problem.split(": ")[0] for problem in faults('slug = "x"\ntitle = "X"\n')] == [
        "line 1, askings",
        "line 1, ground_rules",
        "line 1, meetings",
        "line 1, questions",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ('a = "x\n', 1), ("[a\n", 1), ('a = """never closed\n', 2)],
)
def test_broken_toml_is_told_with_its_line(text: str, line: int) -> None:
    told = fault(text)
    assert told.startswith(f"line {line}: this is not valid TOML")


@given(st.text(alphabet="ab=\"[]{}.,#'\n\\ 1", max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text)


def test_a_file_that_is_no_text_is_refused_in_one_sentence(tmp_path: Path) -> None:
    picture = tmp_path / "warsaw.toml"
    picture.write_bytes(b"title = 1\n\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(Invalid, match=r"line 2 .*save it as UTF-8"):
        read(picture)


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"none\.toml cannot be read: No such file"):
        read(tmp_path / "none.toml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8-sig")
    assert read(path).slug == "marching-orders"


def test_brackets_without_end_do_not_break_it() -> None:
    with pytest.raises(Invalid):
        parse("a = " + "[" * 100_000)
