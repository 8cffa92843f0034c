"""A short statement on a connection that its thread keeps: it reads what is committed, and outlives a broken one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.database import Database, table_of
from tests.factories import World

_CONSULTATION = table_of(Consultation).c
TITLE = select(_CONSULTATION.title, _CONSULTATION.slug).where(_CONSULTATION.slug == bindparam("slug"))


def test_it_reads_what_is_committed_each_time_anew(
    database: Database, session: Session, world: World
) -> None:
    session.commit()
    slug = world.consultation.slug
    assert database.glances.first(TITLE, slug=slug) == (world.consultation.title, slug)
    assert database.glances.first(TITLE, slug="nowhere") is None
    world.consultation.title = "Another title"
    session.commit()
    assert database.glances.first(TITLE, slug=slug) == ("Another title", slug)
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _n: database.glances.first(TITLE, slug=slug), range(12)))
    assert found == [("Another title", slug)] * 12


def test_a_broken_connection_is_made_anew_and_none_writes(
    database: Database, session: Session, world: World
) -> None:
    session.commit()
    slug = world.consultation.slug
    database.glances.first(TITLE, slug=slug)
    database.glances._mine.cursor.connection.close()
    assert database.glances.first(TITLE, slug=slug) == (world.consultation.title, slug)
    with pytest.raises(database.reader.dialect.loaded_dbapi.Error, match=r"read-?only"):
        database.glances._mine.cursor.execute("UPDATE consultation SET title = ''")
