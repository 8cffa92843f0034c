"""Coding twice, blind: what is measured is worked out by hand and by other programs, and what is settled counts."""

import random

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score
from sqlalchemy.orm import Session

from consult.analysis.actions import assign
from consult.analysis.agreement import actions, queries
from consult.analysis.agreement.rules import (
    agreement_of,
    cohen_kappa,
    krippendorff_alpha,
    sample_f1,
)
from consult.analysis.codebook.actions import merge
from consult.analysis.marking import assign_part, mark_quotable, note, parts_of, unassign_part
from consult.analysis.models import SecondReading
from consult.analysis.queries import codable_answer, theme_codes
from consult.analysis.spans import kept_pieces, to_revision, to_visible
from consult.consultations.enums import Attribution
from consult.core.errors import Invalid, Refused, StaleRead
from consult.moderation.actions import Span
from consult.moderation.enums import RedactionKind
from consult.moderation.models import PublishedText
from consult.responses.models import Answer
from tests.analysis.cases import approve, approved, change_words, codebook
from tests.factories import World, make_answer


def test_measures_agree_with_textbook_cases_worked_by_hand() -> None:
    # 50 grant proposals, both yes 20, both no 15, apart 5 and 10: p0 = 0.7, pe = 0.5·0.6 + 0.5·0.4 = 0.5
    proposals = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohen_kappa(proposals) == pytest.approx(0.4)
    # Krippendorff (2011), two observers and ten binary units: 6 agree, 14 values 0 and 6 values 1; α = 1 − 19·4/84
    one, other = "0100000010", "1110010000"
    units = list(zip(one, other, strict=True))
    assert krippendorff_alpha(units) == pytest.approx(1 - 19 * 4 / 84)
    assert sample_f1([({"a", "b"}, {"b"}), (set(), set()), ({"a"}, {"b"})]) == pytest.approx(
        (2 / 3 + 1 + 0) / 3
    )
    assert cohen_kappa([]) is None
    assert cohen_kappa([(False, False)] * 9) is None
    assert krippendorff_alpha([(True, True)] * 9) is None
    assert krippendorff_alpha([(True,)]) is None
    assert sample_f1([]) is None


def test_measures_agree_with_other_programs() -> None:
    draw = random.Random(6)
    for _ in range(40):
        pairs = [(draw.random() < 0.4, draw.random() < 0.5) for _ in range(draw.randint(5, 60))]
        first, second = ([int(pair[side]) for pair in pairs] for side in (0, 1))
        ours, theirs = cohen_kappa(pairs), cohen_kappa_score(first, second)
        assert (ours is None and np.isnan(theirs)) or ours == pytest.approx(theirs)
        if len({*first, *second}) == 2:
            assert krippendorff_alpha(pairs) == pytest.approx(
                krippendorff.alpha(np.array([first, second], dtype=float), level_of_measurement="nominal")
            )
        table = np.array([[draw.random() < 0.3 for _ in range(6)] for _ in range(20)])
        other = table ^ (np.array([[draw.random() < 0.2 for _ in range(6)] for _ in range(20)]))
        sets = [
            ({str(i) for i in np.flatnonzero(a)}, {str(i) for i in np.flatnonzero(b)})
            for a, b in zip(table, other, strict=True)
        ]
        assert sample_f1(sets) == pytest.approx(f1_score(table, other, average="samples", zero_division=1.0))


def test_a_theme_is_judged_only_where_it_was_to_be_had() -> None:
    found = agreement_of(
        [
            (frozenset("ab"), frozenset("a"), frozenset("abc")),
            (frozenset("b"), frozenset("b"), frozenset("ab")),
        ],
        ["a", "b", "c"],
    )
    assert [(row.answers, row.both, row.first_only, row.second_only) for row in found.themes] == [
        (2, 1, 0, 0),
        (2, 1, 1, 0),
        (1, 0, 0, 0),
    ]


