"""The desk's home and overview."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.consultations.enums import Timing
from consult.core.clock import now
from consult.core.database import Database
from consult.meetings.models import Meeting
from consult.responses.enums import AnswerState
from consult.responses.models import Response
from tests.factories import (
    World,
    make_answer,
    make_asking,
    make_consultation,
    make_meeting,
    make_membership,
    make_question,
)
from tests.pages import Page, PageClient


def table(page: Page) -> dict[str, list[str]]:
    """Meeting → the figures of its row."""
    rows = {}
    for row in page.tree.iter("tr"):
        head, cells = row.find("th[@scope='row']"), row.findall("td")
        if head is not None:
            rows[" ".join("".join(head.itertext()).split())] = ["".join(c.itertext()).strip() for c in cells]
    return rows


def test_home_lists_what_i_have_a_role_in(world: World, client: PageClient) -> None:
    page = client.sign_in(world.rapporteur).page("/desk/")
    assert "Consultation warsaw" in page.text
    assert "Consultation elsewhere" not in page.text


def test_home_tells_somebody_without_a_role_whom_to_ask(world: World, client: PageClient) -> None:
    page = client.sign_in(world.administrator).page("/desk/")
    assert "Ask a programme director to add you." in page.text
    assert "/admin/" in page.links()


def test_the_overview_counts_each_meeting(session: Session, world: World, client: PageClient) -> None:
    for state, times in ((AnswerState.WAITING, 3), (AnswerState.REJECTED, 2), (AnswerState.WITHDRAWN, 1)):
        for _ in range(times):
            make_answer(session, world.consultation, world.rules, world.asking, state=state)
    may = world.askings[world.may.id][0]
    make_answer(session, world.consultation, world.rules, may, state=AnswerState.APPROVED)
    world.participant.invitation.answered = True
    session.commit()
    page = client.sign_in(world.director).page(f"/desk/{world.slug}")
    rows = table(page)
    assert rows["NATO and Russia October 2015"][:5] == ["1", "1", "3", "0", "2"]
    assert rows["Deterrence and assurance May 2016"][:5] == ["1", "0", "0", "1", "0"]
    assert "(Warsaw)" in page.text
    assert "Confidential" in page.text
    assert "fewer than 5 people" in page.text


def test_a_rapporteur_sees_the_figures_of_their_meeting(
    session: Session, world: World, client: PageClient
) -> None:
    make_answer(session, world.consultation, world.rules, world.askings[world.may.id][0])
    session.commit()
    page = client.sign_in(world.rapporteur).page(f"/desk/{world.slug}")
    assert list(table(page)) == ["NATO and Russia October 2015"]


def test_an_observer_sees_figures_and_no_way_to_the_queue(world: World, client: PageClient) -> None:
    page = client.sign_in(world.observer).page(f"/desk/{world.slug}")
    assert len(table(page)) == 2
    assert not [link for link in page.links() if "/queue?" in link]


def test_an_outsider_finds_nothing(world: World, client: PageClient) -> None:
    client.sign_in(world.outsider).page(f"/desk/{world.slug}", 404)


def _timed(session: Session, world: World, timing: Timing) -> tuple[str, Meeting]:
    consultation, rules = make_consultation(session, f"timed-{timing}", timing=timing)
    meeting = make_meeting(session, consultation, "only", "The only meeting", world.may.starts_on)
    asking = make_asking(session, make_question(session, consultation, "q", "What then?"), meeting)
    answer = make_answer(session, consultation, rules, asking)
    session.get_one(Response, answer.response_id).submitted_at = now() - timedelta(days=3)
    make_membership(session, world.director, Role.PROGRAMME_DIRECTOR, consultation)
    session.commit()
    return consultation.slug, meeting


def test_ages_follow_the_timing_switch(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    closed, _ = _timed(session, world, Timing.NONE)
    open_, _ = _timed(session, world, Timing.DAY)
    client.sign_in(world.director)
    assert "oldest" not in client.page(f"/desk/{closed}").text
    assert "the oldest since" in client.page(f"/desk/{open_}").text


def test_the_overview_opens_before_there_is_any_meeting(
    session: Session, world: World, client: PageClient
) -> None:
    consultation, _rules = make_consultation(session, "bare")
    make_membership(session, world.director, Role.PROGRAMME_DIRECTOR, consultation)
    session.commit()
    client.sign_in(world.director)
    client.page("/desk/bare")
    assert "Nothing is waiting." in client.page("/desk/bare/queue").text


def test_very_many_answers_are_told_as_so_many_and_more(
    session: Session, world: World, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        make_answer(session, world.consultation, world.rules, world.asking)
    make_answer(session, world.consultation, world.rules, world.askings[world.may.id][0])
    session.commit()
    for module in ("consult.responses.queries", "consult.web.desk.views"):
        monkeypatch.setattr(f"{module}.COUNTED_UP_TO", 3)
    page = client.sign_in(world.director).page(f"/desk/{world.slug}")
    assert [row[2] for row in table(page).values()] == ["3+", "1"]
    tiles = [
        " ".join("".join(tile.itertext()).split())
        for tile in page.tree.iter("a")
        if "tile" in tile.get("class", "")
    ]
    assert tiles[0].startswith("4+ waiting for a decision"), (
        "a sum with a part that was not counted to its end"
    )
