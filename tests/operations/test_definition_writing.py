"""A definition that is downloaded is one that `load` takes unchanged."""

import tomllib
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from consult.operations.definition import InvalidDefinition, parse
from consult.operations.definition.writing import toml, written
from consult.operations.loading.consultation import load
from consult.settings import folder
from tests.operations.small import SMALL

WARSAW = (folder("config") / "consultations" / "warsaw-2016.toml").read_text(encoding="utf-8")
KINDS = """
[[questions]]
code = "how-sure"
kind = "scale"
required = false
page = 2
points = 3
no_view = true
[[questions.labels]]
en = "not \\"at all\\""
pl = "wcale"
[[questions.labels]]
en = "wholly"
[[questions.wordings]]
version = 4
prompt = { en = "How sure?\\nSay so." }
[questions.shown_if]
question = "which"
any_of = ["a"]

[[askings]]
question = "how-sure"
meeting = "spring"
wording = 4
session = "Opening"
"""
CHOICE = """
[[questions]]
code = "which"
kind = "several_choices"
other = true
[[questions.options]]
code = "a"
label = { en = "This \\\\ one" }
[[questions.options]]
code = "b"
label = { en = "That" }
[[questions.wordings]]
version = 1
prompt = { en = "Which?" }

[[askings]]
question = "which"
meeting = "spring"
"""
LIMITS = """
[[questions]]
code = "share"
kind = "number"
page = 3
decimals = 1
[[questions.wordings]]
version = 1
prompt = { en = "What share?" }
[[questions]]
code = "why"
page = 3
[[questions.wordings]]
version = 1
prompt = { en = "Why so much?" }
[questions.shown_if]
question = "share"
least = 12.50
most = "75"
[[askings]]
question = "share"
meeting = "spring"
[[askings]]
question = "why"
meeting = "spring"
"""
RULES = 'breakdown = ["language"]\nanswers_kept_months = 18\n'
MORE = SMALL.replace("promise = ", f"{RULES}promise = ").replace(
    '"Baltic states"', '"The \\"Baltic\\" states, ł"'
)


@pytest.mark.parametrize(
    "definition", [SMALL, WARSAW, MORE + CHOICE + KINDS + LIMITS], ids=["small", "warsaw", "kinds"]
)
def test_a_download_loads_unchanged(session: Session, definition: str) -> None:
    first = load(session, parse(definition)).consultation
    session.flush()
    session.expire_all()
    text = written(session, first)
    again = load(session, parse(text))
    assert (again.changes, again.notes) == ([], [])
    assert replace(parse(text), themes=[], askings=[]) == replace(parse(definition), themes=[], askings=[])
    assert {str(asking) for asking in parse(text).askings} == {
        str(asking) for asking in parse(definition).askings
    }


def test_what_coders_are_told_travels_and_silence_leaves_it(session: Session) -> None:
    told = 'includes = "Hotlines"\nexcludes = "Exercises"\nexamples = ["Keep it open.", "Call."]\ncolour = "#0f6e6e"\n'
    theme = '\n[[themes]]\ncode = "lines"\ntitle = "Lines"\n'
    first = load(session, parse(SMALL + theme + told)).consultation
    text = written(session, first)
    assert all(line in text for line in told.splitlines() if "examples" not in line)
    assert parse(text).themes[-1].examples == ("Keep it open.", "Call.")
    assert load(session, parse(text)).changes == []
    load(session, parse(SMALL + theme))
    assert written(session, first) == text
    with pytest.raises(InvalidDefinition, match="colour"):
        parse(SMALL + theme + 'colour = "teal"')


def test_toml_quotes_whatever_stands_in_it() -> None:
    document = {
        "a b": 'quote " and \\ and ł\x7f',
        "lines": 'one\n"""two"""\n\\three"',
        "list": ["x" * 60, "y\nz", "w" * 60],
        "none": [],
        "table": {"ü": "1"},
        "tables": [{"n": 1, "inner": {"en": "x"}}, {"n": 2, "deep": [{"m": True}]}],
    }
    assert tomllib.loads(toml(document)) == document
