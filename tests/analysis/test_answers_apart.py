"""Whoever holds two publications of a closed question beside each other learns of nobody who came or left meanwhile."""

import random
from collections import Counter
from itertools import combinations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile, release_choices
from consult.analysis.disclosure.cells.grids import TableRequest
from consult.analysis.disclosure.closed import release_answers
from consult.analysis.disclosure.figures import SMALLEST_BASE
from consult.analysis.disclosure.published import keep_published
from consult.analysis.disclosure.tables import release_table
from consult.analysis.disclosure.told.answering import told_answers
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.kept import CountedAnswer
from consult.consultations.models import Question
from consult.responses.models import Response
from tests.analysis.cases import closed_question, who_answered
from tests.factories import World

OPTIONS = {"options": [{"code": code, "label": {"en": code.title()}} for code in ("north", "south")]}
Rows = Counter[tuple[str, str]]
"""(meeting, choice) → rows."""
Parts = dict[frozenset[str], int]
COUNTRIES = ("EE", "LV", "LT", "PL", "DE")
ROUNDS = 7


def rows(session: Session, world: World, profile: Profile = Profile.PUBLICATION) -> Rows:
    return Counter((row.meeting, row.text) for row in release_choices(session, world.consultation, profile))


def who_moved(earlier: Rows, later: Rows) -> dict[tuple[str, str], int]:
    """The attacker: what those few chose who stand at a meeting in only one of two publications."""
    found = {}
    for meeting in {at for at, _choice in earlier} & {at for at, _choice in later}:
        moved = {
            choice: later[meeting, choice] - earlier[meeting, choice]
            for at, choice in earlier | later
            if at == meeting and later[meeting, choice] != earlier[meeting, choice]
        }
        if 0 < sum(map(abs, moved.values())) < SMALLEST_BASE:
            found |= {(meeting, choice): number for choice, number in moved.items()}
    return found


def told(session: Session, world: World, question: Question) -> dict[tuple[str | None, str], int]:
    """Every number of people in the distributions, by meeting and by what it counts."""
    found: dict[tuple[str | None, str], int | None] = {}
    for one in release_answers(session, world.consultation, world.rules, question):
        found |= {(one.meeting, "people"): one.people, (one.meeting, "base"): one.base}
        found |= {(one.meeting, option.label): option.count for option in one.options}
    return {place: number for place, number in found.items() if number is not None}


def gone(session: Session, response_id: str) -> None:
    """Everything of a person goes at once, from what people are counted by too."""
    session.execute(delete(Response).where(Response.id == response_id))
    session.expire_all()
    counted = select(CountedAnswer.revision_id).where(CountedAnswer.response_id == response_id)
    assert session.scalars(counted).all() == []


def test_one_more_answer_does_not_show_in_the_next_publication(session: Session, world: World) -> None:
    question = closed_question(session, world, "where", "single_choice", OPTIONS)
    who_answered(session, world, 12, {"where": ["north"]}, words=False)
    who_answered(session, world, 8, {"where": ["south"]}, words=False)
    who_answered(session, world, 11, {"where": ["south"]}, words=False, meeting=world.may)
    keep_published(session, world.consultation, world.rules, by=world.director)
    first, desk, figures = (
        rows(session, world),
        rows(session, world, Profile.DESK),
        told(session, world, question),
    )
    assert (first["october", "North"], figures["october", "North"], figures[None, "base"]) == (12, 12, 31)

    [newcomer] = who_answered(session, world, 1, {"where": ["south"]}, words=False)
    found = who_moved(desk, rows(session, world, Profile.DESK))
    assert found == {("october", "South"): 1}, "the attack works on rows that are not for release"
    assert who_moved(first, rows(session, world)) == {}
    assert told(session, world, question) == {
        place: number
        for place, number in figures.items()
        if place not in {("october", "people"), (None, "people")}
    }
    gone(session, newcomer.response_id)
    who_answered(session, world, 10, {"where": ["south"]}, words=False)
    later = rows(session, world)
    assert later["october", "South"] >= 18
    assert who_moved(first, later) == {}


def test_a_publication_is_checked_against_tables_that_were_released(session: Session, world: World) -> None:
    """A table of meetings by answer, then one more answer: the rows of choices would say what it was."""
    closed_question(session, world, "where", "single_choice", OPTIONS)
    for meeting in (world.october, world.may):
        who_answered(session, world, 11, {"where": ["north"]}, words=False, meeting=meeting)
        who_answered(session, world, 12, {"where": ["south"]}, words=False, meeting=meeting)
    asked = TableRequest("meeting", "question:where")
    table = release_table(session, world.consultation, world.rules, asked, by=world.director)
    assert [row["base"] for row in table.document["rows"]] == [23, 23]
    assert rows(session, world)["october", "North"] == 11
    who_answered(session, world, 1, {"where": ["north"]}, words=False)
    assert rows(session, world) == Counter()
    who_answered(session, world, 9, {"where": ["north"]}, words=False)
    assert rows(session, world)["october", "North"] == 21


def figures_by_part(
    session: Session, world: World, question: Question
) -> dict[str | None, tuple[int, Parts]]:
    """What a reader who knows all countries takes from the distributions."""
    answers = told_answers(Publishing(session, world.consultation, world.rules), question)
    return {scope: (figures.base, dict(answers.sizes(scope))) for scope, figures in answers.at.items()}


def unions(parts: Parts) -> Parts:
    """Every set of countries whose number follows from a publication's parts."""
    found: Parts = {frozenset(): 0}
    for values, number in parts.items():
        found |= {other | values: more + number for other, more in found.items()}
    return found


def test_no_row_of_publications_tells_of_a_few_from_one_country(session: Session, world: World) -> None:
    """Months of coming and going: whatever sets of countries two publications share move by nobody or by five."""
    chance = random.Random(20160709)
    question = closed_question(session, world, "home", "country", {})
    here: list[str] = []
    held: list[tuple[dict[str | None, tuple[int, Parts]], Rows]] = []
    moved = 0
    for _ in range(ROUNDS):
        for meeting in (world.october, world.may):
            for country in chance.sample(COUNTRIES, 3):
                number = chance.choice((0, 1, 2, 5, 9))
                came = who_answered(session, world, number, {"home": [country]}, words=False, meeting=meeting)
                here += [answer.response_id for answer in came]
        for response_id in chance.sample(here, min(len(here), chance.choice((0, 0, 1, 6)))):
            here.remove(response_id)
            gone(session, response_id)
        keep_published(session, world.consultation, world.rules, by=world.director)
        held.append((figures_by_part(session, world, question), rows(session, world)))
    for (before, first), (after, second) in combinations(held, 2):
        for meeting in before.keys() & after.keys():
            (base, parts), (later_base, later_parts) = before[meeting], after[meeting]
            assert base == later_base or abs(base - later_base) >= SMALLEST_BASE
            sums, later_sums = unions(parts), unions(later_parts)
            changes = [abs(later_sums[one] - sums[one]) for one in sums.keys() & later_sums.keys()]
            assert all(change == 0 or change >= world.rules.smallest_group for change in changes)
            moved += base != later_base
        assert all(
            number == 0 or number >= world.rules.smallest_group
            for place in first.keys() & second.keys()
            for number in [abs(first[place] - second[place])]
        )
    assert moved, "figures are told anew at some time"
