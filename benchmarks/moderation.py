"""The desk at 10,000 and at 1,000,000 answers: milliseconds in the server, queries, and how the sizes compare.

Both sizes are asked in turn, so that whatever else the machine does falls on both. Time is that of the whole request in
the application, without a network; beside it stands the processor time of this process and of PostgreSQL's processes
for it, where they are on this machine: a busy machine disturbs that less. BENCH_ROWS=100000 shrinks the larger size,
BENCH_SAMPLES=20 asks less often, BENCH_ONLY=sqlite or postgresql leaves the other out. PostgreSQL is the server at
CONSULT_TEST_DATABASE_URL, else one started from the wheel that the tests use, which does not sync to disk.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask.testing import FlaskClient  # noqa: E402
from parts.answers import SAID_OFTEN, Filled, fill  # noqa: E402
from parts.filling import scratch  # noqa: E402
from parts.pressing import hidden, percentile  # noqa: E402
from sqlalchemy import create_engine, event, make_url, select, text, tuple_  # noqa: E402

from consult.accounts.models import User  # noqa: E402
from consult.app import create_app  # noqa: E402
from consult.core.database import Database  # noqa: E402
from consult.responses.models import Answer  # noqa: E402
from consult.settings import Settings  # noqa: E402
from tests import postgresql  # noqa: E402

SMALL = 10_000
LARGE = int(os.environ.get("BENCH_ROWS", "1000000"))
SAMPLES = int(os.environ.get("BENCH_SAMPLES", "60"))
DEEP = 50_000
ON_A_PAGE = 30


@dataclass
class Told:
    """What one kind of request took, in milliseconds and queries."""

    spent: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    queries: int = 0


Spent = tuple[float, float]
"""Milliseconds that passed, and those of the processor."""
Ask = Callable[[], Spent]


class Clock:
    """Runs from when it is made. `servers` are the processes that work for this one."""

    def __init__(self, servers: set[int]) -> None:
        self._servers = servers
        self._began, self._processor = time.perf_counter(), self._spent()

    def read(self) -> Spent:
        return (time.perf_counter() - self._began) * 1000, (self._spent() - self._processor) * 1000

    def _spent(self) -> float:
        files = [Path(f"/proc/{number}/schedstat") for number in self._servers]
        theirs = sum(int(file.read_text().split()[0]) for file in files if file.exists())
        return time.process_time() + theirs / 1e9


class Desk:
    """A director signed in to an application on one database."""

    def __init__(self, database: Database, settings: Settings, filled: Filled) -> None:
        self.app = create_app(settings, database)
        self.base = f"/desk/{filled.slug}"
        self.client: FlaskClient = self.app.test_client()
        self.queries = 0
        self.servers: set[int] = set()
        if not database.is_sqlite:
            for engine in (database.reader, database.writer):
                event.listen(engine, "checkout", self._served_by)
        with database.reading() as session:
            user = session.get_one(User, filled.director_id)
            consultation_id = user.memberships[0].consultation_id
            self.deep = self._place(session, consultation_id, min(DEEP, filled.rows // 2))
            self.waiting = self._waiting(session, consultation_id)
            self.key = user.session_key
        with self.client.session_transaction() as kept:
            kept["_user_id"] = f"{user.id}.{self.key}.{int(time.time())}"
            kept["_fresh"] = True
        for engine in (database.reader, database.writer):
            event.listen(engine, "after_cursor_execute", self._count)

    def _count(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        self.queries += not statement.startswith("BEGIN")

    def _served_by(self, connection: Any, *_more: object) -> None:
        self.servers.add(connection.info.backend_pid)

    @staticmethod
    def _place(session, consultation_id: str, depth: int) -> str:  # type: ignore[no-untyped-def]
        statement = select(Answer.shuffle_key, Answer.id).where(
            Answer.consultation_id == consultation_id, Answer.state == "waiting"
        )
        position = tuple_(Answer.shuffle_key, Answer.id)
        row = session.execute(statement.order_by(*position).offset(depth).limit(1)).one()
        return f"{row.shuffle_key}.{row.id}"

    @staticmethod
    def _waiting(session, consultation_id: str) -> Iterator[str]:  # type: ignore[no-untyped-def]
        statement = select(Answer.id).where(
            Answer.consultation_id == consultation_id, Answer.state == "waiting"
        )
        return iter(session.scalars(statement.order_by(Answer.shuffle_key).limit(4 * SAMPLES + 10)).all())

    def get(self, path: str) -> Ask:
        def ask() -> Spent:
            clock = Clock(self.servers)
            response = self.client.get(self.base + path)
            spent = clock.read()
            if response.status_code != 200:
                raise RuntimeError(f"{path}: {response.status_code}")
            return spent

        return ask

    def decide(self) -> Spent:
        """Approve the next answer that waits; the page before it is not timed."""
        path = f"{self.base}/queue/{next(self.waiting)}"
        fields = hidden(self.client.get(path).get_data(as_text=True))
        self.queries = 0
        clock = Clock(self.servers)
        response = self.client.post(f"{path}/decide", data={**fields, "act": "approve"})
        spent = clock.read()
        if response.status_code != 303:
            raise RuntimeError(f"decide: {response.status_code}")
        return spent

    def requests(self) -> dict[str, Ask]:
        return {
            "queue, first page": self.get("/queue"),
            f"queue, {DEEP:,} rows deep": self.get(f"/queue?state=waiting&after={self.deep}"),
            "search, said by 60 %": self.get(f"/queue?q={SAID_OFTEN}"),
            "search, said by 4 %": self.get("/queue?q=resilience"),
            "search, said by 1.5 %": self.get("/queue?q=logistics"),
            "search, said by 0.3 %": self.get("/queue?q=kaliningrad"),
            "search, said by 0.01 %": self.get("/queue?q=zawisza"),
            "search, two words": self.get(f"/queue?q={SAID_OFTEN}+resilience"),
            "search, two words, five say both": self.get("/queue?q=logistics+resilience"),
            "search, deep": self.get(f"/queue?q={SAID_OFTEN}&after={self.deep}"),
            "overview": self.get(""),
            "log, first page": self.get("/log"),
            "one decision": self.decide,
        }


def measure(name: str, small: Desk, large: Desk, rows: int = LARGE) -> None:
    sizes = f"{SMALL:,}: p50 | p95 | processor p95 | {rows:,}: p50 | p95 | processor p95"
    print(f"\n| {name} | {sizes} | ratio of p95 | of processor p95 | queries |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    pairs = zip(small.requests().items(), large.requests().values(), strict=True)
    for (kind, ask_small), ask_large in pairs:
        told = {small: Told(), large: Told()}
        for number in range(SAMPLES + 3):
            for desk, ask in ((small, ask_small), (large, ask_large)):
                desk.queries = 0
                spent, processor = ask()
                told[desk].queries = max(told[desk].queries, desk.queries)
                if number >= 3:  # the first ones warm up
                    told[desk].spent.append(spent)
                    told[desk].processor.append(processor)
        cells, slow = [], []
        for desk in (small, large):
            whole, part = sorted(told[desk].spent), sorted(told[desk].processor)
            slow.append((percentile(whole, 0.95), percentile(part, 0.95)))
            cells += [f"{number:.0f} ms" for number in (statistics.median(whole), *slow[-1])]
        ratios = [f"{after / before:.2f}" for before, after in zip(*slow, strict=True)]
        queries = max(one.queries for one in told.values())
        print(f"| {' | '.join([kind, *cells, *ratios, str(queries)])} |", flush=True)


def run(name: str, urls: tuple[str, str]) -> None:
    desks = []
    for url, rows in zip(urls, (SMALL, LARGE), strict=True):
        database, began = Database(url), time.perf_counter()
        filled = fill(database, rows)
        print(f"{name}: {rows:,} answers written in {time.perf_counter() - began:.0f} s", flush=True)
        desks.append(Desk(database, settings(url), filled))
    measure(name, *desks)
    for desk in desks:
        desk.app.extensions["queue"].close()
        desk.app.database.close()


def settings(url: str) -> Settings:
    return Settings(
        database_url=url,
        secret_key="secret-key-of-the-benchmark-0123456789",  # noqa: S106
        link_key="link-key-of-the-benchmark-0123456789abc",
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


@contextmanager
def postgresql_urls() -> Iterator[tuple[str, str] | None]:
    given = os.environ.get("CONSULT_TEST_DATABASE_URL")
    if given is None and not postgresql.is_installed():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("BENCH_DIR", "/tmp")) as directory:  # noqa: S108
        url = make_url(given or postgresql.start(Path(directory), until=os.getpid()))
        server = create_engine(url, isolation_level="AUTOCOMMIT")
        names = [f"bench_{os.getpid()}_{size}" for size in (SMALL, LARGE)]
        with server.connect() as connection:
            for name in names:
                connection.execute(text(f"CREATE DATABASE {name}"))
            small, large = (url.set(database=name).render_as_string(hide_password=False) for name in names)
            yield small, large
            for name in names:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()
        if given is None:
            postgresql.stop(Path(directory))


def main() -> None:
    only = os.environ.get("BENCH_ONLY")
    if only != "postgresql":
        with scratch() as directory:
            run("SQLite", (f"sqlite:///{directory}/small.db", f"sqlite:///{directory}/large.db"))
    if only == "sqlite":
        return
    with postgresql_urls() as urls:
        if urls:
            run("PostgreSQL", urls)
        else:
            print("PostgreSQL: not measured, there is no server and no wheel to start one from")


if __name__ == "__main__":
    main()
