"""Whoever holds two publications beside each other learns of nobody who came, left or changed between them."""

from collections.abc import Callable, Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from consult.analysis.actions import assign, unassign
from consult.analysis.disclosure import release_participation
from consult.analysis.disclosure.cells.grids import TableRequest
from consult.analysis.disclosure.figures import SMALLEST_BASE
from consult.analysis.disclosure.published import views_of_rows
from consult.analysis.disclosure.tables import release_table
from consult.analysis.disclosure.told.printed import Counted, Publication, Told, beside
from consult.analysis.disclosure.told.register import released_tables
from consult.moderation.models import PublishedCase, PublishedText
from consult.reports.actions import freeze
from consult.reports.document import Document, parsed
from consult.responses.models import Answer, Revision
from tests.analysis.cases import approve, approved, change_words, codebook, reject
from tests.factories import World

Numbers = dict[tuple[str | None, str], int]


def printed(document: Document) -> Numbers:
    """Every number of people in an edition, by meeting and by what it counts."""
    found = {
        (row["meeting"], name): row[name]  # type: ignore[literal-required]
        for row in document["participation"]
        for name in ("answered", "approved")
    }
    for table in document["themes"]:
        found[table["meeting"], "base"] = table["base"]
        found |= {(table["meeting"], share["theme"]): share["count"] for share in table["shares"]}
    return {place: number for place, number in found.items() if number is not None}


def between(earlier: Numbers, later: Numbers) -> dict[tuple[str | None, str], int]:
    """What a subtraction says of fewer than ten people, and of some."""
    both = earlier.keys() & later.keys()
    moved = {place: abs(later[place] - earlier[place]) for place in both}
    return {place: number for place, number in moved.items() if 1 <= number < SMALLEST_BASE}


def somebody_changes(session: Session, world: World, revisions: list[Revision]) -> None:
    change_words(session, revisions[0], "Talks, on second thoughts.")
    answer = session.get_one(Answer, revisions[0].answer_id)
    themes = codebook(session, world)
    assign(session, approve(session, world, answer), themes[1], by=world.director)


def somebody_leaves(session: Session, world: World, revisions: list[Revision]) -> None:
    reject(session, world, session.get_one(Answer, revisions[0].answer_id))


def somebody_comes(session: Session, world: World, revisions: list[Revision]) -> None:
    approved(session, world, world.october, codebook(session, world)[0])


def one_for_another(session: Session, world: World, revisions: list[Revision]) -> None:
    somebody_leaves(session, world, revisions)
    approved(session, world, world.october, codebook(session, world)[2])


def edition(session: Session, world: World) -> Numbers:
    return printed(parsed(freeze(session, world.consultation, by=world.director).document))


def test_nobody_is_found_between_two_editions(session: Session, world: World) -> None:
    """One after another changes, leaves, comes, comes for another; ten at once are a group that may be told."""
    themes = codebook(session, world)
    revisions = approved(session, world, world.october, themes[0], times=14)
    approved(session, world, world.may, themes[1], times=12)
    held = [edition(session, world)]
    assert (held[0]["october", "deterrence"], held[0][None, "base"]) == (14, 26)
    acts: list[Callable[[Session, World, list[Revision]], None]] = [
        *(somebody_changes, somebody_leaves, somebody_comes, one_for_another, somebody_comes),
    ]
    for number, act in enumerate(acts):
        act(session, world, revisions[number:])
        held.append(edition(session, world))
    for earlier, later in combinations(held, 2):
        assert between(earlier, later) == {}
    assert held[-1] == held[0], "the first edition's figures stand"
    approved(session, world, world.october, themes[2], times=10)
    held.append(edition(session, world))
    assert held[-1]["october", "base"] >= 24
    assert held[-1]["october", "unity"] >= 10
    assert {place for earlier in held for place in between(earlier, held[-1]) if place[1] == "base"} == set()
    assert release_participation(session, world.consultation, world.rules).meetings[0].answered is not None


def test_words_that_are_only_coded_anew_are_told_anew(session: Session, world: World) -> None:
    themes = codebook(session, world)
    [first, *_] = approved(session, world, world.october, themes[0], times=14)
    edition(session, world)
    unassign(session, first, themes[0], by=world.director)
    assert edition(session, world)["october", "deterrence"] == 13
    somebody_comes(session, world, [])
    unassign(session, session.query(Revision).filter_by(id=first.id).one(), themes[0], by=world.director)
    assert edition(session, world)["october", "deterrence"] == 13


def test_editions_are_no_tables_and_tables_are_checked_against_them(session: Session, world: World) -> None:
    themes = codebook(session, world)
    approved(session, world, world.october, themes[0], times=9, sector="government")
    approved(session, world, world.october, times=8, sector="academia")
    approved(session, world, world.october, themes[0], times=8, sector="academia")
    approved(session, world, world.october, times=8, sector="government")
    edition(session, world)
    assert released_tables(session, world.consultation) == []
    asked = TableRequest("sector", "theme")
    first = release_table(session, world.consultation, world.rules, asked, by=world.director)
    assert first.number is not None
    somebody_comes(session, world, [])
    again = release_table(session, world.consultation, world.rules, asked, by=world.director)
    assert (again.number, again.document["base"]) == (first.number, first.document["base"])
    meeting = TableRequest("meeting", "theme")
    told = release_table(session, world.consultation, world.rules, meeting, by=world.director)
    assert told.document["base"] is None, "one more than the edition counted"


