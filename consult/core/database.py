"""The database: one base for models, an engine that writes and one that cannot.

SQLite takes `BEGIN IMMEDIATE` for every writing transaction, so that two writers queue instead of failing, and
`synchronous=FULL`, so that what a receipt says is on the disk. Reading engines refuse to write.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from select import select
from time import monotonic
from types import ModuleType
from typing import Any, cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from consult.core.glancing import Glances
from consult.core.identifiers import ID_LENGTH, new_id
from consult.settings import folder

try:
    import pysqlite3.dbapi2 as _wheel

    _sqlite: ModuleType = _wheel
except ImportError:  # a platform without the wheel
    _sqlite = sqlite3

SAFE_WAL_VERSION = (3, 51, 3)
"""From here on SQLite is free of the WAL-reset race that can corrupt a file."""

BUSY_TIMEOUT_MS = 20_000
LOG_TIMEOUT_MS = 200
"""So long at most writers wait for the log to be emptied."""
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000

KEPT = "kept"
"""Where a session carries what its process keeps: see `core.marks`."""

KEPT_OPEN = 32
"""As many connections to PostgreSQL as threads of a process used at once are kept, up to this. One beyond what is kept
is opened for a request and closed after it, which costs as much as the request."""
ASKED_AFTER_SECONDS = 30
"""A connection to PostgreSQL that lay idle so long is asked whether it lives before it is used. Before that its socket
says so, which costs no look into the network: three of a participant's twenty were such questions."""

_SINCE = "since"
_SELECTABLE = 1024
"""select() takes no descriptor from here on; such a connection is asked itself."""
_EACH_ALONE: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
"""PostgreSQL reads each statement as of its own moment anyway; a transaction around two is two more round trips."""

_SHORT = "-c jit=off -c max_parallel_workers_per_gather=0"
"""What a page asks is answered before PostgreSQL has compiled it or started a process to help."""

_ONE_WRITER: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": BUSY_TIMEOUT_MS / 1000}
"""SQLite lets one transaction write at a time. Threads of a process queue for one connection, which is fair and wakes
the next at once; SQLite's own busy handler sleeps and guesses."""


class Base(DeclarativeBase):
    """All tables. Constraints are named, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Identified:
    """A table keyed by 128 random bits; on SQLite without the hidden rowid that would replay the order."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


WITHOUT_ROWID: dict[str, bool] = {"sqlite_with_rowid": False}
"""Of a table whose rows belong to people: on SQLite a hidden number would otherwise say in which order they came."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def checked(enum: type[StrEnum], name: str) -> Enum:
    """A StrEnum stored as text that the database checks. `name` becomes the constraint's."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Database:
    """The engines of one database, and sessions on them."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        self.writer = _engine(self.url, writing=True)
        self.reader = _engine(self.url, writing=False)
        self._single = self.reader if self.is_sqlite else self.reader.execution_options(**_EACH_ALONE)
        self.glances = Glances(self.reader)
        self._kept: dict[object, object] = {}

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def session(self, *, writing: bool, few: bool = False) -> Session:
        """A new session; whoever asks closes it. A reading one is refused every write by its engine.

        `few`: it reads a few rows and streams none, so that PostgreSQL is asked no transaction around them.
        """
        reader = self._single if few else self.reader
        return Session(self.writer if writing else reader, expire_on_commit=False, info={KEPT: self._kept})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One writing transaction of a command or a job: committed at its end, rolled back on any error."""
        with self.session(writing=True) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self, *, still: bool = False) -> Iterator[Session]:
        """One reading transaction. `still`: everything in it is read as of one moment, on PostgreSQL too."""
        with self.session(writing=False) as session:
            if still and not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def empty_log(self) -> bool:
        """Put what SQLite's log of writes holds into the file, and cut the log to nothing; whether that went.

        The log keeps every page as it was written, in that order, until it is written over: words erased since
        as well. It does not go while somebody reads as of an earlier moment; nobody is kept waiting for that.
        """
        if not self.is_sqlite or self.url.database in (None, "", ":memory:"):
            return True
        connection = _sqlite.connect(self.url.database, timeout=LOG_TIMEOUT_MS / 1000)
        try:
            busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except _sqlite.OperationalError:
            return False
        finally:
            connection.close()
        return not busy

    def close(self) -> None:
        self.glances.close()
        self.writer.dispose()
        self.reader.dispose()


