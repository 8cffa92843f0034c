"""What the gate lets through: figures from a base of ten, rows whose columns give nobody away."""

import json
from collections import Counter
from dataclasses import FrozenInstanceError

import pytest
from sqlalchemy.orm import Session

from consult.analysis.actions import assign
from consult.analysis.disclosure import (
    COLUMNS,
    Profile,
    release_participation,
    release_rows,
    release_themes,
)
from consult.consultations.enums import Attribution
from consult.moderation.actions import Span
from consult.moderation.enums import RedactionKind
from consult.moderation.models import PublishedText
from consult.responses.enums import Source
from consult.responses.models import Answer
from tests.analysis.cases import (
    CANARY,
    answer_too,
    approve,
    approved,
    change_words,
    codebook,
    counted_queries,
    reject,
)
from tests.factories import World, make_answer

FEW = "fewer than 10 answers"


def shares(
    session: Session, world: World, meeting: str | None
) -> dict[str, tuple[int | None, int | None, str]]:
    table = release_themes(session, world.consultation, world.rules).at(meeting)
    return {share.theme: (share.count, share.percent, share.quantifier) for share in table.shares}


def test_a_meeting_with_fewer_than_ten_answers_has_no_shares(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=9)
    table = release_themes(session, world.consultation, world.rules).at("october")
    assert (table.base, table.withheld) == (None, FEW)
    assert {(s.count, s.percent, s.quantifier, s.withheld) for s in table.shares} == {(None, None, "", FEW)}
    approved(session, world, world.october)
    table = release_themes(session, world.consultation, world.rules).at("october")
    assert (table.base, table.withheld) == (10, "")
    assert shares(session, world, "october")["deterrence"] == (9, 90, "nearly all")
    assert shares(session, world, "october")["dialogue"] == (0, 0, "none")


def test_a_larger_smallest_group_asks_for_a_larger_base(session: Session, world: World) -> None:
    codebook(session, world)
    approved(session, world, times=10)
    world.rules.smallest_group = 12
    with session.no_autoflush:
        assert release_themes(session, world.consultation, world.rules).at("october").base is None


def test_one_small_meeting_is_not_to_be_had_by_subtraction(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=12)
    assert release_themes(session, world.consultation, world.rules).at(None).base == 12
    approved(session, world, world.may, times=4)
    released = release_themes(session, world.consultation, world.rules)
    assert released.at("october").base == 12
    assert released.at("may").base is None
    assert released.at(None).base is None
    assert "subtraction" in released.at(None).withheld
    assert released.differences == ()


def test_percentages_are_coarse_for_few_respondents_and_words_follow_the_count(
    session: Session, world: World
) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=6)
    approved(session, world, world.october, dialogue, times=7)
    assert shares(session, world, "october")["deterrence"] == (6, 45, "many")
    assert shares(session, world, "october")["dialogue"] == (7, 55, "most")


def test_a_respondent_counts_once_for_a_theme_whoever_gave_it_and_however_often(
    session: Session, world: World
) -> None:
    [deterrence, *_] = codebook(session, world)
    [revision, *_] = approved(session, world, world.october, deterrence, times=10)
    assign(session, revision, deterrence, by=world.rapporteur)
    asking = world.askings[world.october.id][1]
    second = approve(session, world, answer_too(session, revision, asking, world.questions[1]))
    assign(session, second, deterrence, by=world.director)
    table = release_themes(session, world.consultation, world.rules).at("october")
    assert (table.base, table.shares[0].count) == (10, 10)


def test_only_people_with_approved_answers_that_may_be_counted_are_respondents(
    session: Session, world: World
) -> None:
    [deterrence, *_] = codebook(session, world)
    gone, changed, *_ = approved(session, world, world.october, deterrence, times=12)
    approved(session, world, world.october, deterrence, attribution=Attribution.AGGREGATE_ONLY)
    approved(session, world, world.october, deterrence, source=Source.RAPPORTEUR)
    make_answer(session, world.consultation, world.rules, world.asking, "Still waiting.")
    reject(session, world, session.get_one(Answer, gone.answer_id))
    change_words(session, changed, "Something else.")
    table = release_themes(session, world.consultation, world.rules).at("october")
    assert (table.base, table.shares[0].count) == (11, 11)


