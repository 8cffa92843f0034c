"""An installation under steady use: does anything grow that should not, and is every receipt's answer stored?

People answer, five a second; a director reads the desk and takes an export every minute; a reader keeps to the public
pages; the worker runs beside. Watched are memory, open files and threads of server and worker, SQLite's log of writes,
and how long a receipt takes. The last quarter is held against the first, once everything has been used. Ends with 1
where something failed, was lost or grew. SOAK_MINUTES (10, at most 120); BENCH_ONLY=postgresql: the other database.
"""

import http.client
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from full_cycle import our_cycle, our_opening
from parts import pressing, serving
from parts.directing import KEYS, director_cookie
from parts.filling import SLUG, scratch, with_invitations
from parts.places import POSTGRESQL, SQLITE, databases
from sqlalchemy import func, select

from consult.core.database import Database
from consult.responses.models import Response

MINUTES = min(float(os.environ.get("SOAK_MINUTES", "10")), 120.0)
PEOPLE_A_SECOND, CLIENTS, LOOKS = 5, 4, 40
DESK = f"/desk/{SLUG}"
READ_AT_THE_DESK = (
    DESK, f"{DESK}/queue", f"{DESK}/queue?q=channel", f"{DESK}/queue?language=en", f"{DESK}/log", f"{DESK}/people",
    f"{DESK}/codebook", f"{DESK}/figures", f"{DESK}/report", f"{DESK}/exports",
)  # fmt: skip
GROWS_BY, GROWS_TO = 24.0, 1.25
"""Megabytes, and how many times what it was: memory that grew by more than both is said to grow."""
MORE_FILES = 16
WRITTEN_LOG = 64.0
"""Megabytes that SQLite's log of writes may have: it is emptied every five minutes."""


@dataclass(frozen=True)
class Look:
    """What was seen at one moment: megabytes, numbers, and the spans of the cycles since the one before in seconds."""

    memory: float
    files: int
    threads: int
    log: float
    spans: list[float] = field(default_factory=list)


@dataclass
class Use:
    """What everybody did."""

    until: float
    receipts: int = 0
    pages: int = 0
    spans: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def again(self, act: Callable[[], None], every: float) -> None:
        """The act every so many seconds until the end; what fails is kept, and one goes on."""
        while (began := time.monotonic()) < self.until:
            try:
                act()
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                self.failed.append(str(error)[:200])
            time.sleep(max(0.0, min(every - (time.monotonic() - began), self.until - time.monotonic())))


def soak(url: str, folder: Path) -> list[str]:
    """What went wrong, in sentences. Prints what was seen."""
    database = Database(url)
    people = with_invitations(database, int(MINUTES * 60 * PEOPLE_A_SECOND))
    cookie, port = director_cookie(url), serving.free_port()
    environment = {**KEYS, "CONSULT_DATABASE_URL": url, "CONSULT_EXPORTS_FOLDER": str(folder)}
    ready = f"http://127.0.0.1:{port}/healthz"
    with (
        serving.running(serving.ours(port), environment, ready) as server,
        serving.running(serving.worker(), environment, ready) as worker,
    ):
        use = Use(until=time.monotonic() + MINUTES * 60)
        users = [
            *(
                threading.Thread(target=participants, args=(use, port, people[at::CLIENTS]))
                for at in range(CLIENTS)
            ),
            threading.Thread(target=director, args=(use, port, cookie)),
            threading.Thread(target=reader, args=(use, port)),
        ]
        for user in users:
            user.start()
        seen = []
        while time.monotonic() < use.until:
            time.sleep(MINUTES * 60 / LOOKS)
            seen.append(look((server.pid, worker.pid), Path(f"{database.url.database}-wal"), use))
        for user in users:
            user.join(60)
    with database.reading() as session:
        stored = session.scalar(select(func.count()).select_from(Response)) or 0
    database.close()
    told(seen)
    print(
        f"  {use.receipts:,} receipts, {stored:,} responses stored, {use.pages:,} pages of desk and public",
        flush=True,
    )
    wrong = [f"{len(use.failed)} requests failed, the first: {use.failed[0]}"] if use.failed else []
    if stored != use.receipts:
        wrong.append(f"{use.receipts} receipts and {stored} responses stored")
    return wrong + grown(seen)