def _engine(url: URL, *, writing: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, writing=writing)
    read_only = "" if writing else " -c default_transaction_read_only=on"
    options = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC {_SHORT}"
    engine = create_engine(
        url, hide_parameters=True, pool_size=KEPT_OPEN, connect_args={"options": options + read_only}
    )

    @event.listens_for(engine, "checkin")
    def laid_down(_connection: Any, record: Any) -> None:
        record.info[_SINCE] = monotonic()

    @event.listens_for(engine, "checkout")
    def lives(connection: Any, record: Any, _borrowed: object) -> None:
        idle = monotonic() - record.info.get(_SINCE, monotonic())
        if idle < ASKED_AFTER_SECONDS and not _has_word(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool opens another, and forgets all that are as old

    return engine


def _has_word(connection: Any) -> bool:
    """Whether a connection that nobody uses has something to be read: a server that ends says so, or hangs up."""
    socket = connection.pgconn.socket
    return not 0 <= socket < _SELECTABLE or bool(select([socket], [], [], 0)[0])


def _sqlite_engine(url: URL, *, writing: bool) -> Engine:
    if url.database and url.database != ":memory:":
        make_private(Path(url.database))
    engine = create_engine(
        url,
        hide_parameters=True,  # an error's text must not carry what a participant wrote
        module=_sqlite,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        **(_ONE_WRITER if writing else {}),
    )
    journal = "WAL" if _sqlite.sqlite_version_info >= SAFE_WAL_VERSION else "DELETE"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        cursor = connection.cursor()
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "cache_size=-32768",  # 32 MB a connection: the upper pages of every index of a million answers
            f"query_only={'OFF' if writing else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def sqlite_version() -> tuple[int, ...]:
    """Of the SQLite that is used."""
    return tuple(_sqlite.sqlite_version_info)


def make_private(file: Path) -> None:
    """Have the file there, for its owner alone: what SQLite writes beside it gets the same permissions."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=True)


def unhurried(session: Session) -> None:
    """Let this transaction's statements take their time: for the few that write hundreds of megabytes at once."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def table_of(model: type[Base]) -> Table:
    """The table itself, for a statement past the object layer."""
    return cast(Table, model.__table__)


def insert_once(session: Session, model: type[Base], **values: object) -> bool:
    """Insert one row unless a row has one of its unique values already. Whether it was inserted.

    Whichever: of two equal rows at once PostgreSQL may meet any of their values first.
    """
    statement = _once(session.get_bind().dialect.name, model)
    return session.connection().execute(statement, values).rowcount == 1


def insert_or_update(session: Session, model: type[Base], unique: str, **values: object) -> None:
    """Insert one row, or bring the one with that unique value up to these."""
    statement = _or_update(session.get_bind().dialect.name, model, unique, tuple(values))
    session.connection().execute(statement, values)


@cache
def _once(dialect: str, model: type[Base]) -> Any:
    return (
        _INSERTS[dialect](table_of(model)).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    )


@cache
def _or_update(dialect: str, model: type[Base], unique: str, names: tuple[str, ...]) -> Any:
    statement = _INSERTS[dialect](table_of(model))
    others = {name: statement.excluded[name] for name in names if name != unique}
    return statement.on_conflict_do_update(index_elements=[unique], set_=others)


_INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


def alembic_config(url: str | URL) -> Config:
    """Alembic's configuration, the same from a checkout and from an installed wheel."""
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    address = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    config.attributes["url"] = address
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`. Does nothing where it is already there."""
    command.upgrade(alembic_config(url), revision)


def is_current(session: Session) -> bool:
    """Whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    return MigrationContext.configure(session.connection()).get_current_revision() == head
