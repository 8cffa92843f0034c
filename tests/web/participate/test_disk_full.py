"""A disk without room: the text is kept, no receipt is shown, and it is sent once there is room, without a restart."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.responses.models import Response
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.web.participate.cast import ANSWER, count, opened

LONG = ("What was agreed at sea should hold in the air. " * 40)[:1400].strip()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """On SQLite: what PostgreSQL does about its own disk is its own affair, and reaches us as any other refusal."""
    return sqlite_url


@contextmanager
def no_page_left(database: Database) -> Iterator[None]:
    """The database file may not grow: SQLITE_FULL, as on a full disk."""
    with database.writer.connect() as connection:
        for padding in range(3):  # what is free inside the file is used up first
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS padding (words TEXT)")
            connection.exec_driver_sql(f"INSERT INTO padding VALUES (zeroblob({60_000 + padding}))")
        connection.commit()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.commit()
    try:
        yield
    finally:
        with database.writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
            connection.exec_driver_sql("DROP TABLE padding")
            connection.commit()


@contextmanager
def no_byte_left(database: Database) -> Iterator[None]:
    """The operating system takes no further byte into any file of the database: EFBIG in the middle of a write."""
    sizes = [path.stat().st_size for path in Path(str(database.url.database)).parent.iterdir()]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(size for size in sizes if size) // 2, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("full", [no_page_left, no_byte_left])
def test_a_full_disk_costs_nobody_a_word(
    app: TransactionalFlask,
    client: PageClient,
    session: Session,
    world: World,
    database: Database,
    settings: Settings,
    full: object,
) -> None:
    session.close()  # SQLite has one writer
    form = opened(client, world)
    fields = {**form.form("/respond/").values, **ANSWER, "text_1": LONG}
    with full(database):  # type: ignore[operator]
        refused = client.post("/respond/", data=fields)
        assert refused.status_code == 503
        words = refused.get_data(as_text=True)
        assert LONG in words
        assert "Nothing was saved: keep this page and try again." in words
        assert "receipt code" not in words.casefold()
        assert client.get("/respond/receipt").status_code == 303
    assert count(session) == 0
    session.close()
    assert client.post("/respond/", data=fields).status_code == 303
    assert "We have it" in client.get("/respond/receipt").get_data(as_text=True)
    assert count(session) == 1
    assert session.query(Response).one().late is False
