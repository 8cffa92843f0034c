"""Giving and taking back themes: on words that stand and may be used, never forgotten, never twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.analysis.actions import assign, ensure_theme, recode, unassign
from consult.analysis.codebook.queries import answers_with
from consult.analysis.enums import CodingState
from consult.analysis.marking import assign_part, parts_of
from consult.analysis.models import Coding, Theme
from consult.analysis.queries import theme_codes, themes_of
from consult.consultations.enums import Attribution
from consult.core.audit import AuditEntry, first_broken
from consult.core.database import Database
from consult.core.errors import Invalid, Refused, StaleRead
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.queries import current_revision
from tests.analysis.cases import CANARY, approve, approved, change_words, codebook, reject
from tests.factories import World, make_answer


def codings(session: Session) -> list[tuple[str, CodingState]]:
    rows = session.execute(select(Coding.coder_id, Coding.state).order_by(Coding.coded_at))
    return [(coder or "", state) for coder, state in rows]


def test_a_theme_given_twice_by_one_person_is_one_coding(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    [revision] = approved(session, world)
    first = assign(session, revision, deterrence, by=world.director)
    assert assign(session, revision, deterrence, by=world.director) is first
    assert codings(session) == [(world.director.id, CodingState.CONFIRMED)]


def test_a_theme_taken_back_stays_on_record_and_can_be_given_again(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    [revision] = approved(session, world, world.october, deterrence)
    assert unassign(session, revision, deterrence, by=world.director) == 1
    assert unassign(session, revision, deterrence, by=world.director) == 0
    assert theme_codes(session, [revision.id]) == {}
    assign(session, revision, deterrence, by=world.director)
    assert sorted(state for _, state in codings(session)) == ["confirmed", "removed"]
    assert theme_codes(session, [revision.id]) == {revision.id: ("deterrence",)}


def test_taking_back_takes_the_theme_from_the_answer_whoever_gave_it(session: Session, world: World) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    [revision] = approved(session, world, world.october, deterrence, dialogue, by=world.rapporteur)
    assign(session, revision, deterrence, by=world.director)
    assert len(codings(session)) == 3
    assert unassign(session, revision, deterrence, by=world.director) == 2
    assert theme_codes(session, [revision.id]) == {revision.id: ("dialogue",)}


def test_words_that_have_changed_take_no_themes(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    [revision] = approved(session, world)
    change_words(session, revision, "Less of everything.")
    for act in (assign, unassign):
        with pytest.raises(StaleRead):
            act(session, revision, deterrence, by=world.director)
    assert codings(session) == []


@pytest.mark.parametrize("state", [AnswerState.WAITING, AnswerState.REJECTED, AnswerState.WITHDRAWN])
def test_only_approved_answers_take_themes(session: Session, world: World, state: AnswerState) -> None:
    [deterrence, *_] = codebook(session, world)
    answer = make_answer(session, world.consultation, world.rules, world.asking, state=state)
    with pytest.raises(StaleRead):
        assign(session, current_revision(session, answer), deterrence, by=world.director)
    assert codings(session) == []


def test_what_may_not_be_used_takes_no_themes(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    answer = make_answer(
        session,
        world.consultation,
        world.rules,
        world.asking,
        attribution=Attribution.NOT_FOR_USE,
        state=AnswerState.APPROVED,
    )
    with pytest.raises(Refused):
        assign(session, current_revision(session, answer), deterrence, by=world.director)


def test_a_theme_of_another_consultation_or_a_retired_one_is_refused(session: Session, world: World) -> None:
    foreign = ensure_theme(session, world.elsewhere, code="deterrence", title="Deterrence")
    [retired, *_] = codebook(session, world)
    retired.retired = True
    [revision] = approved(session, world)
    for theme in (foreign, retired):
        with pytest.raises(Refused):
            assign(session, revision, theme, by=world.director)
    assert codings(session) == []


def test_themes_survive_a_reversed_decision_but_not_new_words(session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    [revision] = approved(session, world, world.october, deterrence)
    answer = session.get_one(Answer, revision.answer_id)
    reject(session, world, answer)
    approve(session, world, answer)
    assert theme_codes(session, [revision.id]) == {revision.id: ("deterrence",)}


def test_the_audit_says_who_did_what_without_the_words(session: Session, world: World) -> None:
    [deterrence, dialogue, _] = codebook(session, world)
    [revision] = approved(session, world, world.october, deterrence, text=CANARY)
    recode(session, revision, give=[dialogue], take=[deterrence], by=world.second_director)
    coding = select(AuditEntry).where(AuditEntry.act.in_(["assign", "unassign"])).order_by(AuditEntry.number)
    entries = session.scalars(coding).all()
    assert [(entry.act, entry.user_id) for entry in entries] == [
        ("assign", world.director.id),
        ("unassign", world.second_director.id),
        ("assign", world.second_director.id),
    ]
    assert "Zawisza" not in " ".join(entry.facts for entry in session.scalars(select(AuditEntry)))
    assert first_broken(session) is None


def test_parallel_coders_make_one_coding_each(database: Database, session: Session, world: World) -> None:
    [deterrence, *_] = codebook(session, world)
    [revision] = approved(session, world)
    session.commit()
    start = Barrier(4)

    def give(user_id: str) -> None:
        start.wait()
        with database.transaction() as own:
            user = own.get_one(type(world.director), user_id)
            assign(own, own.get_one(Revision, revision.id), own.get_one(Theme, deterrence.id), by=user)

    people = [world.director.id, world.director.id, world.rapporteur.id, world.rapporteur.id]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give, people))
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Coding)) == 2


def test_a_theme_is_made_once_and_brought_to_new_words(session: Session, world: World) -> None:
    theme = ensure_theme(session, world.consultation, code="unity", title="Unity", drawn_from="Takeaway 2")
    again = ensure_theme(session, world.consultation, code="unity", title="Allied unity", position=7)
    assert again is theme
    assert (theme.title, theme.position, theme.drawn_from) == ("Allied unity", 7, "")
    assert [t.code for t in themes_of(session, world.consultation)] == ["unity"]
    assert themes_of(session, world.elsewhere) == []


def test_a_codebook_reads_in_order_with_each_theme_under_its_parent(session: Session, world: World) -> None:
    south, east = codebook(session, world, "south", "east")
    ensure_theme(session, world.consultation, code="sahel", title="Sahel", parent=south)
    ensure_theme(session, world.consultation, code="baltic", title="Baltic", parent=east, position=1)
    assert [t.code for t in themes_of(session, world.consultation)] == ["south", "sahel", "east", "baltic"]
    east.retired = True
    session.flush()
    assert [t.code for t in themes_of(session, world.consultation)] == ["baltic", "south", "sahel"]


def test_no_theme_stands_above_itself(session: Session, world: World) -> None:
    south, _ = codebook(session, world, "south", "east")
    sahel = ensure_theme(session, world.consultation, code="sahel", title="Sahel", parent=south)
    with pytest.raises(Invalid, match="cannot stand above"):
        ensure_theme(session, world.consultation, code="south", title="South", parent=sahel)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "Two words"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "ł"}, "code"),
        ({"code": "unassigned"}, "code"),
        ({"code": "x" * 81}, "code"),
        ({"title": " "}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"drawn_from": "\ud800"}, "drawn_from"),
    ],
)
def test_a_bad_theme_is_refused_at_its_field(
    session: Session, world: World, facts: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        ensure_theme(session, world.consultation, **{"code": "unity", "title": "Unity", **facts})  # type: ignore[arg-type]
    assert caught.value.field == field
    assert str(caught.value)
    assert themes_of(session, world.consultation) == []


LANGUAGES = {
    "es": ("Más diálogo con la OTAN, y pronto.", "DIALOGO", "OTAN"),
    "de": ("Größere Übungen an der Ostflanke.", "ubungen grossere", "Ostflanke"),
    "fr": ("Défense européenne d’abord, sans naïveté.", "europeenne naivete", "européenne"),
    "pl": ("Żołnierze w Łodzi; więcej ćwiczeń.", "lodzi cwiczen", "ćwiczeń"),
    "zh": ("建立军事热线，避免误判。", "军事热线", "热线"),
}
"""Language → words, what somebody types who seeks them, and a part of them."""


def test_texts_of_other_languages_are_coded_in_part_and_found(session: Session, world: World) -> None:
    deterrence, dialogue, _ = codebook(session, world)
    given = {}
    for language, (text, _sought, part) in LANGUAGES.items():
        [revision] = approved(session, world, world.october, deterrence, text=text, language=language)
        starts = text.index(part)
        assign_part(session, revision, dialogue, starts, starts + len(part), by=world.director)
        given[language] = revision
    assert set(theme_codes(session, [each.id for each in given.values()]).values()) == {
        ("deterrence", "dialogue")
    }
    for language, (_text, sought, part) in LANGUAGES.items():
        [found] = answers_with(session, deterrence, words=sought)
        assert found.revision_id == given[language].id, language
        assert [each.words for each in parts_of(session, given[language])] == [part]