def participants(use: Use, port: int, people: Sequence[str]) -> None:
    waiting = iter(people)

    def one() -> None:
        secret = next(waiting, None)
        if secret is None:
            return
        browser = pressing.Browser(port)
        our_opening(browser, secret)
        began = time.perf_counter()
        our_cycle(browser, secret)
        use.spans.append(time.perf_counter() - began)
        use.receipts += 1

    use.again(one, CLIENTS / PEOPLE_A_SECOND)


def director(use: Use, port: int, cookie: str) -> None:
    browser = pressing.Browser(port)
    browser.take("consult", cookie)
    exported = 0.0

    def one() -> None:
        nonlocal exported
        for path in READ_AT_THE_DESK:
            page = browser.get(path)
            use.pages += 1
        if time.monotonic() - exported > 60:
            wanted = {"format": "csv", "profile": "desk", "meeting": ""}
            browser.post(f"{DESK}/exports", {**pressing.hidden(page), **wanted}, status=200)
            exported = time.monotonic()

    use.again(one, 5.0)


def reader(use: Use, port: int) -> None:
    def one() -> None:
        browser = pressing.Browser(port)
        for path in ("/", f"/c/{SLUG}", "/receipt", "/join"):
            browser.get(path)
            use.pages += 1

    use.again(one, 2.0)


def look(pids: Sequence[int], log: Path, use: Use) -> Look:
    trees = [psutil.Process(pid) for pid in pids]
    every = [process for tree in trees for process in (tree, *tree.children(recursive=True))]
    spans, use.spans = use.spans, []
    return Look(
        memory=sum(process.memory_info().rss for process in every) / 1e6,
        files=sum(process.num_fds() for process in every),
        threads=sum(process.num_threads() for process in every),
        log=log.stat().st_size / 1e6 if log.exists() else 0.0,
        spans=sorted(spans),
    )


def quarters(seen: Sequence[Look]) -> list[Sequence[Look]]:
    """The first is what comes after everything was used once."""
    size = max(1, len(seen) // 4)
    return [seen[at : at + size] for at in range(0, size * 4, size)]


def told(seen: Sequence[Look]) -> None:
    print("  quarter   memory    files  threads   log   receipts   p50      p99")
    for number, part in enumerate(quarters(seen), start=1):
        spans = sorted(span for each in part for span in each.spans)
        p50, p99 = (pressing.percentile(spans, share) * 1000 if spans else 0.0 for share in (0.5, 0.99))
        print(
            f"  {number:7}  {max(each.memory for each in part):4.0f} MB  {max(each.files for each in part):7}"
            f"  {max(each.threads for each in part):7}  {max(each.log for each in part):3.0f} MB  {len(spans):8}"
            f"  {p50:4.0f} ms  {p99:4.0f} ms",
            flush=True,
        )


def grown(seen: Sequence[Look]) -> list[str]:
    first, *_between, last = quarters(seen)
    before, after = (max(each.memory for each in part) for part in (first, last))
    files = [max(each.files for each in part) for part in (first, last)]
    log = max(each.log for each in seen)
    wrong = []
    if after > before + GROWS_BY and after > before * GROWS_TO:
        wrong.append(f"memory grew from {before:.0f} to {after:.0f} MB")
    if files[1] > files[0] + MORE_FILES:
        wrong.append(f"open files grew from {files[0]} to {files[1]}")
    if log > WRITTEN_LOG:
        wrong.append(f"the log of writes came to {log:.0f} MB")
    return wrong


def main() -> None:
    kind = POSTGRESQL if os.environ.get("BENCH_ONLY") == "postgresql" else SQLITE
    with databases(kind, ("soak",)) as urls, scratch() as folder:
        if urls is None:
            sys.exit(f"{kind}: not to be had here")
        print(f"{kind}, {MINUTES:g} minutes, {PEOPLE_A_SECOND} people a second", flush=True)
        wrong = soak(urls[0], folder)
    for each in wrong:
        print(f"  WRONG: {each}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
