"""What every test may use: both databases, an application on each, and a client that reads pages as a person would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from consult.app import create_app
from consult.core.database import Database
from consult.jobs.registry import job_queue
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY, World, make_world
from tests.pages import PageClient

pytest_plugins = ["tests.databases", "tests.both_databases", "tests.browser"]

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return _settings(database_url)


def _settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="secret-key-of-the-tests-0123456789abcdef",
        link_key=LINK_KEY,
        base_url="http://localhost",
        site_name="Consult",
        convenor="The convenor",
        host="127.0.0.1",
        port=8000,
        workers=1,
        threads=4,
        secure_cookies=False,
        session_hours=12,
        idle_minutes=180,
        mail_url="mailbox:var/mailbox",
        mail_from="The convenor <consult@example.org>",
        exports_folder="var/exports",
        development=False,
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, once on SQLite and once on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what it does not commit is undone."""
    with database.session(writing=True) as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    """Two consultations with two meetings and two questions each, and the whole cast. Committed."""
    world = make_world(session)
    session.commit()
    return world


def _new_app(settings: Settings, database: Database, run_directory: Path) -> TransactionalFlask:
    app = create_app(settings, database)
    app.testing = True
    # Compiling every template anew would take longer than most tests.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(run_directory))
    app.test_client_class = PageClient
    return app


@pytest.fixture(scope="session")
def shared_app(run_directory: Path) -> Iterator[TransactionalFlask]:
    """One application for all tests: building its routes takes longer than most tests ask of it."""
    url = f"sqlite:///{run_directory}/unused.db"
    database = Database(url)
    yield _new_app(_settings(url), database, run_directory)
    database.close()


@pytest.fixture
def app(
    request: pytest.FixtureRequest, settings: Settings, database: Database, run_directory: Path
) -> Iterator[TransactionalFlask]:
    """The application on this test's database; one of its own where it is served in threads or given other routes."""
    if "site" in request.fixturenames or request.node.get_closest_marker("own_app"):
        app = _new_app(settings, database, run_directory)
        yield app
        app.extensions["queue"].close()
        return
    app = request.getfixturevalue("shared_app")
    config = dict(app.config)
    queue = job_queue(settings, database)
    app.database, app.hand_over = database, queue.hand_over
    app.extensions.update(database=database, settings=settings, queue=queue)
    yield app
    queue.close()
    app.config.clear()
    app.config.update(config)


@pytest.fixture
def client(app: TransactionalFlask) -> PageClient:
    """Nobody in particular. Every page it fetches is checked as HTML."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def shared_data() -> Path:
    """Real data beside the checkout; where it is absent the test is listed as skipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data in ../shared/data is not here")
    return SHARED_DATA
