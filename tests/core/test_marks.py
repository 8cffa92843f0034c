"""Whoever changes a setting or a roster, and however, moves its mark; what was kept under the old one is read anew."""

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, GroundRules
from consult.core.database import Database
from consult.core.identifiers import new_id
from consult.core.marks import Marks, marks
from consult.meetings.setting import setting_at
from consult.participants.models import Invitation, Participant
from tests.factories import World, make_answer, make_invited

SETTING = (
    "UPDATE consultation SET title = 'Another'",
    "UPDATE question SET max_length = 200",
    "UPDATE meeting SET venue = 'Elsewhere'",
    "UPDATE asking SET position = position + 1",
    (
        "INSERT INTO meeting_session (id, meeting_id, position, title, chair) SELECT 'x', id, 1, 'A', '' FROM meeting "
        "LIMIT 1"
    ),
    "DELETE FROM meeting_session",
)
ROSTER = ("UPDATE participant SET sector = 'other'", "UPDATE invitation SET revoked = NOT revoked")
NEITHER = (
    "UPDATE invitation SET answered = NOT answered",
    "UPDATE participant SET name = 'Another'",
    "UPDATE answer SET shuffle_key = 7 WHERE id = (SELECT min(id) FROM answer)",
)


def moved(session: Session, statement: str) -> Marks:
    """By how much each mark moved: nought or something else."""
    before = marks(session)
    session.execute(text(statement))
    after = marks(session)
    return Marks(after.setting - before.setting, after.roster - before.roster)


def test_a_change_moves_its_mark_and_an_answer_none(session: Session, world: World) -> None:
    make_answer(session, world.consultation, world.rules, world.askings[world.october.id][0], "Words")
    make_invited(session, world.consultation, world.october, 900)
    session.flush()
    for statement in SETTING:
        setting, roster = moved(session, statement)
        assert setting
        assert not roster, statement
    for statement in ROSTER:
        setting, roster = moved(session, statement)
        assert roster
        assert not setting, statement
    for statement in NEITHER:
        assert moved(session, statement) == (0, 0), statement
    before = marks(session)
    version = {column.name: getattr(world.rules, column.key) for column in GroundRules.__table__.columns}
    session.add(GroundRules(**{**version, "id": new_id(), "version": world.rules.version + 1}))
    session.flush()
    assert marks(session).setting != before.setting
    before = marks(session)
    make_invited(session, world.consultation, world.october, 901)
    session.flush()
    assert marks(session).roster != before.roster
    assert marks(session).setting == before.setting


def test_a_change_is_seen_at_once_and_an_undone_one_never(database: Database, world: World) -> None:
    meeting_id = world.october.id

    def title() -> str:
        with database.reading() as reading:
            return setting_at(reading, meeting_id).consultation.title

    first = title()
    with database.reading() as reading:
        assert setting_at(reading, meeting_id) is setting_at(reading, meeting_id)
    with database.session(writing=True) as undone:
        undone.execute(update(Consultation).values(title="Undone"))
        assert setting_at(undone, meeting_id).consultation.title == "Undone"
        undone.rollback()
    assert title() == first
    other = Database(database.url.render_as_string(hide_password=False))
    with other.transaction() as elsewhere:  # as another process would
        elsewhere.execute(update(Consultation).values(title="Changed elsewhere"))
    other.close()
    assert title() == "Changed elsewhere"


def test_reading_the_setting_leaves_the_session_as_it_was(database: Database, world: World) -> None:
    with database.session(writing=True) as session:
        invitation = session.query(Invitation).first()
        person = session.query(Participant).first()
        assert invitation is not None
        assert person is not None
        person.name = "Not yet flushed"
        setting = setting_at(session, world.october.id)
        assert setting.meeting not in session
        assert person in session
        session.rollback()
        assert setting.consultation.title == world.consultation.title
        assert [asking.wording.source_text for asking in setting.askings]
