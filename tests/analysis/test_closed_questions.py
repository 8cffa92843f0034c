"""What was chosen, counted: distributions, tables of any two things, and themes of those who wrote."""

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from consult.analysis.counting import taken
from consult.analysis.disclosure import Profile, release_choices, release_participation, release_themes
from consult.analysis.disclosure.cells.grids import GridEntry, TableRequest
from consult.analysis.disclosure.closed import Distribution, quantile, release_answers
from consult.analysis.disclosure.published import keep_published, views_of_rows
from consult.analysis.disclosure.tables import release_table
from consult.analysis.queries.tallies import READY, counted, name_of
from consult.consultations.models import Question
from tests.analysis.cases import closed_question, codebook, who_answered
from tests.factories import World

OPTIONS = {"options": [{"code": code, "label": {"en": code.title()}} for code in ("north", "south", "east")]}
STEPS = {1: 2, 2: 1, 3: 4, 4: 7, 5: 6}
"""Step → people: of 20 the 5th and 6th chose 3, the 10th and 11th 4, the 15th 5 after 14 up to 4."""


@pytest.fixture
def scale(session: Session, world: World) -> Question:
    """Twenty people on a scale of five at October, three more who wrote and chose nothing, five in May."""
    question = closed_question(session, world, "trust", "scale", {"points": 5})
    for step, people in STEPS.items():
        who_answered(session, world, people, {"trust": [str(step)]})
    who_answered(session, world, 3, {})
    who_answered(session, world, 5, {"trust": ["1"]}, meeting=world.may)
    return question


def at(session: Session, world: World, question: Question, meeting: str | None) -> Distribution:
    found = release_answers(session, world.consultation, world.rules, question)
    return next(one for one in found if one.meeting == meeting)


def test_a_scale_is_told_with_its_summary_from_a_base_of_ten(
    session: Session, world: World, scale: Question
) -> None:
    told = at(session, world, scale, "october")
    assert (told.people, told.base, told.missing) == (23, 20, 3)
    assert [option.count for option in told.options] == list(STEPS.values())
    assert [option.share.percent for option in told.options] == [10, 5, 20, 35, 30]
    assert (told.median, told.quartiles, told.top_two) == (4.0, (3.0, 5.0), (65, None, None))
    few = at(session, world, scale, "may")
    assert (few.base, few.options, few.median, few.withheld) == (None, (), None, "fewer than 10 answers")
    everywhere = at(session, world, scale, None)
    assert everywhere.base is None
    assert "subtraction" in everywhere.withheld


@pytest.mark.parametrize(
    ("steps", "median", "quartiles"),
    [
        ({1: 1, 2: 1, 3: 1, 4: 1}, 2.5, (1.5, 3.5)),
        ({1: 5, 5: 5}, 3.0, (1.0, 5.0)),
        ({2: 9}, 2.0, (2.0, 2.0)),
        ({1: 1, 2: 2, 3: 4, 4: 0, 5: 2}, 3.0, (2.0, 3.0)),
    ],
)
def test_a_median_lies_where_half_of_the_answers_do(
    steps: dict[int, int], median: float, quartiles: tuple[float, float]
) -> None:
    assert quantile(steps, 1, 2) == median
    assert (quantile(steps, 1, 4), quantile(steps, 3, 4)) == quartiles


def table(session: Session, world: World, rows: str, columns: str, **more: str) -> GridEntry:
    request = TableRequest(rows, columns, more.get("meeting"))
    return release_table(session, world.consultation, world.rules, request, by=world.director).to_document()


def counts(document: GridEntry) -> dict[str, tuple[int, list[int | None]]]:
    return {row["label"]: (row["base"], [cell["count"] for cell in row["cells"]]) for row in document["rows"]}


