"""The moderation of two real consultations, published with their data, done again at the desk, page by page."""

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consult.analysis.disclosure import release_moderation
from consult.core.audit import first_broken
from consult.core.database import Database
from consult.core.identifiers import new_id
from consult.core.tabular import read_file
from consult.core.text import tidy
from consult.jobs.find_hints import find_duplicates, find_hints
from consult.moderation.log import differing
from consult.moderation.models import Decision, PublishedText
from consult.moderation.queries import Pile, queue_page, searched
from consult.operations.importing.responses import import_responses
from consult.operations.roster import roster
from consult.participants.models import Participant
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.web.desk.queue.page import MOST_AT_ONCE
from tests.factories import World
from tests.pages import Page, PageClient

ROOT = Path(__file__).resolve().parents[2]
STATES = {"0": AnswerState.WAITING, "1": AnswerState.APPROVED, "-1": AnswerState.REJECTED}
"""Polis: 1 accepted, -1 rejected, 0 not looked at."""
REASONS = ("off_topic", "duplicate", "no_answer", "other", "sensitive")
"""The data say that an answer was rejected and not why."""


@dataclass
class Desk:
    """A director at the queue, who knows what became of every answer."""

    client: PageClient
    address: str
    meant: dict[str, AnswerState]
    given: Counter[str] = field(default_factory=Counter)
    """Reasons of what was rejected."""

    def listed(self, **query: str) -> Page:
        return self.client.page(self.address + "?" + "&".join(f"{k}={v}" for k, v in query.items()))

    def look_over(self, page: Page, answers: list[str]) -> Page:
        form = next(form for form in page.forms if form.action.endswith("/selection"))
        return Page(self.client.post(form.action, data=form.values | {"answers": answers}))

    def reject(self, looked: Page, reason: str) -> Page:
        return self.client.submit(looked, "/selection/decide", button="act=reject", reason=reason)

    def one_by_one(self, answer_id: str) -> None:
        """Reject an answer at its own page, undo that, and reject it for another reason."""
        page = self.client.page(f"{self.address}/{answer_id}")
        assert self.client.submit(page, "/decide", button="act=reject").status == 422, "no reason"
        after = self.client.submit(page, "/decide", button="act=reject", reason="allegation")
        undone = self.client.submit(after, f"{answer_id}/decide", button="act=reopen")
        assert "Reversed. The answer is waiting again." in undone.text
        self.client.submit(undone, f"{answer_id}/decide", button="act=reject", reason="other")
        self.given["other"] += 1

    def a_page_and_back(self) -> None:
        """What was rejected of the first page is ticked and rejected at once, and all of that undone."""
        page = self.listed(state="waiting")
        wanted = [a for a in ticks(page) if self.meant[a] is AnswerState.REJECTED]
        done = self.reject(self.look_over(page, wanted), "off_topic")
        assert f"{len(wanted)} answers rejected." in done.text
        undone = self.client.submit(done, "/selection/decide", button="act=reopen")
        assert f"{len(wanted)} decisions reversed." in undone.text

    def the_rest(self) -> Counter[AnswerState]:
        """Walk the list to its end, then decide on as many at once as the desk takes; how many were decided on how."""
        page = self.listed(state="waiting")
        listed = ticks(page)
        while further := [a.get("href", "") for a in page.tree.iter("a") if a.get("rel") == "next"]:
            page = self.client.page(further[0])
            listed += ticks(page)
        assert len(set(listed)) == len(listed)
        for number, some in enumerate(self.portions(listed, AnswerState.REJECTED, 50)):
            self.given[REASONS[number]] += len(some)
            page = self.reject(self.look_over(page, some), REASONS[number])
        for some in self.portions(listed, AnswerState.APPROVED, MOST_AT_ONCE):
            page = self.client.submit(self.look_over(page, some), "/selection/decide", button="act=approve")
            assert f"{len(some)} answers approved." in page.text
        return Counter(self.meant[answer_id] for answer_id in listed)

    def reversed_and_back(self, database: Database, state: AnswerState, number: int) -> None:
        """Some decisions are taken back at their answers' own pages and taken otherwise, and that as well."""
        for answer_id in [each for each, meant in self.meant.items() if meant is state][:number]:
            before, reason = published(database), reason_of(database, answer_id)
            for act, text in (
                ("reopen", before - {answer_id}),
                ("reject" if state is AnswerState.APPROVED else "approve", before ^ {answer_id}),
                ("reopen", before - {answer_id}),
                ("approve" if state is AnswerState.APPROVED else "reject", before),
            ):
                page = self.client.page(f"{self.address}/{answer_id}")
                done = self.client.submit(page, "/decide", button=f"act={act}", reason=reason or "off_topic")
                assert done.status == 200
                assert published(database) == text, (state, act)

    def portions(self, listed: list[str], state: AnswerState, most: int) -> Iterator[list[str]]:
        wanted = [answer_id for answer_id in listed if self.meant[answer_id] is state]
        return (wanted[start : start + most] for start in range(0, len(wanted), most))

    @staticmethod
    def counts(page: Page) -> list[int]:
        """Waiting, approved and rejected, as the list says."""
        chips = [e for e in page.tree.iter("a") if e.get("class") == "chip"][:3]
        return [int(re.sub(r"\D", "", "".join(chip.itertext()))) for chip in chips]