def test_figures_are_of_one_consultation(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=12)
    other = release_themes(session, world.elsewhere, world.elsewhere_rules)
    assert other.codebook == ()
    assert {table.withheld for table in other.tables} == {"no answers yet"}
    assert list(release_rows(session, world.elsewhere, Profile.DESK)) == []


def test_meetings_are_compared_by_the_shares_that_are_printed(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=4)
    approved(session, world, world.october, times=8)
    approved(session, world, world.may, deterrence, times=8)
    approved(session, world, world.may, times=4)
    released = release_themes(session, world.consultation, world.rules)
    assert released.differences[0].to_document() == {
        "theme": "deterrence",
        "earlier": "october",
        "later": "may",
        "points": 30,
    }
    assert (released.at("october").shares[0].percent, released.at("may").shares[0].percent) == (35, 65)
    assert released.at(None).base == 24


def test_retired_themes_are_no_longer_reported(session: Session, world: World) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    approved(session, world, world.october, deterrence, dialogue, times=10)
    deterrence.retired = True
    session.flush()
    assert set(shares(session, world, "october")) == {"dialogue", "unity"}
    assert {row.themes for row in release_rows(session, world.consultation, "desk")} == {("dialogue",)}


def test_a_release_is_frozen_and_plain(session: Session, world: World) -> None:
    codebook(session, world)
    approved(session, world, times=10, country_group="Baltic states")
    released = release_themes(session, world.consultation, world.rules)
    with pytest.raises(FrozenInstanceError):
        released.tables = ()  # type: ignore[misc]
    for document in (
        released.to_document(),
        release_participation(session, world.consultation, world.rules).to_document(),
        *(row.to_document() for row in release_rows(session, world.consultation, "publication")),
    ):
        assert json.loads(json.dumps(document)) == document
    assert [entry["word"] for entry in released.to_document()["quantifiers"]] == [
        *("a few", "some", "many", "most", "nearly all"),
    ]


def test_who_answered_is_a_number_from_ten_on(session: Session, world: World) -> None:
    approved(session, world, world.october, times=11)
    make_answer(session, world.consultation, world.rules, world.asking)
    released = release_participation(session, world.consultation, world.rules)
    assert [(m.meeting, m.invited, m.answered, m.approved, m.withheld) for m in released.meetings] == [
        ("october", 1, 12, 11, ""),
        ("may", 1, 0, 0, ""),
        (None, 2, 12, 11, ""),
    ]
    approved(session, world, world.may, times=3)
    released = release_participation(session, world.consultation, world.rules)
    assert [(m.answered, m.approved, m.withheld) for m in released.meetings] == [
        (12, 11, ""),
        (None, None, FEW),
        (None, None, "it would give away a meeting with few answers by subtraction"),
    ]
    assert (released.people, released.countries, released.at_several_meetings) == (2, 2, 0)