def test_a_second_reading_counts_only_once_it_is_settled(session: Session, world: World) -> None:
    deterrence, dialogue, unity = themes = codebook(session, world)
    [revision] = approved(session, world, world.october, deterrence, dialogue)
    [uncoded] = approved(session, world)
    consultation, meetings = world.consultation, [world.october.id]
    assert queries.next_to_read_again(session, consultation, meetings, world.rapporteur) == (None, 0)
    actions.code_twice(session, consultation, 100, by=world.director)
    found, left = queries.next_to_read_again(session, consultation, meetings, world.rapporteur)
    assert found is not None
    assert (found.revision_id, left) == (revision.id, 1)
    assert queries.next_to_read_again(session, consultation, [world.may.id], world.rapporteur) == (None, 0)
    assert queries.next_to_read_again(session, consultation, meetings, world.director) == (None, 0)
    assert queries.awaits_blind_reading(session, consultation, meetings, world.rapporteur, revision.answer_id)
    with pytest.raises(Refused, match="yourself"):
        actions.read_again(session, revision, [unity], themes, by=world.director)
    with pytest.raises(Refused, match="no theme"):
        actions.read_again(session, uncoded, [unity], themes, by=world.rapporteur)

    actions.read_again(session, revision, [dialogue, unity], themes, by=world.rapporteur)
    with pytest.raises(Refused, match="Somebody else"):
        actions.read_again(session, revision, [unity], themes, by=world.second_director)
    assert theme_codes(session, [revision.id]) == {revision.id: ("deterrence", "dialogue")}, (
        "nothing counts yet"
    )
    measured = queries.agreement(session, consultation, meetings)
    assert (measured.answers, measured.f1) == (1, 0.5)
    apart = queries.disagreements(session, consultation, meetings)
    assert [(each.theme.code, each.by_first) for each in apart] == [("deterrence", True), ("unity", False)]
    assert queries.disagreements(session, consultation, [world.may.id]) == []

    actions.adjudicate(session, revision, deterrence, applies=False, by=world.director)
    actions.adjudicate(session, revision, unity, applies=True, by=world.director)
    assert theme_codes(session, [revision.id]) == {revision.id: ("dialogue", "unity")}, (
        "what is settled counts"
    )
    assert queries.disagreements(session, consultation, meetings) == []
    assert queries.agreement(session, consultation, meetings) == measured, "the originals stay"
    merge(session, unity, deterrence, by=world.director)
    again = queries.agreement(session, consultation, meetings)
    assert again.f1 == 1, "both had given what is one theme now"
    with pytest.raises(Refused, match="not coded twice"):
        actions.adjudicate(session, uncoded, dialogue, applies=True, by=world.director)
    actions.code_twice(session, consultation, 0, by=world.director)
    assert session.get(SecondReading, revision.id) is not None
    with pytest.raises(Invalid):
        actions.code_twice(session, consultation, 101, by=world.director)


WORDS = "Ask Colonel Zawisza to keep the hotline; 北约 should talk, mówić."


def test_a_part_is_placed_by_the_words_that_can_be_read(session: Session, world: World) -> None:
    deterrence, dialogue, _ = codebook(session, world)
    answer = make_answer(session, world.consultation, world.rules, world.asking, WORDS)
    starts = WORDS.index("Colonel")
    cut = Span(starts, starts + len("Colonel Zawisza "), RedactionKind.IDENTIFIES_OTHER)
    revision = approve(session, world, answer, redactions=[cut])
    visible = "".join(
        str(part) for part, kind in session.get_one(PublishedText, revision.id).segments if not kind
    )
    first = visible.index("hotline")
    coding = assign_part(session, revision, dialogue, first, first + 7, by=world.director)
    assert WORDS[coding.starts : coding.ends] == "hotline"
    assert assign_part(session, revision, dialogue, first, first + 7, by=world.director) is coding
    across = assign_part(session, revision, deterrence, 0, visible.index("hotline"), by=world.director)
    assert (across.starts, WORDS[: across.ends]) == (0, "Ask Colonel Zawisza to keep the ")
    assert [part.words for part in parts_of(session, revision)] == ["Ask to keep the ", "hotline"]
    assert theme_codes(session, [revision.id]) == {revision.id: ("deterrence", "dialogue")}, "a part counts"
    for place in ((-1, 3), (3, 3), (0, len(visible) + 1), (9, 2)):
        with pytest.raises(Invalid):
            assign_part(session, revision, dialogue, *place, by=world.director)
    unassign_part(session, revision, coding.id, by=world.director)
    assert theme_codes(session, [revision.id]) == {revision.id: ("deterrence",)}


def test_places_survive_the_way_there_and_back() -> None:
    draw = random.Random(3)
    for _ in range(300):
        cuts = sorted(draw.sample(range(41), 2 * draw.randint(0, 4)))
        redactions = list(zip(cuts[::2], cuts[1::2], strict=True))
        kept = kept_pieces(40, redactions)
        length = sum(ends - starts for starts, ends in kept)
        if length < 2:
            continue
        starts, ends = sorted(draw.sample(range(length + 1), 2))
        place = to_revision(kept, starts, ends)
        assert place is not None
        assert to_visible(kept, *place) == (starts, ends)
        assert not any(low <= place[0] < high for low, high in redactions), "no part begins in removed words"
    assert to_visible(kept_pieces(10, [(2, 6)]), 3, 5) is None


def test_coders_see_what_moderation_left_even_of_words_that_are_only_counted(
    session: Session, world: World
) -> None:
    answer = make_answer(
        session, world.consultation, world.rules, world.asking, WORDS, attribution=Attribution.AGGREGATE_ONLY
    )
    revision = approve(session, world, answer, redactions=[Span(4, 19, RedactionKind.IDENTIFIES_OTHER)])
    shown = codable_answer(session, world.consultation, [world.october.id], answer.id)
    assert shown is not None
    assert "Zawisza" not in str(shown.segments)
    with pytest.raises(Refused, match="counted and not quoted"):
        mark_quotable(session, revision, worth=True, by=world.director)
    note(session, revision, "Ask the desk officer.", by=world.director)
    change_words(session, revision, "Other words.")
    assert session.get(Answer, answer.id) is not None
    for late in (
        lambda: note(session, revision, "Late.", by=world.director),
        lambda: assign(session, revision, codebook(session, world)[0], by=world.director),
    ):
        with pytest.raises(StaleRead):
            late()
