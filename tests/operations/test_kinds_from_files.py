"""Definitions of every kind: whole, faulty with line and field, frozen once answered; and imports into them."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.tabular import read_table
from consult.meetings.queries import meetings_of
from consult.operations.definition import InvalidDefinition, parse
from consult.operations.importing.responses import import_responses
from consult.operations.loading.consultation import load
from consult.responses.models import Revision

EXAMPLE = (Path(__file__).resolve().parents[2] / "config" / "consultations" / "all-kinds.toml").read_text(
    "utf-8"
)
SECRET = "secret-key-of-the-tests-0123456789abcdef"


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ('kind = "scale"', 'kind = "slider"', "kind", "this must be one of: open_text"),
        ('code = "dialogue"', 'code = "deterrence"', "options", "two options have the same code"),
        ('code = "dialogue"', 'code = "other"', "options", "what the switch of that name adds"),
        ("most = 2", "most = 9", "most", "only 4 answers are offered"),
        ("least = 0\n", 'least = "few"\n', "least", "write a number"),
        ("latest = 2018-12-31", "latest = 2015-12-31", "latest", "before"),
        ('any_of = ["remote"]', 'any_of = ["absent"]', "any_of", "has no answer “absent”"),
        (
            'question = "part-taken"\nany_of',
            'question = "host"\nany_of',
            "shown_if",
            "stands before this one",
        ),
        ('any_of = ["remote"]', "least = 3", "least", "only a number or a date has limits"),
        ('"part-taken"\nany_of = ["remote"]', '"part-taken"\nmost = true', "most", "a number, or a day"),
        ("page = 4", "page = 1", "page", "the question before is on page 3"),
        ("no_view = true", "no_vew = true", "no_vew", "this key is not known here"),
        ("points = 5", "points = 4", "labels", "give 4 labels"),
    ],
)
def test_a_fault_is_told_with_its_line_and_field(old: str, new: str, field: str, says: str) -> None:
    assert old in EXAMPLE
    place = EXAMPLE.rindex(old) if old == "points = 5" else EXAMPLE.index(old)
    with pytest.raises(InvalidDefinition) as faulty:
        parse(EXAMPLE[:place] + new + EXAMPLE[place + len(old) :])
    told = [problem for problem in faulty.value.problems if says in problem.what_to_do.lower()]
    assert told, faulty.value.problems
    assert field in told[0].field
    assert told[0].line > 30


def test_loaded_twice_imported_into_and_frozen(session: Session) -> None:
    consultation = load(session, parse(EXAMPLE)).consultation
    assert load(session, parse(EXAMPLE)).changes == []
    (meeting,) = meetings_of(session, consultation)
    content = "priorities\nDialogue; Trade\ndissuasion et défense\nalpha; beta; gamma; delta\n\n"
    report = import_responses(
        session,
        consultation,
        meeting,
        read_table(content.encode("utf-8"), name="paper.csv"),
        secret_key=SECRET,
        mapping={"answer": "priorities"},
        question="priorities",
    )
    assert report.taken == 3
    kept = session.execute(select(Revision.choices, Revision.text)).all()
    assert sorted(map(str, kept)) == [
        "(['deterrence'], None)",
        "(['dialogue', 'other'], 'Trade')",
        "(['other'], 'alpha; beta; gamma; delta')",
    ]
    with pytest.raises(Refused, match="stay as they are"):
        load(session, parse(EXAMPLE.replace("most = 2", "most = 3")))