def test_rows_have_the_columns_they_say_and_the_redacted_words(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    answer = make_answer(session, world.consultation, world.rules, world.asking, CANARY)
    spans = [Span(0, 15, RedactionKind.IDENTIFIES_OTHER), Span(23, 27, RedactionKind.PLACE_OR_TIME)]
    assign(session, approve(session, world, answer, redactions=spans), deterrence, by=world.director)
    approved(session, world, attribution=Attribution.AGGREGATE_ONLY, text="Never printed.")
    [row] = release_rows(session, world.consultation, Profile.DESK)
    assert tuple(row.to_document()) == COLUMNS
    assert row.text == "[another person] of the [place or time] staff told me so."
    assert row.segments[0] == ("", "identifies_other")
    assert (row.meeting, row.question, row.themes) == ("october", "single-outcome", ("deterrence",))
    assert (row.language, row.attribution) == ("en", "quote_unattributed")
    assert "Zawisza" not in json.dumps(row.to_document())


def test_rows_stand_in_the_order_of_the_questions_and_shuffled_within(session: Session, world: World) -> None:
    for question in (1, 0):
        for number in range(12):
            approved(session, world, text=f"Answer {number:02}", question=question)
    rows = list(release_rows(session, world.consultation, "desk"))
    assert [row.question for row in rows] == ["single-outcome"] * 12 + ["greatest-risk"] * 12
    first, second = [row.text for row in rows[:12]], [row.text for row in rows[12:]]
    assert first != second, "one order for both questions would join the answers of a person"
    assert [sorted(first), sorted(second)] == [[f"Answer {number:02}" for number in range(12)]] * 2


def test_publication_leaves_out_a_language_that_few_share_at_a_meeting(
    session: Session, world: World
) -> None:
    approved(session, world, world.october, times=8)
    approved(session, world, world.october, times=6, language="pl")
    approved(session, world, world.october, times=2, language="fr")
    approved(session, world, world.may, times=5, language="fr")
    desk = Counter((r.meeting, r.language) for r in release_rows(session, world.consultation, "desk"))
    assert desk["october", "fr"] == 2
    rows = release_rows(session, world.consultation, "publication")
    assert Counter((row.meeting, row.language) for row in rows) == {
        ("october", "en"): 8,
        ("october", ""): 8,
        ("may", "fr"): 5,
    }


def test_publication_lists_no_themes_at_a_meeting_with_few_answers(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=10)
    approved(session, world, world.may, deterrence, times=9)
    rows = list(release_rows(session, world.consultation, "publication"))
    assert {(row.meeting, row.themes) for row in rows} == {("october", ("deterrence",)), ("may", ())}
    one = release_rows(session, world.consultation, "desk", meeting_ids=[world.may.id])
    assert {(row.meeting, row.themes) for row in one} == {("may", ("deterrence",))}


def test_a_theme_under_a_telling_line_is_listed_once_enough_share_both(
    session: Session, world: World
) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    approved(session, world, world.october, deterrence, times=12)
    texts = session.query(PublishedText).all()
    for text in texts[:6]:
        text.attribution, text.attribution_line = "quote_with_role", "a NATO official"
    session.flush()
    approved(session, world, world.october, dialogue, times=2)
    for text in session.query(PublishedText).filter(
        PublishedText.revision_id.not_in([t.revision_id for t in texts])
    ):
        text.attribution, text.attribution_line = "quote_with_role", "a NATO official"
    session.flush()
    rows = Counter(
        (r.attribution_line, r.themes) for r in release_rows(session, world.consultation, "publication")
    )
    assert rows["a NATO official", ("deterrence",)] == 6
    assert rows["a NATO official", ()] == 2


def test_there_are_two_profiles(session: Session, world: World) -> None:
    with pytest.raises(ValueError, match="everybody"):
        release_rows(session, world.consultation, "everybody")


def test_figures_and_rows_cost_the_same_queries_for_one_answer_and_for_many(
    session: Session, world: World
) -> None:
    themes = codebook(session, world)
    approved(session, world, world.october, *themes, sector="government")
    costs = []
    for _ in range(2):
        session.expire_all()
        with counted_queries(session) as sent:
            _release_everything(session, world)
        costs.append(len(sent))
        approved(session, world, world.october, *themes, times=15, sector="academia")
        approved(session, world, world.may, themes[0], times=15, sector="government")
    assert costs[0] == costs[1]


def _release_everything(session: Session, world: World) -> None:
    release_themes(session, world.consultation, world.rules)
    release_participation(session, world.consultation, world.rules)
    assert list(release_rows(session, world.consultation, "desk"))
    assert list(release_rows(session, world.consultation, "publication"))
