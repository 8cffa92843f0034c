"""Choices stand in columns of their own, in form order; for publication no rare value tells who gave it."""

import csv
import io
import json

import openpyxl
import pytest
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.consultations.enums import Attribution
from consult.consultations.models import Question
from consult.exports.formats import DATA_FORMATS
from consult.exports.queries import released
from consult.moderation.actions.counting import count_choices
from consult.responses.actions import GatheredAnswer, add_answers
from consult.responses.enums import Source
from tests.factories import World, make_asking, make_question

OPTIONS = [{"code": code, "label": {"en": code.title()}} for code in ("alpha", "beta")]
GIVEN = [(("alpha", "beta"), ("EE",))] * 5 + [(("beta",), ("PL",))] * 4 + [((), ("NO",))]
COLUMNS = ["topics.alpha", "topics.beta", "topics.other", "home"]


@pytest.fixture
def told(session: Session, world: World) -> World:
    """Ten participants at the October meeting who chose topics and a country, none of it with words but one."""
    settings = ("several_choices", {"options": OPTIONS, "other": True}), ("country", {})
    askings = []
    for position, (code, (kind, values)) in enumerate(
        zip(("topics", "home"), settings, strict=True), start=3
    ):
        question: Question = make_question(
            session, world.consultation, code, f"Of {code}?", position=position
        )
        question.kind, question.settings = kind, values
        session.flush()
        askings.append(make_asking(session, question, world.october))
    rows = [
        GatheredAnswer(asking, "", Attribution.AGGREGATE_ONLY, "en", choices=choices)
        for each in GIVEN
        for asking, choices in zip(askings, each, strict=True)
        if choices
    ]
    rows.append(
        GatheredAnswer(askings[0], "Secret words.", Attribution.AGGREGATE_ONLY, "en", choices=("other",))
    )
    add_answers(
        session,
        consultation=world.consultation,
        meeting=world.october,
        rules=world.rules,
        source=Source.IMPORT,
        rows=rows,
    )
    assert count_choices(session) == 19
    return world


def content(session: Session, world: World, code: str, profile: Profile) -> bytes:
    return b"".join(DATA_FORMATS[code].render(released(session, world.consultation, profile)))


def test_the_same_columns_in_every_format(session: Session, told: World) -> None:
    text = content(session, told, "csv", Profile.DESK).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(rows[0])[7:-1] == COLUMNS
    assert sorted(tuple(row[name] for name in COLUMNS) for row in rows) == sorted(
        [("1", "1", "0", "")] * 5
        + [("0", "1", "0", "")] * 4
        + [("", "", "", "EE")] * 5
        + [("", "", "", "PL")] * 4
        + [("", "", "", "NO")]
    )
    assert {row["text"] for row in rows if row["question"] == "home"} == {"Estonia", "Poland", "Norway"}
    document = json.loads(content(session, told, "json", Profile.DESK))
    assert document["columns"][7:] == COLUMNS
    assert document["dictionary"]["topics.beta"] == "Of topics?: Beta"
    assert [[row[name] for name in COLUMNS] for row in document["rows"]] == [
        [row[name] for name in COLUMNS] for row in rows
    ]
    book = openpyxl.load_workbook(io.BytesIO(content(session, told, "xlsx", Profile.DESK)))
    lines = list(book["answers"].iter_rows(values_only=True))
    assert list(lines[0][7:]) == COLUMNS
    assert len(lines) == 20
    assert content(session, told, "sav", Profile.DESK)[:4] == b"$FL2"
    for code in ("csv", "json", "sav"):
        assert b"Secret" not in content(session, told, code, Profile.DESK)


def test_for_publication_few_answers_and_rare_values_stay_inside(session: Session, told: World) -> None:
    """Nine chose topics: too few. Ten named a country: the five of one kind stand, the other five do not."""
    rows = json.loads(content(session, told, "json", Profile.PUBLICATION))["rows"]
    assert [row["home"] for row in rows] == ["EE"] * 5
