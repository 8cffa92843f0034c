"""Suggestions are never counted; a person's yes names the machine; a no is not asked again; bulk can be undone."""

import random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.analysis.actions import assign, ensure_theme
from consult.analysis.enums import CodingState, SuggesterKind
from consult.analysis.models import Coding, Theme
from consult.analysis.queries import theme_codes
from consult.analysis.suggestions import actions, learned, queries
from consult.analysis.suggestions.by_words import clusters
from consult.analysis.suggestions.suggester import Coded, Uncoded
from consult.core.database import Database
from consult.core.errors import NotFound, Refused
from consult.jobs.suggest_themes import suggest_themes
from consult.moderation.models import PublishedText
from tests.analysis.cases import approved
from tests.factories import World

TALK = ("Keep the hotline open.", "Die Hotline muss offen bleiben.", "Mantener abierta la línea directa.",
        "Garder la ligne directe ouverte.", "Utrzymać gorącą linię.", "保持热线畅通")  # fmt: skip
LANGUAGES = ("en", "de", "es", "fr", "pl", "zh")


def themes_of_channels(session: Session, world: World) -> tuple[Theme, Theme]:
    talk = ensure_theme(
        session,
        world.consultation,
        code="talk",
        title="Hotline",
        description="Línea directa, ligne directe, gorąca linia, 热线",
    )
    force = ensure_theme(session, world.consultation, code="force", title="Troops and exercises")
    return talk, force


class Always:
    """Another suggester, through the same interface."""

    name = "always"

    def __init__(self, *scores: dict[str, float]) -> None:
        self.scores = scores

    def suggest(self, answers: Any) -> list[dict[str, float]]:
        return [dict(self.scores[place % len(self.scores)]) for place in range(len(answers))]


def test_from_the_codebooks_words_in_six_languages(session: Session, world: World) -> None:
    talk, _force = themes_of_channels(session, world)
    revisions = [
        approved(session, world, text=text, language=language)[0]
        for text, language in zip(TALK, LANGUAGES, strict=True)
    ]
    made = actions.suggest(session, world.consultation)
    assert (made.kind, made.waiting) == (SuggesterKind.BY_WORDS, 6)
    actions.keep(session, world.consultation, made)
    for revision in revisions:
        [offered] = queries.suggested_for(session, revision.id)
        assert offered.theme.code == "talk", session.get_one(PublishedText, revision.id).text
        assert offered.score < actions.SURE, "words alone are never enough for bulk"
    assert theme_codes(session, [r.id for r in revisions]) == {}, "a suggestion is not counted"
    coding = actions.confirm(session, revisions[0], talk, by=world.director)
    assert (coding.coder_id, coding.suggested_by, coding.machine) == (world.director.id, made.machine, None)
    assert coding.score is not None
    actions.decline(session, revisions[1], talk, by=world.director)
    again = actions.suggest(session, world.consultation)
    assert {each[0] for each in again.suggestions} == {r.id for r in revisions[2:]}
    agreed = queries.agreed_with(session, world.consultation, [world.october.id, world.may.id])
    assert agreed == {talk.id: queries.Agreed(given=1, answered=2)}, "one yes and one no"
    kept = session.scalars(select(Coding).where(Coding.coder_id.is_(None))).one()
    assert (kept.machine, kept.state) == (made.machine, CodingState.REMOVED)
    with pytest.raises(NotFound):
        actions.confirm(session, revisions[1], talk, by=world.director)