def test_two_closed_questions_are_crossed_without_small_cells(session: Session, world: World) -> None:
    closed_question(session, world, "where", "single_choice", OPTIONS)
    closed_question(session, world, "when", "single_choice", OPTIONS, position=4)
    for where, when, people in (
        ("north", "north", 12),
        ("north", "south", 9),
        ("north", "east", 2),
        ("south", "north", 7),
        ("south", "south", 11),
        ("south", "east", 8),
    ):
        who_answered(session, world, people, {"where": [where], "when": [when]}, words=False)
    document = table(session, world, "question:where", "question:when")
    told = counts(document)
    assert (document["base"], document["of"], document["columns"]) == (
        49, None, ["North", "South", "East", "no answer"],
    )  # fmt: skip
    assert told["North"][0] == 23
    assert told["North"][1][2] is None, "two people are a small cell of two answers"
    assert [cell for _base, cells in told.values() for cell in cells].count(None) >= 4
    assert "held_back" in document["reasons"]


def test_themes_by_a_closed_answer_are_of_those_who_wrote(session: Session, world: World) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    closed_question(session, world, "where", "single_choice", OPTIONS)
    for where, theme, people in (
        ("north", deterrence, 11),
        ("north", dialogue, 14),
        ("south", deterrence, 8),
        ("south", dialogue, 13),
    ):
        who_answered(session, world, people, {"where": [where]}, theme)
    who_answered(session, world, 6, {"where": ["north"]}, words=False)
    document = table(session, world, "question:where", "theme")
    assert (document["base"], document["missing"], document["of"]) == (46, 6, "wrote")
    told = counts(document)
    assert told["North"] == (25, [11, 14, None]), "that nobody named unity says it of each of them"
    assert told["South"] == (21, [8, 13, None])


def test_a_theme_is_counted_of_those_who_wrote_and_the_others_are_missing(
    session: Session, world: World
) -> None:
    [deterrence, *_] = codebook(session, world)
    closed_question(session, world, "where", "single_choice", OPTIONS)
    who_answered(session, world, 12, {"where": ["north"]}, deterrence)
    who_answered(session, world, 8, {})
    who_answered(session, world, 4, {"where": ["south"]}, words=False)
    released = release_themes(session, world.consultation, world.rules)
    here = released.at("october")
    assert (here.base, here.missing) == (20, 4)
    assert (here.shares[0].count, here.shares[0].percent) == (12, 60)
    assert here.to_document()["missing"] == 4
    assert (released.at(None).base, released.at(None).missing) == (20, 4)
    row = release_participation(session, world.consultation, world.rules).meetings[0]
    assert row.approved == 24
    keep_published(session, world.consultation, world.rules, by=world.director)
    who_answered(session, world, 2, {"where": ["south"]}, words=False)
    later = release_themes(session, world.consultation, world.rules).at("october")
    assert (later.base, later.missing) == (20, None), "two more are too few to be told apart"
    row = release_participation(session, world.consultation, world.rules).meetings[0]
    assert row.approved == 24


def test_a_few_who_only_chose_make_no_meeting_with_a_base(session: Session, world: World) -> None:
    codebook(session, world)
    closed_question(session, world, "where", "single_choice", OPTIONS)
    who_answered(session, world, 9, {})
    who_answered(session, world, 15, {"where": ["south"]}, words=False)
    here = release_themes(session, world.consultation, world.rules).at("october")
    assert (here.base, here.missing, here.withheld) == (None, None, "fewer than 10 answers")


