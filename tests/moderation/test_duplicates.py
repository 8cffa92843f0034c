"""Duplicates and campaigns: folded together by their words, counted, compared, and never decided on."""

import csv
import random
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.core.text import fold
from consult.jobs.find_hints import find_duplicates, find_hints
from consult.moderation.hints.queries import Group, has_duplicates, is_like, members, remarks, remarks_in
from consult.moderation.hints.rules import likeness
from consult.moderation.hints.rules.differences import differences
from consult.moderation.hints.rules.grouping import Compared, grouped
from consult.moderation.models import Decision, Duplicate
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.responses.rules import move
from tests.factories import World, make_answer

CAMPAIGN = (
    "Make the readiness plan permanent in all but name, and pay for it from the common budget of all allies."
)
VARIANT = (
    "Make the readiness plan permanent in all but name and pay for it from a common budget of the allies!"
)
OTHER = "Reopen the council at ambassador level, with no preconditions, a short agenda and a list of incidents at sea."
WITHOUT_ANALYSIS = not likeness.can_find_near()
near = pytest.mark.skipif(WITHOUT_ANALYSIS, reason="the optional group `analysis` is not installed")


def give(session: Session, world: World, *texts: str, at: str = "october", question: int = 0) -> list[Answer]:
    meeting = world.october if at == "october" else world.may
    asking = world.askings[meeting.id][question]
    answers = [make_answer(session, world.consultation, world.rules, asking, text) for text in texts]
    session.commit()
    return answers


def make_round(session: Session, database: Database) -> int:
    session.commit()
    find_hints(database)
    return find_duplicates(database)


def groups_for(session: Session, answer_ids: list[str], meeting_ids: list[str]) -> dict[str, Group]:
    """Answer → its group as the queue of these meetings tells it."""
    return remarks_in(session.execute(remarks((), answer_ids, meeting_ids)[1]).all())[1]


def compared(*texts: str, question: str = "q") -> list[Compared]:
    return [Compared(question, f"a{n}", f"r{n}", fold(text)) for n, text in enumerate(texts)]


@near
def test_equal_and_near_texts_are_one_group(session: Session, world: World, database: Database) -> None:
    answers = give(session, world, CAMPAIGN, CAMPAIGN.upper() + "!", VARIANT, OTHER)
    assert make_round(session, database) == 1
    both = [world.october.id, world.may.id]
    groups = groups_for(session, [answer.id for answer in answers], both)
    assert set(groups) == {answer.id for answer in answers[:3]}
    first, variant = groups[answers[0].id], groups[answers[2].id]
    assert first.key == variant.key
    assert (first.responses, first.texts, first.identical, first.likeness) == (3, 2, 2, 100)
    assert variant.identical == 1
    assert 70 <= variant.likeness < 100
    listed = members(session, world.consultation, both, first.key)
    assert [member.text_number for member in listed] == [0, 0, 1]
    same = members(session, world.consultation, both, first.key, like=answers[0].id)
    assert {member.answer_id for member in same} == {answers[0].id, answers[1].id}
    rest = members(session, world.consultation, both, first.key, after=listed[0].position)
    assert [member.answer_id for member in rest] == [member.answer_id for member in listed[1:]]
    assert set(session.scalars(select(Answer.id).where(has_duplicates(both)))) == set(groups)
    assert set(session.scalars(select(Answer.id).where(is_like(answers[2].id, both)))) == set(groups)


def test_counts_are_of_the_meetings_asked_for(session: Session, world: World, database: Database) -> None:
    """A rapporteur of one meeting learns nothing of the other."""
    first, second = give(session, world, OTHER, OTHER)
    (elsewhere,) = give(session, world, OTHER, at="may")
    make_round(session, database)
    october = groups_for(session, [first.id], [world.october.id])
    assert october[first.id].responses == 2
    assert groups_for(session, [elsewhere.id], [world.may.id]) == {}
    key = october[first.id].key
    listed = members(session, world.consultation, [world.october.id], key)
    assert {member.answer_id for member in listed} == {first.id, second.id}
    assert members(session, world.elsewhere, [world.october.id], key) == []
    alone, both = [world.may.id], [world.october.id, world.may.id]
    assert (
        session.scalars(select(Answer.id).where(Answer.id == elsewhere.id, has_duplicates(alone))).all() == []
    )
    assert len(session.scalars(select(Answer.id).where(has_duplicates(both))).all()) == 3
    assert session.scalars(select(Answer.id).where(is_like(first.id, alone))).all() == [], (
        "not theirs to name"
    )


