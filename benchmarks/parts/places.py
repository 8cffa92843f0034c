"""Where to measure: databases of both kinds, made for one run and gone after it."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from parts.filling import scratch
from tests import postgresql

SQLITE, POSTGRESQL = "SQLite FULL", "PostgreSQL"
DURABLE = ("fsync = on", "synchronous_commit = on", "full_page_writes = on", "autovacuum = on")
"""As any server has it that somebody's answers lie on; the one started for tests does without."""


@contextmanager
def databases(kind: str, names: Sequence[str]) -> Iterator[list[str] | None]:
    """The addresses of empty databases; None where that kind is not to be had or BENCH_ONLY leaves it out.

    PostgreSQL is the server at CONSULT_TEST_DATABASE_URL, else one started from the wheel that the tests use, made to
    sync each commit to the disk.
    """
    only = os.environ.get("BENCH_ONLY", "")
    if only and only not in kind.lower():
        yield None
    elif kind == SQLITE:
        with scratch() as directory:
            yield [f"sqlite:///{directory}/{name}.db" for name in names]
    else:
        yield from _on_postgresql(names)


def _on_postgresql(names: Sequence[str]) -> Iterator[list[str] | None]:
    given = os.environ.get("CONSULT_TEST_DATABASE_URL")
    if given is None and not postgresql.is_installed():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("BENCH_DIR", "/tmp")) as directory:  # noqa: S108
        url = make_url(given or postgresql.start(Path(directory), until=os.getpid()))
        server = create_engine(url, isolation_level="AUTOCOMMIT")
        made = [f"bench_{os.getpid()}_{name}" for name in names]
        with server.connect() as connection:
            if given is None:
                for setting in DURABLE:
                    connection.execute(text(f"ALTER SYSTEM SET {setting}"))
                connection.execute(text("SELECT pg_reload_conf()"))
            for name in made:
                connection.execute(text(f"CREATE DATABASE {name}"))
            try:
                yield [url.set(database=name).render_as_string(hide_password=False) for name in made]
            finally:
                for name in made:
                    connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()
        if given is None:
            postgresql.stop(Path(directory))
