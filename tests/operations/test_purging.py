"""What the ground rules promise to delete is deleted when its time has come, and not before."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.consultations.actions import GROUND_RULES, change_ground_rules
from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.consultations.rules import Stage
from consult.core.clock import now
from consult.core.database import Base, Database
from consult.core.sealing import Seal
from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.operations.verification import faults
from consult.participants.models import Invitation
from consult.reports.actions import freeze
from consult.responses.actions import GivenAnswer, submit
from consult.responses.models import Answer, ResponseLink
from consult.responses.queries import current_revision
from consult.settings import Settings
from tests.cli.commands import run
from tests.factories import LINK_KEY, World

WORDS, REJECTED = "Keep Zimorodek open.", "Say Brzozogaj."


def answered(session: Session, world: World) -> None:
    """One person's two answers: one approved and in an edition, one rejected."""
    receipt = submit(
        session,
        session.get_one(Invitation, world.participant.invitation.id),
        [
            GivenAnswer(asking, text, Attribution.QUOTE_UNATTRIBUTED, "en")
            for asking, text in zip(world.askings[world.october.id], (WORDS, REJECTED), strict=True)
        ],
        submission_key="k",
        secret_key="s" * 32,
        seal=Seal(LINK_KEY),
    )
    for answer in session.scalars(select(Answer).where(Answer.response_id == receipt.response_id)).all():
        revision = current_revision(session, answer)
        act = Verdict.APPROVE if revision.text == WORDS else Verdict.REJECT
        reason = None if act is Verdict.APPROVE else RejectReason.OFF_TOPIC
        decide(session, answer, act, read=revision.hash, by=world.director, reason=reason)
    freeze(session, world.consultation, by=world.director)


def closed(session: Session, world: World, days_ago: int, **kept: int) -> None:
    """Close it so long ago, under rules that keep so many months."""
    one = world.consultation.id
    if kept:
        rules = {name: getattr(world.rules, name) for name in GROUND_RULES}
        change_ground_rules(session, world.consultation, rules | kept, stage=Stage.ANSWERED)
    at = now() - timedelta(days=days_ago)
    values = {"opens_at": at - timedelta(days=9), "closes_at": at}
    session.execute(update(Consultation).where(Consultation.id == one).values(values))
    session.commit()


def tables_with(database: Database, *words: str) -> set[str]:
    """Names of the tables that hold one of these words anywhere."""
    with database.reading() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            if any(word.casefold() in repr(tuple(row)).casefold() for word in words)
        }


def test_each_thing_goes_at_its_time_and_editions_stay(
    session: Session, database: Database, world: World, settings: Settings
) -> None:
    answered(session, world)
    person = world.participant.participant
    closed(session, world, 40, people_kept_months=1, answers_kept_months=2)
    session.close()
    assert tables_with(database, person.email) == {"participant"}

    said = run(settings, "purge", "--dry-run").output
    assert "warsaw: 2 people to delete" in said
    assert "warsaw: answers, none left or not before" in said
    assert tables_with(database, person.email) == {"participant"}

    assert "2 people deleted" in run(settings, "purge").output
    with database.reading() as reading:
        assert reading.scalars(select(ResponseLink)).all() == []
    assert tables_with(database, person.email, person.name) == set()
    assert "revision" in tables_with(database, "zimorodek", "brzozogaj")

    closed(session, world, 70)
    session.close()
    assert "2 answers deleted" in run(settings, "purge").output
    assert tables_with(database, "zimorodek", "brzozogaj") == {"edition"}
    with database.reading() as reading:
        assert faults(reading) == []
    if database.is_sqlite:
        database.close()
        files = Path(str(database.url.database)).parent.glob("test.db*")
        assert not any(b"Brzozogaj" in file.read_bytes() for file in files)
    again = run(settings, "purge").output
    assert "people, none left" in again
    assert "answers, none left" in again


def test_without_a_promise_nothing_goes(
    session: Session, database: Database, world: World, settings: Settings
) -> None:
    answered(session, world)
    closed(session, world, 4000)
    session.close()
    before = tables_with(database, "zimorodek", world.participant.participant.email)
    assert "No consultation has ground rules that name a time" in run(settings, "purge").output
    assert tables_with(database, "zimorodek", world.participant.participant.email) == before