def published(database: Database) -> set[str]:
    """The answers whose words may be quoted."""
    with database.reading() as session:
        quoted = select(Revision.answer_id).join(PublishedText, PublishedText.revision_id == Revision.id)
        return set(session.scalars(quoted))


def reason_of(database: Database, answer_id: str) -> str | None:
    """Why it was last rejected, if it was."""
    with database.reading() as session:
        told = select(Decision.reason).where(Decision.answer_id == answer_id, Decision.reason.is_not(None))
        return session.scalars(told.order_by(Decision.number.desc())).first()


def ticks(page: Page) -> list[str]:
    """The answers of a page of the list."""
    return [e.get("value", "") for e in page.tree.iter("input") if e.get("name") == "answers"]


def meant(session: Session, file: Path) -> Iterator[tuple[str, AnswerState]]:
    given: defaultdict[str, list[str]] = defaultdict(list)
    with file.open(encoding="utf-8") as opened:
        for row in csv.DictReader(opened):
            given[tidy(row["comment-body"])].append(row["moderated"])
    for answer_id, text in session.execute(select(Revision.answer_id, Revision.text)):
        yield answer_id, STATES[given[text or ""].pop()]


def invite_warsaw(session: Session, world: World) -> None:
    """The demonstration's roster, with which docs/hints.md measures."""
    demonstration = ROOT / "config" / "consultations" / "warsaw-2016.demonstration.toml"
    people = roster(tomllib.loads(demonstration.read_text(encoding="utf-8"))["roster"])
    session.execute(
        insert(Participant),
        [
            {
                "id": new_id(),
                "consultation_id": world.consultation.id,
                **{
                    name: getattr(person, name)
                    for name in ("name", "email", "country", "organisation", "role_label", "sector")
                },
            }
            for person in people
        ],
    )


def documented(name: str) -> tuple[dict[str, int], int]:
    """Of a row of docs/hints.md: answers by kind of hint, and how many are like another."""
    page = (ROOT / "docs" / "hints.md").read_text(encoding="utf-8")
    cells = next(line for line in page.splitlines() if line.startswith(f"| {name} |")).split("|")
    kinds = {kind: int(number) for kind, number in re.findall(r"(\w+) (\d+)", cells[6])}
    return kinds, int(cells[7].split()[0])


AUSTRIA = ("austria-climate.5twd2jsnkf.2022-08-08", "de", [0, 277, 245], ("klima", "CO2", "fur"))
TAIWAN = ("vtaiwan.uberx", "zh", [20, 99, 78], ("計程車", "安全", "司機"))


@pytest.mark.parametrize(
    ("database_url", "name", "language", "states", "sought"),
    [
        pytest.param("sqlite", *AUSTRIA, id="sqlite-austria"),
        pytest.param("sqlite", *TAIWAN, id="sqlite-vtaiwan"),
        pytest.param("postgresql", *TAIWAN, id="postgresql-vtaiwan", marks=pytest.mark.postgresql),
    ],
    indirect=["database_url"],
)
def test_published_states_are_reproduced_at_the_desk(
    session: Session,
    world: World,
    database: Database,
    client: PageClient,
    shared_data: Path,
    name: str,
    language: str,
    states: list[int],
    sought: tuple[str, ...],
) -> None:
    file = shared_data / "polis" / name / "comments.csv"
    if not file.is_file():
        pytest.skip(f"{name} is not here")
    world.consultation.languages = [language]
    invite_warsaw(session, world)
    report = import_responses(
        session,
        session.merge(world.consultation),
        world.october,
        read_file(file),
        secret_key="a key of the tests",
        mapping={"answer": "comment-body", "id": "comment-id"},
        question=world.asking.question.code,
        language=language,
    )
    assert report.taken == sum(states)
    desk = Desk(client.sign_in(world.director), f"/desk/{world.slug}/queue", dict(meant(session, file)))
    session.commit()
    find_hints(database)
    find_duplicates(database)
    kinds, alike = documented(name)
    hinted = {kind: desk.counts(desk.listed(hint=kind))[0] for kind in (*kinds, "person", "repeated")}
    assert hinted == {"person": 0, **kinds, "repeated": alike}

    first = next(answer_id for answer_id, state in desk.meant.items() if state is AnswerState.REJECTED)
    desk.one_by_one(first)
    desk.a_page_and_back()
    assert desk.the_rest()[AnswerState.WAITING] == states[0]
    assert desk.counts(desk.listed(state="rejected")) == states
    for state in (AnswerState.APPROVED, AnswerState.REJECTED):
        desk.reversed_and_back(database, state, 2)
    assert desk.counts(desk.listed(state="approved")) == states

    for words in sought:
        found = []
        for state in STATES.values():
            pile = Pile(world.consultation, [world.october.id], state, search=searched(words))
            found.append(len(queue_page(session, pile, after=None, limit=600)))
        assert desk.counts(desk.listed(q=words)) == found, words
        assert sum(found) >= 3, words

    with database.reading() as reading:
        assert dict(reading.execute(select(Answer.id, Answer.state)).all()) == desk.meant
        assert len(reading.scalars(select(PublishedText.revision_id)).all()) == states[1]
        released = release_moderation(reading, world.consultation, world.rules)
        assert released.rejected == dict(sorted(desk.given.items()))
        assert (sum(released.rejected.values()), released.waiting) == (states[2], states[0])
        assert first_broken(reading) is None
        told = differing(reading)
        assert (told.changed, told.deleted, told.unrecorded) == ([], [], 0)