def test_equal_words_under_two_questions_join_nobody(
    session: Session, world: World, database: Database
) -> None:
    """They may be one person's, and what joins answers across questions could tell who."""
    give(session, world, OTHER)
    give(session, world, OTHER, question=1)
    make_round(session, database)
    assert session.scalars(select(Duplicate)).all() == []


def test_keys_stay_where_groups_do(session: Session, world: World, database: Database) -> None:
    (first, _second) = give(session, world, OTHER, OTHER)
    make_round(session, database)
    meetings = [world.october.id]
    before = groups_for(session, [first.id], meetings)[first.id]
    session.commit()
    assert make_round(session, database) == 0
    give(session, world, OTHER)
    assert make_round(session, database) == 1
    after = groups_for(session, [first.id], meetings)[first.id]
    assert (after.key, before.responses, after.responses) == (before.key, 2, 3)


def test_what_is_withdrawn_leaves_its_group(session: Session, world: World, database: Database) -> None:
    first, second = give(session, world, OTHER, OTHER)
    make_round(session, database)
    move(session.get_one(Answer, second.id), AnswerState.WITHDRAWN)
    session.commit()
    assert groups_for(session, [first.id, second.id], [world.october.id]) == {}


def test_nothing_is_decided_by_it(session: Session, world: World, database: Database) -> None:
    answers = give(session, world, OTHER, OTHER)
    make_round(session, database)
    assert {session.get_one(Answer, answer.id).state for answer in answers} == {AnswerState.WAITING}
    assert session.scalars(select(Decision)).all() == []


@near
def test_small_steps_do_not_join_what_differs() -> None:
    """Every member is like its group's first text: with all words replaced one by one, the last is in another."""
    words = CAMPAIGN.split()
    steps = [CAMPAIGN]
    for place in range(len(words)):
        words[place] = f"word{place}x"
        steps.append(" ".join(words))
    groups = grouped(compared(*steps))
    last = f"a{len(steps) - 1}"
    assert all(
        "a0" not in ids or last not in ids for ids in ({p.answer_id for p in group} for group in groups)
    )
    assert all(placed.likeness >= 70 for group in groups for placed in group)


def test_one_text_within_a_longer_one_is_no_duplicate() -> None:
    """What token_set would call equal."""
    longer = (
        f"{CAMPAIGN} {OTHER} And a third thing altogether, which nobody has asked for but everybody needs."
    )
    assert grouped(compared("a common budget", longer)) == []


@near
def test_near_texts_of_any_script() -> None:
    chinese = "我們需要對話而不是更多的軍隊，這是為了所有人的安全與和平的未來。"
    assert len(grouped(compared(chinese, chinese.replace("軍隊", "武器")))) == 1


@near
def test_planted_variants_are_found_among_real_statements(shared_data: Path) -> None:
    path = shared_data / "polis" / "march-on.operation-marchin-orders" / "comments.csv"
    with path.open(encoding="utf-8", newline="") as file:
        statements = [row["comment-body"] for row in csv.DictReader(file)]
    chance = random.Random(5)
    long = [text for text in statements if len(text) > 80]
    originals = chance.sample(sorted(set(long)), 100)
    varied = []
    for text in originals:
        words = text.split()
        words[chance.randrange(len(words))] = "planted"
        varied.append(" ".join(words))
    groups = grouped(compared(*statements, *varied))
    of = {placed.answer_id: number for number, group in enumerate(groups) for placed in group}
    place = {text: f"a{number}" for number, text in enumerate(statements)}
    met = sum(
        of.get(place[text], -1) == of.get(f"a{len(statements) + number}", -2)
        for number, text in enumerate(originals)
    )
    assert met >= 95


def test_without_what_finds_near_ones_equal_ones_are_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "can_find_near", lambda: False)
    groups = grouped(compared(CAMPAIGN, CAMPAIGN.upper(), VARIANT))
    assert [[placed.answer_id for placed in group] for group in groups] == [["a0", "a1"]]


@pytest.mark.parametrize(
    ("standard", "text"), [(CAMPAIGN, VARIANT), ("", "new"), ("old", ""), ("żółw, łódź", "żółw i łódź 🙂")]
)
def test_differences_put_together_are_both_texts(standard: str, text: str) -> None:
    pieces = differences(standard, text)
    assert "".join(piece.text for piece in pieces if piece.mark != "removed") == text
    assert "".join(piece.text for piece in pieces if piece.mark != "added") == standard
    assert ("added" in {p.mark for p in pieces}) == (bool(text) and text != standard)