def test_who_of_a_small_group_wrote_nothing_is_not_to_be_had_by_subtraction(
    session: Session, world: World
) -> None:
    """Sectors and how many they are were released; a base of those who wrote would say who did not."""
    [deterrence, dialogue, _] = codebook(session, world)
    closed_question(session, world, "where", "single_choice", OPTIONS)
    for sector, words, silent in (("government", 20, 2), ("academia", 18, 3)):
        who_answered(session, world, words // 2, {"where": ["north"]}, deterrence, sector=sector)
        who_answered(session, world, words // 2, {"where": ["south"]}, dialogue, sector=sector)
        who_answered(session, world, silent, {"where": ["north"]}, words=False, sector=sector)
    first = table(session, world, "sector", "question:where")
    assert {label: base for label, (base, _cells) in counts(first).items()} == {
        "government": 22,
        "academia": 21,
    }
    second = table(session, world, "sector", "theme")
    bases = {label: base for label, (base, _cells) in counts(second).items()}
    assert bases in ({}, {"government": 22, "academia": 21})
    assert second["of"] is None


def test_whatever_rows_of_choices_say_is_known_when_a_table_is_checked(
    session: Session, world: World
) -> None:
    """The rows for release, counted by somebody who has nothing else, are the facts that tables are checked beside."""
    single = closed_question(session, world, "where", "single_choice", OPTIONS)
    several = closed_question(session, world, "which", "several_choices", OPTIONS, position=4)
    for where, which, people in (("north", ["north"], 7), ("south", ["north", "east"], 8), ("east", [], 2)):
        given = {"where": [where], **({"which": which} if which else {})}
        who_answered(session, world, people, given, words=False)
    who_answered(session, world, 6, {"where": ["east"]}, words=False, meeting=world.may)
    rows = list(release_choices(session, world.consultation, Profile.PUBLICATION))
    assert {row.meeting for row in rows} == {"october"}, "May has fewer than ten"
    told = Counter((row.question, word) for row in rows for word in row.text.split("; "))
    known = {
        tuple(sorted((name, *values) for name, values in fact.cell.where)): fact.number
        for view in views_of_rows(session, world.consultation, world.rules)
        for fact in view.facts
    }
    here = ("meeting", world.october.id)
    expected = {
        (here, (f"question:{single.id}", code)): told["where", code.title()]
        for code in ("north", "south", "east")
    } | {
        (here, (f"question:{several.id}:{code}", "yes")): told["which", code.title()]
        for code in ("north", "east")
    }
    expected |= {((f"answered:{several.id}", "yes"), here): 15, (here,): 17}  # type: ignore[dict-item]
    assert known == {tuple(sorted(cell)): number for cell, number in expected.items()}


def test_rare_values_at_one_meeting_do_not_follow_from_all_meetings(session: Session, world: World) -> None:
    """Of seven Estonians five were at October; that two were at May is nobody's business."""
    question = closed_question(session, world, "home", "country", {})
    for meeting, given in (
        (world.october, {"EE": 5, "PL": 7, "DE": 6}),
        (world.may, {"EE": 2, "PL": 9, "DE": 5}),
    ):
        for country, people in given.items():
            who_answered(session, world, people, {"home": [country]}, words=False, meeting=meeting)
    found = release_answers(session, world.consultation, world.rules, question)
    told = {one.meeting: {option.label: option.count for option in one.options} for one in found}
    assert set(told["october"]) == set(told["may"]) == set(told[None])
    assert set(told[None]) == {"Poland", "others"}
    assert sum(told[None].values()) == 34
    for one in told.values():
        assert all(number == 0 or number >= 5 for number in one.values())


def test_what_the_worker_keeps_at_hand_is_what_would_be_counted(session: Session, world: World) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    closed_question(session, world, "where", "single_choice", OPTIONS)
    for sector, meeting, people in (
        ("government", world.october, 4),
        ("press", world.may, 3),
        ("", world.may, 2),
    ):
        attributes = {"sector": sector} if sector else {}
        who_answered(
            session, world, people, {"where": ["north"]}, deterrence, dialogue, meeting=meeting, **attributes
        )
        who_answered(session, world, 2, {"where": ["east"]}, meeting=meeting, words=False, **attributes)
    kept = taken(session, world.consultation.id)
    assert set(kept) == {name_of(by) for by in READY}
    for by in READY:
        at_hand = {tuple(row[:-1]): row[-1] for row in kept[name_of(by)]}
        assert at_hand == counted(session, world.consultation, *by), by
