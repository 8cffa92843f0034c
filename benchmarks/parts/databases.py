"""A PostgreSQL to measure on: the one that is named, else one of our own from the wheel, and a new database there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from tests import postgresql


@contextmanager
def postgresql_server() -> Iterator[URL | None]:
    """CONSULT_TEST_DATABASE_URL, or a server that ends afterwards; None with BENCH_ONLY=sqlite or without the wheel."""
    given = os.environ.get("CONSULT_TEST_DATABASE_URL")
    if os.environ.get("BENCH_ONLY") == "sqlite" or not (given or postgresql.is_installed()):
        print("PostgreSQL: not measured")
        yield None
        return
    with tempfile.TemporaryDirectory() as private:
        try:
            yield make_url(given or postgresql.start(Path(private), until=os.getpid()))
        finally:
            if given is None:
                postgresql.stop(Path(private))


@contextmanager
def new_database(server: URL, name: str) -> Iterator[str]:
    """The address of an empty database of that name, gone afterwards."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
