"""A codebook is changed without losing a coding, remembers each change, and comes back from its files."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pyrefiqda import RefiCodebook
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from consult.analysis.actions import assign, ensure_theme
from consult.analysis.codebook import actions as codebooks
from consult.analysis.codebook.files import as_csv, as_qdc, from_file
from consult.analysis.codebook.queries import all_themes, answers_behind, answers_with, versions_of
from consult.analysis.codebook.rules import Entry, ThemeWords, entries_of, gone_to
from consult.analysis.codebook.templates import TEMPLATES, template
from consult.analysis.enums import CodebookAct, CodingState
from consult.analysis.models import Coding, Theme
from consult.analysis.queries import theme_codes, themes_of
from consult.core.database import Database
from consult.core.errors import Invalid, Refused
from tests.analysis.cases import approved, codebook
from tests.factories import World, make_world

PLACES = st.integers(0, 7)
FEW = settings(
    max_examples=25,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
FULL = ThemeWords(
    title="Łódź – „obrona” 防衛",
    description="= not a formula",
    includes="Bases\nand exercises",
    excludes="Arms control",
    examples=("More troops.", "Mehr Übungen."),
    colour="#0F6E6E",
)


def test_a_merge_moves_every_coding_and_keeps_what_was_given(session: Session, world: World) -> None:
    deterrence, dialogue, unity = codebook(session, world)
    under = ensure_theme(session, world.consultation, code="baltic", title="Baltic", parent=deterrence)
    [both] = approved(session, world, world.october, deterrence, dialogue)
    [one] = approved(session, world, world.october, deterrence, by=world.rapporteur)
    assign(session, one, dialogue, by=world.director)
    moved = codebooks.merge(session, deterrence, dialogue, by=world.director)
    assert moved == 1
    found = theme_codes(session, [both.id, one.id])
    assert found == {both.id: ("dialogue",), one.id: ("dialogue",)}
    kept = session.scalars(select(Coding).where(Coding.coder_id == world.rapporteur.id)).one()
    assert (kept.theme_id, kept.given_as_id, kept.state) == (
        dialogue.id,
        deterrence.id,
        CodingState.CONFIRMED,
    )
    removed = session.scalars(select(Coding).where(Coding.state == CodingState.REMOVED)).one()
    assert (removed.revision_id, removed.theme_id) == (both.id, deterrence.id)
    assert (deterrence.retired, deterrence.merged_into_id, under.parent_id) == (
        True,
        dialogue.id,
        dialogue.id,
    )
    codebooks.merge(session, dialogue, unity, by=world.director)
    assert gone_to(all_themes(session, world.consultation))[deterrence.id] == unity.id
    assert kept.given_as_id == deterrence.id, "the first theme given is kept through a second merge"
    with pytest.raises(Refused, match="merged"):
        codebooks.restore(session, deterrence, by=world.director)
    again = ensure_theme(session, world.consultation, code="deterrence", title="Again")
    assert again.retired, "loading the definition again does not bring it back"


def test_a_theme_under_the_one_it_takes_in_comes_up(session: Session, world: World) -> None:
    south, other = codebook(session, world, "south", "other")
    sahel = ensure_theme(session, world.consultation, code="sahel", title="Sahel", parent=south)
    codebooks.merge(session, south, sahel, by=world.director)
    assert sahel.parent_id is None
    for wrong in (sahel, south):
        with pytest.raises(Invalid):
            codebooks.merge(session, sahel, wrong, by=world.director)
    assert other.merged_into_id is None


def test_a_split_takes_the_ticked_answers_and_leaves_the_rest(session: Session, world: World) -> None:
    deterrence, *_ = codebook(session, world)
    first, second, third = approved(session, world, world.october, deterrence, times=3)
    [stranger] = approved(session, world)
    new = codebooks.split(
        session, deterrence, ThemeWords("Air policing"), [first.id, stranger.id], by=world.director
    )
    found = theme_codes(session, [first.id, second.id, third.id, stranger.id])
    assert found == {
        first.id: ("air-policing",),
        second.id: ("deterrence",),
        third.id: ("deterrence",),
    }
    assert new.split_from_id == deterrence.id
    assert answers_behind(session, [new, deterrence]) == {new.id: 1, deterrence.id: 2}
    assert [one.revision_id for one in answers_with(session, new)] == [first.id]
    assert len(answers_with(session, deterrence, words="standing CHANNEL")) == 2
    assert answers_with(session, deterrence, words="nowhere") == []
    with pytest.raises(Invalid, match="Tick"):
        codebooks.split(session, deterrence, ThemeWords("Nothing"), [stranger.id], by=world.director)


def test_every_change_is_a_version_and_what_it_replaced_can_be_read(session: Session, world: World) -> None:
    deterrence, *_ = codebook(session, world)
    added = codebooks.add_theme(session, world.consultation, FULL, by=world.director, parent=deterrence)
    assert (added.code, added.colour) == ("lodz-obrona", "#0f6e6e")
    codebooks.change_theme(session, deterrence, ThemeWords("Defence"), by=world.director)
    assert not codebooks.change_theme(session, deterrence, ThemeWords("Defence"), by=world.director)
    codebooks.retire(session, added, by=world.director)
    codebooks.restore(session, added, by=world.director)
    kept = versions_of(session, world.consultation)
    assert [one.version.act for one in reversed(kept)] == [
        CodebookAct.LOADED,
        CodebookAct.ADDED,
        CodebookAct.CHANGED,
        CodebookAct.RETIRED,
        CodebookAct.RESTORED,
    ]
    assert [one.version.number for one in kept] == [5, 4, 3, 2, 1]
    assert (kept[0].by, kept[-1].by) == (world.director.name, None)
    titles = {str(theme["title"]) for theme in kept[3].version.themes}
    assert "Deterrence" in titles, "the words before the change stand in the version before it"


@pytest.mark.parametrize("write", [as_csv, lambda entries: as_qdc(entries, of="warsaw")], ids=["csv", "qdc"])
def test_a_codebook_comes_back_from_its_file(session: Session, world: World, write: Any) -> None:
    top, *_ = codebook(session, world)
    codebooks.add_theme(session, world.consultation, FULL, by=world.director, parent=top, code="full")
    before = entries_of(themes_of(session, world.consultation))
    written = write(before)
    assert written == write(before), "the same codebook is the same file"
    assert from_file(written, "codebook", known=before) == before
    assert (
        codebooks.take_in(
            session, world.consultation, from_file(written, "c", known=before), by=world.director
        )
        == 0
    )
    changed = [Entry(**{**entry.__dict__, "title": f"New {entry.title}"}) for entry in before[:1]]
    assert codebooks.take_in(session, world.consultation, changed, by=world.director) == 1
    assert top.title.startswith("New ")


def test_a_qdc_is_read_by_an_independent_reader(session: Session, world: World, tmp_path: Any) -> None:
    top, *_ = codebook(session, world)
    codebooks.add_theme(session, world.consultation, FULL, by=world.director, parent=top, code="full")
    path = tmp_path / "codebook.qdc"
    path.write_bytes(as_qdc(entries_of(themes_of(session, world.consultation)), of="warsaw"))
    read = RefiCodebook.load(path)
    [first, *rest] = read.codes.code
    assert (first.name, [code.name for code in first.code], len(rest)) == ("Deterrence", [FULL.title], 2)


def test_codebooks_of_strangers_are_taken_or_refused_with_a_sentence(session: Session, world: World) -> None:
    codebook(session, world)
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><CodeBook>&b;</CodeBook>'
    deep = b"<CodeBook><Codes>" + b'<Code name="x">' * 60 + b"</Code>" * 60 + b"</Codes></CodeBook>"
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("nothing.txt", "x")
    for content, name in (
        (bomb, "c.qdc"),
        (deep, "c.qdc"),
        (b"<CodeBook>", "c.qdc"),
        (b"<Other/>", "c.qdc"),
        (zipped.getvalue(), "c.qdpx"),
        (b"PK\x03\x04broken", "c.qdpx"),
        (b"name\nx\n", "c.csv"),
        (b"code,title\na,A\na,B\n", "c.csv"),
        (b"code,title,parent\na,A,b\nb,B,a\n", "c.csv"),
        (b"code,title,parent\na,A,none\n", "c.csv"),
        (b"code,title,colour\na,A,red\n", "c.csv"),
        (b"code,title\nTwo words,A\n", "c.csv"),
        (b"code,title\n", "c.csv"),
    ):
        with pytest.raises(Invalid) as caught:
            from_file(content, name)
        assert str(caught.value), name
    for name in TEMPLATES:
        assert codebooks.take_in(session, world.consultation, template(name), by=world.director) >= 6


def test_the_database_lets_no_coding_change_who_gave_what(database: Database, world: World) -> None:
    with database.transaction() as session:
        theme, other, _ = codebook(session, world)
        approved(session, world, world.october, theme)
        theme_id, other_id = theme.id, other.id
    for statement in (
        update(Coding).values(coder_id=world.rapporteur.id),
        update(Coding).values(starts=1, ends=2),
        update(Coding).values(suggested_by="machine"),
        text("UPDATE coding SET coded_at = '2001-01-01'"),
    ):
        with pytest.raises(DatabaseError), database.transaction() as session:
            session.execute(statement)
    with database.transaction() as session:
        session.execute(update(Coding).values(theme_id=other_id, given_as_id=theme_id))
    for values in ({"given_as_id": other_id}, {"given_as_id": None}):
        with pytest.raises(DatabaseError), database.transaction() as session:
            session.execute(update(Coding).values(**values))
    with database.transaction() as session:
        session.execute(update(Coding).values(state=CodingState.REMOVED))
    with pytest.raises(DatabaseError), database.transaction() as session:
        session.execute(update(Coding).values(state=CodingState.CONFIRMED))


def test_no_sequence_of_changes_loses_a_coding(sqlite_url: str) -> None:  # noqa: C901
    """Assign, merge, split, rename, retire and restore in any order, beside a model of which answer has what."""
    database = Database(sqlite_url)
    with database.transaction() as session:
        world = make_world(session)
        revisions = approved(session, world, times=4)

    class Codebook(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.session = database.session(writing=True)
            self.world = self.session.merge(world.consultation), self.session.merge(world.director)
            self.themes = [
                ensure_theme(self.session, self.world[0], code=code, title=code.upper()) for code in "abc"
            ]
            self.revisions = [self.session.merge(revision) for revision in revisions]
            self.has: dict[str, set[str]] = {revision.id: set() for revision in self.revisions}
            self.most = 0

        def used(self, place: int) -> Theme | None:
            theme = self.themes[place % len(self.themes)]
            return None if theme.retired else theme

        @rule(place=PLACES, which=PLACES)
        def assign(self, place: int, which: int) -> None:
            revision, theme = self.revisions[which % 4], self.used(place)
            if theme is not None:
                assign(self.session, revision, theme, by=self.world[1])
                self.has[revision.id].add(theme.id)

        @rule(place=PLACES, other=PLACES)
        def merge(self, place: int, other: int) -> None:
            theme, into = self.used(place), self.used(other)
            if theme is not None and into is not None and theme is not into:
                codebooks.merge(self.session, theme, into, by=self.world[1])
                for has in self.has.values():
                    if theme.id in has:
                        has.remove(theme.id)
                        has.add(into.id)

        @rule(place=PLACES, chosen=st.sets(PLACES, min_size=1))
        def split(self, place: int, chosen: set[int]) -> None:
            theme, ids = self.used(place), [self.revisions[which % 4].id for which in chosen]
            moving = [each for each in ids if theme is not None and theme.id in self.has[each]]
            if theme is None or not moving:
                return
            new = codebooks.split(self.session, theme, ThemeWords("New"), ids, by=self.world[1])
            self.themes.append(new)
            for each in set(moving):
                self.has[each].remove(theme.id)
                self.has[each].add(new.id)

        @rule(place=PLACES)
        def rename(self, place: int) -> None:
            theme = self.themes[place % len(self.themes)]
            codebooks.change_theme(self.session, theme, ThemeWords(f"{theme.title}'"[-50:]), by=self.world[1])

        @rule(place=PLACES)
        def retire_or_restore(self, place: int) -> None:
            theme = self.themes[place % len(self.themes)]
            if theme.merged_into_id is None:
                act = codebooks.restore if theme.retired else codebooks.retire
                act(self.session, theme, by=self.world[1])

        @invariant()
        def nothing_is_lost(self) -> None:
            used = {theme.id: theme.code for theme in self.themes if not theme.retired}
            wanted = {
                revision: {used[theme] for theme in has if theme in used}
                for revision, has in self.has.items()
            }
            found = theme_codes(self.session, list(self.has))
            assert {revision: set(found.get(revision, ())) for revision in wanted} == wanted
            rows = self.session.scalars(select(Coding)).all()
            assert len(rows) >= self.most, "a coding is never deleted"
            self.most = len(rows)
            merged = {theme.id for theme in self.themes if theme.merged_into_id}
            assert not [row for row in rows if row.state is CodingState.CONFIRMED and row.theme_id in merged]

        def teardown(self) -> None:
            self.session.rollback()
            self.session.close()

    run_state_machine_as_test(Codebook, settings=FEW)
    database.close()
