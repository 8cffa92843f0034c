"""The narrow tables that figures are counted from say what codings and cases say, whatever was done to them."""

import json
import random
from collections import Counter
from collections.abc import Callable
from threading import Event, Thread

from alembic import command
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import assign, unassign
from consult.analysis.codebook.actions import merge, split
from consult.analysis.codebook.rules import ThemeWords
from consult.analysis.kept import CountedAnswer, CountedTheme
from consult.analysis.marking import assign_part
from consult.analysis.models import Coding, Theme
from consult.analysis.queries.tallies import ATTRIBUTES, DID, MEETING, THEME, WROTE, counted
from consult.core.clock import now
from consult.core.database import Database, alembic_config, migrate
from consult.moderation.models import PublishedCase
from consult.responses.models import Answer, Revision
from tests.analysis.cases import approve, approved, change_words, closed_question, codebook, reject
from tests.factories import World, make_world

ACTS = 90
SECTOR = list(ATTRIBUTES).index("sector")
CASE = PublishedCase.__table__.columns
Act = Callable[[Session], object]
Named = Counter[tuple[str, tuple[str | None, ...], str, str]]
Counted = Counter[tuple[object, ...]]


def kept(session: Session) -> Named:
    """The themes that are kept. The answers beside them, and whose all of it is, are looked at on the way."""
    whose = {
        one.id: response
        for one, response in session.execute(select(Revision, Answer.response_id).join(Answer))
    }
    answers = session.scalars(select(CountedAnswer)).all()
    assert Counter(
        (
            one.meeting_id,
            tuple(json.loads(one.people)),
            one.response_id,
            one.question_id,
            one.revision_id,
            one.choices,
        )
        for one in answers
    ) == answers_the_slow_way(session, whose)
    themes = session.scalars(select(CountedTheme)).all()
    assert all(one.response_id == whose[one.revision_id] for one in themes)
    return Counter(
        (one.meeting_id, tuple(json.loads(one.people)), one.theme_id, one.revision_id) for one in themes
    )


def answers_the_slow_way(session: Session, whose: dict[str, str]) -> Counted:
    """Every case that counts, one by one."""
    return Counter(
        (
            case.meeting_id, tuple(getattr(case, name) for name in ATTRIBUTES), whose[case.revision_id],
            case.question_id, case.revision_id, None if case.choices is None else json.dumps(case.choices),
        )
        for case in session.scalars(select(PublishedCase))
        if case.counts_as_participant
    )  # fmt: skip


def the_slow_way(session: Session) -> Named:
    """Every coding beside its case, one by one."""
    cases = {case.revision_id: case for case in session.scalars(select(PublishedCase))}
    found = set()
    for coding in session.scalars(select(Coding)):
        case = cases.get(coding.revision_id)
        if case is None or not case.counts_as_participant or case.choices is not None:
            continue
        if coding.state == "confirmed" and coding.coder_id is not None:
            people = tuple(getattr(case, name) for name in ATTRIBUTES)
            found.add((case.meeting_id, people, coding.theme_id, coding.revision_id))
    return Counter(found)


