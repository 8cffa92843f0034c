"""What `consult verify` finds when somebody has been at the database."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.operations.verification import faults
from consult.reports.actions import freeze
from consult.responses.models import Answer
from tests.factories import World, make_answer


def triggers_off(session: Session, table: str) -> None:
    """As somebody with the database's own password could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    names = session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
    ).all()
    for name in names:
        session.execute(text(f"DROP TRIGGER {name}"))


@pytest.fixture
def approved(session: Session, world: World) -> Answer:
    answer = make_answer(session, world.consultation, world.rules, world.asking)
    decide(session, answer, Verdict.APPROVE, read=answer.revisions[0].hash, read_number=0, by=world.director)
    session.commit()
    return answer


def test_an_untouched_database_is_whole(session: Session, approved: Answer, world: World) -> None:
    freeze(session, world.consultation, by=world.director)
    assert faults(session) == []


def unpublish(session: Session) -> None:
    session.execute(text("DELETE FROM published_text"))


def reject_behind_the_back(session: Session) -> None:
    triggers_off(session, "answer")
    session.execute(text("UPDATE answer SET state = 'rejected'"))


def reword(session: Session) -> None:
    triggers_off(session, "revision")
    session.execute(text("UPDATE revision SET text = 'Something else.'"))


def blank_the_log(session: Session) -> None:
    triggers_off(session, "audit_entry")
    session.execute(text("UPDATE audit_entry SET act = 'nothing' WHERE number = 1"))


@pytest.mark.parametrize(
    ("touch", "said"),
    [
        (unpublish, "1 approved answers are missing from the quotable rows."),
        (reject_behind_the_back, "1 quotable rows are published without an approval that allows it."),
        (reword, "1 answers hold other words than their hash says."),
        (blank_the_log, "The audit log was changed"),
    ],
)
def test_what_was_done_behind_the_back_is_found(
    session: Session, approved: Answer, touch: Callable[[Session], None], said: str
) -> None:
    touch(session)
    assert any(fault.startswith(said) for fault in faults(session))


def test_a_changed_edition_is_found(session: Session, approved: Answer, world: World) -> None:
    freeze(session, world.consultation, by=world.director)
    triggers_off(session, "edition")
    session.execute(text("UPDATE edition SET document = '{}'"))
    assert "Edition 1 was changed after it was frozen." in faults(session)