def test_rows_for_release_count_in_the_joint_attack(session: Session, world: World) -> None:
    """Lines of quotes say how many officials there are at least; with a total that says how few the others are."""
    themes = codebook(session, world)
    approved(session, world, world.october, themes[0], times=6)
    for text, case in zip(session.query(PublishedText), session.query(PublishedCase), strict=True):
        text.attribution, text.attribution_line = "quote_with_role", "a NATO official"
        case.role_label = "a NATO official"
    session.flush()
    approved(session, world, world.october, themes[0], times=2)
    [everybody, named] = views_of_rows(session, world.consultation, world.rules)
    assert [(fact.number, fact.relation.value) for fact in everybody.facts + named.facts] == [(6, ">=")] * 2
    assert {"role_label", f"theme:{themes[0].id}"} <= named.variables


@pytest.mark.parametrize("k", [5, 12])
def test_a_meeting_that_was_part_of_a_total_comes_forward_when_enough_have_come(k: int) -> None:
    least = max(10, k)
    now = {slug: Counted(base, {}) for slug, base in (("a", 30), ("b", least - 1), ("c", least - 1))}
    first = beside(now, [], k, lambda *_: False)
    assert first.total == Counted(30 + 2 * (least - 1), {})
    then = publication(now, first)
    for base in (least, 2 * least - 2):
        told = beside({**now, "b": Counted(base, {})}, [then], k, lambda *_: False)
        assert "b" not in told.meetings
    told = beside({**now, "b": Counted(2 * least - 1, {})}, [then], k, lambda *_: False)
    assert "b" in told.meetings
    assert told.total is None


def publication(now: Mapping[str, Counted], told: Told) -> Publication:
    return Publication.of({**told.meetings, None: told.total}, told.hidden, {})


times = st.lists(
    st.fixed_dictionaries({slug: st.integers(-6, 14) for slug in ("a", "b", "c", "d")}),
    min_size=1,
    max_size=5,
)


@given(start=st.lists(st.integers(0, 22), min_size=4, max_size=4), moves=times, k=st.integers(3, 12))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_sequence_of_publications_tells_of_a_few(
    start: list[int], moves: list[dict[str, int]], k: int
) -> None:
    """Meetings, totals and what a subtraction leaves of them move by nobody or by ten at least."""
    least, bases = max(10, k), dict(zip("abcd", start, strict=True))
    told: list[Publication] = []
    for move in [{}, *moves]:
        bases = {slug: max(0, base + move.get(slug, 0)) for slug, base in bases.items()}
        now = {slug: Counted(base, {"t": base // 2}) for slug, base in bases.items()}
        told.append(publication(now, beside(now, told, k, lambda *_: False)))
    for earlier, later in combinations(told, 2):
        for slug in earlier.meetings.keys() & later.meetings.keys():
            moved = abs(later.meetings[slug].base - earlier.meetings[slug].base)
            assert moved == 0 or moved >= least
            assert moved or later.meetings[slug] == earlier.meetings[slug]
        if earlier.rest and later.rest and earlier.hidden == later.hidden:
            moved = abs(later.rest.base - earlier.rest.base)
            assert moved == 0 or moved >= least
        for slug in later.meetings.keys() & (earlier.hidden if earlier.rest else frozenset()):
            assert later.meetings[slug].base - (least - 1) >= least
    for each in told:
        assert each.rest is None or each.rest.base == 0 or each.rest.base >= least


def test_an_edition_is_checked_against_tables_of_meetings(session: Session, world: World) -> None:
    """A table says how many named what at each meeting; an edition after one more answer must not say what that was."""
    themes = codebook(session, world)
    approved(session, world, world.october, themes[0], times=8)
    approved(session, world, world.october, themes[1], times=7)
    [first, *_] = approved(session, world, world.may, themes[1], times=7)
    approved(session, world, world.may, themes[0], times=6)
    asked = TableRequest("meeting", "theme")
    table = release_table(session, world.consultation, world.rules, asked, by=world.director)
    assert [(row["base"], row["cells"][0]["count"]) for row in table.document["rows"]] == [(15, 8), (13, 6)]
    somebody_comes(session, world, [])
    unassign(session, first, themes[1], by=world.director)
    told = edition(session, world)
    assert (told["october", "base"], told["october", "deterrence"]) == (15, 8)
    assert (told["may", "base"], told["may", "dialogue"]) == (13, 6), "the same words, coded anew"
    approved(session, world, world.october, themes[2], times=9)
    assert edition(session, world)["october", "base"] == 25


def test_the_total_of_an_edition_is_checked_against_tables_of_everybody(
    session: Session, world: World
) -> None:
    """Sectors by theme, at all meetings together: the sum over an edition's meetings is the table's, or ten away."""
    themes = codebook(session, world)
    for sector, theme, meeting, people in (
        ("government", 0, world.october, 14), ("academia", 0, world.october, 9), ("government", 1, world.may, 12),
        ("academia", 1, world.may, 8),
    ):  # fmt: skip
        approved(session, world, meeting, themes[theme], times=people, sector=sector)
    asked = TableRequest("sector", "theme")
    table = release_table(session, world.consultation, world.rules, asked, by=world.director)
    assert (table.document["base"], table.document["totals"][0]["count"]) == (43, 23)
    somebody_comes(session, world, [])
    told = edition(session, world)
    assert (told[None, "base"], told[None, "deterrence"], told["october", "deterrence"]) == (43, 23, 23)
    approved(session, world, world.october, themes[2], times=9)
    assert edition(session, world)[None, "base"] == 53