class Life:
    """Everything that can happen to codings and cases, each time to some answer and theme."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world, self.chance = session, world, random.Random(20160709)
        self.themes = codebook(session, world, "a", "b", "c")
        self.acts: list[Callable[[], object]] = [
            *(self.answer,) * 9, *(self.code,) * 6, *(self.take_back,) * 4,
            *(self.code_a_part, self.withdraw, self.change, self.erase, self.recount, self.merge, self.split),
        ]  # fmt: skip

    def next(self) -> str:
        few = self.session.query(PublishedCase).count() < 3
        act = self.answer if few else self.chance.choice(self.acts)
        act()
        self.session.flush()
        self.session.expire_all()
        return str(act)

    def answer(self) -> None:
        meeting = self.chance.choice((self.world.october, self.world.may))
        sector = self.chance.choice(('the "press"', "Łódź", "academia"))
        approved(self.session, self.world, meeting, self.theme(), by=self.coder(), sector=sector)

    def code(self) -> None:
        assign(self.session, self.published(), self.theme(), by=self.coder())

    def code_a_part(self) -> None:
        assign_part(self.session, self.published(), self.theme(), 0, 5, by=self.coder())

    def take_back(self) -> None:
        coding = self.chance.choice(self.session.scalars(select(Coding).order_by(Coding.id)).all())
        revision = self.session.get_one(Revision, coding.revision_id)
        if self.session.get(PublishedCase, revision.id):
            theme = self.session.get_one(Theme, coding.theme_id)
            unassign(self.session, revision, theme, by=self.world.director)

    def withdraw(self) -> None:
        reject(self.session, self.world, self.session.get_one(Answer, self.published().answer_id))

    def change(self) -> None:
        revision = self.published()
        change_words(self.session, revision, "Talks.")
        approve(self.session, self.world, self.session.get_one(Answer, revision.answer_id))

    def erase(self) -> None:
        self.session.execute(delete(Revision).where(Revision.id == self.published().id))

    def recount(self) -> None:
        values = self.chance.choice(({"counts_as_participant": False}, {"sector": None}, {"choices": ["a"]}))
        case = PublishedCase.revision_id == self.published().id
        self.session.execute(update(PublishedCase).where(case).values(**values))

    def merge(self) -> None:
        [first, second] = self.chance.sample([theme for theme in self.themes if not theme.retired], 2)
        merge(self.session, first, second, by=self.world.director)
        self.themes += codebook(self.session, self.world, f"d{len(self.themes)}")

    def split(self) -> None:
        theme = self.theme()
        named = select(CountedTheme.revision_id).where(CountedTheme.theme_id == theme.id)
        if behind := self.session.scalars(named).all():
            words = ThemeWords(title=f"Of {len(self.themes)}")
            self.themes.append(split(self.session, theme, words, behind[:2], by=self.world.director))

    def published(self) -> Revision:
        ids = select(PublishedCase.revision_id).order_by(PublishedCase.revision_id)
        return self.session.get_one(Revision, self.chance.choice(self.session.scalars(ids).all()))

    def theme(self) -> Theme:
        return self.chance.choice([theme for theme in self.themes if not theme.retired])

    def coder(self) -> User:
        return self.chance.choice((self.world.director, self.world.rapporteur))


def test_it_follows_every_act_in_any_order(session: Session, world: World) -> None:
    life = Life(session, world)
    for number in range(ACTS):
        act = life.next()
        assert kept(session) == the_slow_way(session), (number, act)
    slow = the_slow_way(session)
    assert len(slow) > 8
    for questions in ("two in words", "one", "one in words"):
        asked_besides(session, world, questions)
        assert counted(session, world.consultation, MEETING, THEME) == Counter(
            (meeting, theme) for meeting, _people, theme, _revision in slow
        ), questions
        wrote = select(PublishedCase.meeting_id).where(
            PublishedCase.counts_as_participant, PublishedCase.choices.is_(None)
        )
        assert counted(session, world.consultation, MEETING, WROTE) == Counter(
            (meeting, DID) for meeting in session.scalars(wrote)
        ), questions
        there, within = world.may.id, {"sector": "Łódź"}
        assert counted(
            session, world.consultation, "sector", THEME, meeting_id=there, within=within
        ) == Counter(
            (people[SECTOR], theme)
            for meeting, people, theme, _revision in slow
            if meeting == there and people[SECTOR] == "Łódź"
        ), questions


def asked_besides(session: Session, world: World, questions: str) -> None:
    """Take the second question away, which nobody here has answered, and then ask one with choices instead."""
    if questions == "one":
        for table, named in (("asking", "question_id"), ("wording", "question_id"), ("question", "id")):
            session.execute(text(f"DELETE FROM {table} WHERE {named} = :it"), {"it": world.questions[1].id})
    elif questions == "one in words":
        closed_question(session, world, "trust", "scale", {"points": 5})


def test_two_who_act_on_the_same_words_at_once_leave_it_true(database: Database) -> None:
    """Two coders take the same theme back together; words are unpublished, and published, while somebody codes them."""
    with database.transaction() as session:
        world = make_world(session)
        [theme, other, _] = codebook(session, world)
        [revision, leaving, coming] = approved(session, world, world.october, theme, times=3)
        assign(session, revision, theme, by=world.rapporteur)
        values = {
            column.name: getattr(session.get_one(PublishedCase, coming.id), column.name) for column in CASE
        }
        session.execute(delete(PublishedCase).where(PublishedCase.revision_id == coming.id))

    def take_back(coder: str) -> Act:
        return lambda session: session.execute(
            update(Coding).where(Coding.coder_id == coder).values(state="removed")
        )

    def code(words: Revision) -> Act:
        given = {"revision_id": words.id, "theme_id": other.id, "coder_id": world.director.id}
        return lambda session: session.execute(insert(Coding).values(**given, coded_at=now()))

    def unpublish(session: Session) -> object:
        return session.execute(delete(PublishedCase).where(PublishedCase.revision_id == leaving.id))

    def publish(session: Session) -> object:
        return session.execute(insert(PublishedCase).values(**values))

    for first, second in (
        (take_back(world.director.id), take_back(world.rapporteur.id)),
        (code(coming), publish),
        (code(leaving), unpublish),
    ):
        at_once(database, first, second)
        with database.reading() as session:
            assert kept(session) == the_slow_way(session)
    with database.reading() as session:
        assert {named[3] for named in kept(session)} == {coming.id}


def test_an_upgrade_counts_what_was_there(empty_database_url: str) -> None:
    """A step back to before answers were counted by person, and forth again."""
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.transaction() as session:
        world = make_world(session)
        approved(session, world, world.october, codebook(session, world)[0], times=2, sector="Łódź")
        before = kept(session)
    database.close()
    config = alembic_config(empty_database_url)
    command.downgrade(config, "0030")
    command.upgrade(config, "head")
    with database.reading() as session:
        assert kept(session) == before
        assert sum(before.values()) == 2
    with database.transaction() as session:
        session.execute(delete(Revision))
    with database.reading() as session:
        assert not kept(session), "what keeps it works again"
    database.close()


def at_once(database: Database, first: Act, second: Act) -> None:
    """The second acts when the first has acted and not committed, and waits for it where the two could go wrong."""
    acted, ended = Event(), Event()

    def lead() -> None:
        with database.transaction() as session:
            first(session)
            acted.set()
            ended.wait(0.4)

    def follow() -> None:
        acted.wait(10)
        with database.transaction() as session:
            second(session)
        ended.set()

    threads = [Thread(target=lead), Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert ended.is_set()