def test_sure_ones_are_taken_together_and_given_back_together(session: Session, world: World) -> None:
    talk, force = themes_of_channels(session, world)
    mine, meetings = approved(session, world, times=4), [world.october.id]
    [may] = approved(session, world, world.may)
    made = actions.suggest(session, world.consultation, other=Always({talk.id: 0.95}))
    actions.keep(session, world.consultation, made)
    counts = queries.sure_counts(session, world.consultation, meetings, actions.SURE)
    assert counts == {talk.id: (4, 4)}
    read = [each.revision_id for each in queries.sure_answers(session, talk, meetings, actions.SURE)]
    assert set(read) == {revision.id for revision in mine}
    assign(session, mine[0], force, by=world.rapporteur)
    batch = actions.accept_sure(
        session, world.consultation, talk, meetings, [*read[:], may.id], by=world.director
    )
    assert batch.accepted == 3, "neither one coded meanwhile nor one of a meeting that is not theirs"
    assert theme_codes(session, [may.id]) == {}
    assert queries.agreed_with(session, world.consultation, meetings) == {}, "nobody judged one by itself"
    assert actions.undo(session, world.consultation, batch.id, by=world.director) == 3
    assert theme_codes(session, [revision.id for revision in mine]) == {mine[0].id: ("force",)}
    with pytest.raises(Refused):
        actions.undo(session, world.consultation, batch.id, by=world.director)
    with pytest.raises(NotFound):
        actions.undo(session, world.elsewhere, batch.id, by=world.director)
    with pytest.raises(Refused):
        actions.accept_sure(session, world.consultation, talk, meetings, [may.id], by=world.director)


def test_the_worker_learns_once_enough_is_coded_and_again_when_it_changes(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ENOUGH", 24)
    draw = random.Random(2)
    words = {"talk": "hotline call contact phone", "force": "troops tanks exercise brigade"}
    with database.transaction() as session:
        talk, force = themes_of_channels(session, world)
        for theme, vocabulary in ((talk, words["talk"]), (force, words["force"])):
            for _ in range(12):
                text = " ".join(draw.sample(vocabulary.split(), 3)) + f" please {draw.randint(1, 9)}"
                approved(session, world, world.october, theme, text=text)
        [waiting] = approved(session, world, text="Another brigade for the exercise, and tanks")
        force_id = force.id
    assert suggest_themes(database) == 1
    assert suggest_themes(database) == 0, "nothing has changed"
    with database.transaction() as session:
        row = queries.suggester_of(session, world.consultation)
        assert row is not None
        assert (row.kind, row.learned_from) == (SuggesterKind.LEARNED, 24)
        [offered, *_] = queries.suggested_for(session, waiting.id)
        assert offered.theme.id == force_id
        meetings = [world.october.id, world.may.id]
        assert queries.agreed_with(session, world.consultation, meetings) == {}
        actions.decline(session, session.merge(waiting), offered.theme, by=world.director)
        agreed = queries.agreed_with(session, world.consultation, meetings)
        assert agreed == {force_id: queries.Agreed(given=0, answered=1)}
        assert queries.agreed_with(session, world.consultation, [world.may.id]) == {}
    assert suggest_themes(database) == 1


def test_scores_are_the_same_each_time_and_by_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "FEWEST_OF_A_LANGUAGE", 20)
    draw = random.Random(5)
    coded = [
        Coded(" ".join(draw.choices(bag, k=4)), language, frozenset({theme}))
        for language, bags in (
            ("en", {"a": ["hotline", "call", "phone", "talk"], "b": ["troops", "tank", "brigade", "force"]}),
            ("zh", {"a": ["热线", "对话", "电话"], "b": ["军队", "坦克", "演习"]}),
        )
        for theme, bag in bags.items()
        for _ in range(15)
    ]
    asked = [Uncoded("talk on the phone", "en"), Uncoded("军队 演习", "zh"), Uncoded("tank", "pl")]
    first, second = (learned.Learned(coded).suggest(asked) for _ in range(2))
    assert first == second
    assert first[0]["a"] > 0.5 > first[0]["b"]
    assert first[1]["b"] > 0.5 > first[1]["a"]
    assert learned.Learned(coded[:1]).suggest(asked[:1]) == [{}]


def test_answers_that_are_alike_come_together() -> None:
    alike = [f"Reopen the military hotline between capitals {n}" for n in ("now", "soon", "today")]
    others = ["More troops in the north", "Something else entirely", "Zupełnie inny pomysł"]
    found = clusters([others[0], *alike, *others[1:]])
    assert [set(group) for group in found] == [{1, 2, 3}]
    assert clusters([]) == []
