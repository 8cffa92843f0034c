"""A list costs the same number of SQL statements for one row and for fifty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.analysis.actions import assign, ensure_theme
from consult.analysis.models import Theme
from consult.core.database import Database
from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.reports.actions import freeze
from consult.responses.queries import current_revision
from consult.web.transactions import TransactionalFlask
from tests.factories import (
    World,
    make_answer,
    make_asking,
    make_consultation,
    make_invited,
    make_meeting,
    make_membership,
)
from tests.pages import PageClient
from tests.reports.scenes import publish_approved
from tests.web.scenes import PlainClient, approve

LISTS = (
    "/",
    "/c/warsaw",
    "/c/warsaw/report",
    "/desk/",
    "/desk/warsaw",
    "/desk/warsaw/queue",
    "/desk/warsaw/queue?state=approved",
    "/desk/warsaw/queue?state=rejected",
    "/desk/warsaw/coding",
    "/desk/warsaw/report",
    "/desk/warsaw/exports",
)


def grow(session: Session, world: World, numbers: range) -> None:
    """One more of everything that a list may show, for each number: at both meetings, in every state, elsewhere too."""
    consultation, director = world.consultation, world.director
    for number in numbers:
        theme = ensure_theme(session, consultation, code=f"theme-{number}", title=f"Theme {number}")
        for meeting in (world.october, world.may):
            _answers(session, world, meeting.id, number, theme)
            make_invited(session, consultation, meeting, number + 100)
        other, _rules = make_consultation(session, f"another-{number}")
        make_meeting(session, other, "first", "A first meeting", date(2016, 3, 1))
        make_membership(session, director, Role.PROGRAMME_DIRECTOR, other)
    session.commit()


def _answers(session: Session, world: World, meeting_id: str, number: int, theme: Theme) -> None:
    asking, director = world.askings[meeting_id][number % 2], world.director
    waiting, approved, rejected = (
        make_answer(session, world.consultation, world.rules, asking, f"{word} {number}")
        for word in ("Waiting", "Approved", "Rejected")
    )
    assert waiting.id
    approve(session, approved, director)
    assign(session, current_revision(session, approved), theme, by=director)
    read = current_revision(session, rejected).hash
    decide(session, rejected, Verdict.REJECT, read=read, by=director, reason=RejectReason.OFF_TOPIC)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that pages send while this is open."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    for engine in (database.reader, database.writer):
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in (database.reader, database.writer):
        event.remove(engine, "before_cursor_execute", note)


def cost(client: PageClient, database: Database, path: str) -> list[str]:
    with counted(database) as statements:
        assert client.get(path).status_code == 200, path
    return statements


def test_lists_cost_the_same_for_one_row_and_for_fifty(
    app: TransactionalFlask, session: Session, world: World, database: Database
) -> None:
    grow(session, world, range(2))  # one answer in each state to each question
    publish_approved(session, world, freeze(session, world.consultation, by=world.director))
    session.commit()
    client = PlainClient(app, app.response_class).sign_in(world.director)
    for path in LISTS:
        client.get(path)
    few = {path: cost(client, database, path) for path in LISTS}
    grow(session, world, range(2, 50))
    publish_approved(session, world, freeze(session, world.consultation, by=world.director))
    for _ in range(5):
        freeze(session, world.consultation, by=world.director)
    session.commit()
    for path in LISTS:
        client.get(path)  # what is kept ready is made now, as it was before the first count
    many = {path: cost(client, database, path) for path in LISTS}
    grown = {path: (len(few[path]), len(many[path])) for path in LISTS if len(many[path]) > len(few[path])}
    assert grown == {}


def test_more_meetings_cost_no_more_statements(
    app: TransactionalFlask, session: Session, world: World, database: Database
) -> None:
    grow(session, world, range(1))
    client = PlainClient(app, app.response_class).sign_in(world.director)
    paths = ("/", "/c/warsaw", "/desk/warsaw", "/desk/warsaw/queue", "/desk/warsaw/report")
    few = {path: len(cost(client, database, path)) for path in paths}
    for number in range(3, 10):
        meeting = make_meeting(
            session,
            world.consultation,
            f"meeting-{number}",
            f"Meeting {number}",
            date(2016, 6, 1),
            position=number,
        )
        for question in world.questions:
            make_asking(session, question, meeting)
    session.commit()
    assert {path: len(cost(client, database, path)) for path in paths} == few


@pytest.mark.parametrize("path", ["/desk/warsaw/queue", "/desk/warsaw"])
def test_the_count_is_of_real_statements(
    app: TransactionalFlask, session: Session, world: World, database: Database, path: str
) -> None:
    client = PlainClient(app, app.response_class).sign_in(world.director)
    assert len(cost(client, database, path)) >= 3
