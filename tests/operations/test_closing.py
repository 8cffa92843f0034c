"""Closing deletes what could still open or order something, and leaves every answer as it is."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused
from consult.jobs.release_answers import release_after_closing
from consult.operations.closing import close, rewrite
from consult.operations.verification import faults
from consult.participants.queries import invitation_by_code, invitation_by_secret
from consult.responses.models import Answer, ResponseCode, Revision
from consult.responses.queries import response_by_receipt
from tests.responses.test_unlinked import Scene, answer, code_for


@pytest.fixture
def scene(session: Session) -> Scene:
    return Scene(session)


def end(session: Session) -> None:
    session.execute(update(Consultation).values(closes_at=now() - timedelta(hours=1)))
    session.commit()
    session.expire_all()


def test_not_before_the_cut_off(session: Session, scene: Scene) -> None:
    with pytest.raises(Refused):
        close(session, scene.consultation)
    session.execute(update(Consultation).values(closes_at=now() - timedelta(minutes=5)))
    session.expire_all()
    with pytest.raises(Refused):
        close(session, scene.consultation)


def test_codes_and_secrets_go_and_answers_stay(session: Session, scene: Scene) -> None:
    used, _unused = answer(session, scene, 0), code_for(session, scene, 1)
    end(session)
    done = close(session, scene.consultation)
    assert (done.unlinked, done.codes) == (True, 2)
    assert not session.scalars(select(ResponseCode)).all()
    for guest in scene.invited:
        assert invitation_by_secret(session, guest.secret) is None
        assert invitation_by_code(session, guest.code) is None
    assert response_by_receipt(session, used) is not None
    assert session.scalars(select(Answer.released)).all() == [True]
    assert close(session, scene.consultation).codes == 0


def test_what_waited_is_released_by_itself(database: Database, session: Session, scene: Scene) -> None:
    answer(session, scene, 0)
    assert release_after_closing_now(database, session) == 0
    end(session)
    assert release_after_closing_now(database, session) == 1
    assert session.scalar(select(func.count()).where(Answer.released)) == 1


def release_after_closing_now(database: Database, session: Session) -> int:
    session.rollback()
    return release_after_closing(database)


def test_the_database_is_whole_after_the_rewrite(database: Database, session: Session, scene: Scene) -> None:
    for number in range(6):
        answer(session, scene, number, f"Words {number} of Zimorodek.")
    end(session)
    close(session, scene.consultation)
    session.commit()
    session.close()
    assert rewrite(database)
    with database.reading() as reading:
        assert faults(reading) == []
        assert reading.scalar(select(func.count()).select_from(Revision)) == 6
        if database.is_sqlite:
            hits = (
                "SELECT count(*) FROM revision_words_waiting WHERE revision_words_waiting MATCH 'zimorodek'"
            )
            assert reading.scalar(text(hits)) == 6
            log = Path(f"{database.url.database}-wal")
            assert not log.exists() or log.stat().st_size == 0
        else:
            for table in ("invitation", "response", "answer", "revision"):
                assert reading.scalar(text(f"SELECT count(DISTINCT xmin::text) FROM {table}")) == 1
                ids = [row[0] for row in reading.execute(text(f"SELECT id FROM {table} ORDER BY ctid"))]
                assert ids == sorted(ids)
    rewrite(database)
