"""200 people press Submit within the same five seconds while a director exports a million answers.

Every person has the form open and presses at a moment of their own. Counted are failures, and how long a person waits
from pressing until the receipt is there. BENCH_PEOPLE, BENCH_ROWS (answers in the export) and BENCH_ONLY=sqlite or
postgresql make it smaller; the same rush without an export stands beside. More than 20,000 rows the worker writes.
"""

import http.client
import os
import random
import re
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from parts import pressing, published, serving
from parts.directing import KEYS, director_cookie
from parts.filling import SLUG, scratch, with_invitations
from parts.places import POSTGRESQL, SQLITE, databases

from consult.core.database import Database

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "200"))
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
SECONDS = 5.0
EXPORTS = f"/desk/{SLUG}/exports"
FETCH = re.compile(rf'action="({EXPORTS}/prepared/[a-z0-9]+)"')
WRITTEN = re.compile(r'<progress [^>]*value="(\d+)"')
TEXT = "A standing channel for incidents at sea and in the air, before we need one."


class Export(threading.Thread):
    """A director who asks for everything, watches the page until the worker has written it, and fetches the file."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._port, self._cookie = port, cookie
        self.written = self.lines = 0
        self.failed = ""

    def run(self) -> None:
        try:
            browser = pressing.Browser(self._port)
            browser.take("consult", self._cookie)
            page = browser.get(EXPORTS)
            browser.post(
                EXPORTS, {**pressing.hidden(page), "format": "csv", "profile": "desk", "meeting": ""}
            )
            while (ready := FETCH.search(page := browser.get(EXPORTS))) is None:
                self.written = int(found[1]) if (found := WRITTEN.search(page)) else self.written
                time.sleep(1)
            token = pressing.hidden(page)["csrf_token"]
            response = browser.stream(ready[1], {"csrf_token": token})
            if response.status != 200:
                raise RuntimeError(f"{response.status}")
            while chunk := response.read(1 << 16):
                self.lines += chunk.count(b"\n")
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            self.failed = str(error)[:200]


def rush(port: int, people: list[str]) -> tuple[list[float], list[str]]:
    """Seconds from pressing to the receipt, in order, and what failed."""
    chance, ready = random.Random(5), threading.Barrier(len(people))

    def one(person: tuple[str, float]) -> float | str:
        secret, moment = person
        try:
            browser = pressing.Browser(port)
            browser.post(f"/i/{secret}", pressing.hidden(browser.get(f"/i/{secret}")))
            fields = pressing.hidden(browser.get("/respond/"))
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            ready.wait(120)
            return f"before: {error}"
        ready.wait(120)
        time.sleep(moment)
        began = time.perf_counter()
        try:
            browser.post("/respond/", {**fields, "text_1": TEXT, "use_1": "quote_unattributed"})
            if "We have it" not in browser.get("/respond/receipt"):
                return "no receipt"
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            return str(error)[:200]
        return time.perf_counter() - began

    with ThreadPoolExecutor(len(people)) as pool:
        found = list(pool.map(one, [(secret, chance.uniform(0, SECONDS)) for secret in people]))
    return sorted(each for each in found if isinstance(each, float)), [e for e in found if isinstance(e, str)]


def told(name: str, waits: list[float], failed: list[str]) -> None:
    if not waits:
        print(f"{name}: everybody failed: {failed[0]}")
        return
    p50, p99 = statistics.median(waits), pressing.percentile(waits, 0.99)
    print(
        f"{name}: {len(waits)} of {len(waits) + len(failed)} people have their receipt, p50 {p50 * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms{'; ' + failed[0] if failed else ''}",
        flush=True,
    )


def measure(url: str, name: str, folder: Path) -> None:
    database = Database(url)
    published.fill(database, ROWS)
    people = with_invitations(database, 2 * PEOPLE)
    database.close()
    cookie, port = director_cookie(url), serving.free_port()
    environment = {**KEYS, "CONSULT_DATABASE_URL": url, "CONSULT_EXPORTS_FOLDER": str(folder)}
    ready = f"http://127.0.0.1:{port}/healthz"
    with (
        serving.running(serving.ours(port), environment, ready),
        serving.running(serving.worker(), environment, ready),
    ):
        told(f"{name}, nothing beside", *rush(port, people[:PEOPLE]))
        export = Export(port, cookie)
        export.start()
        deadline = time.monotonic() + 120
        while not (export.written or export.lines) and export.is_alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        before = export.written
        waits, failed = rush(port, people[PEOPLE:])
        during = export.is_alive()
        told(f"{name}, {ROWS:,} answers exported meanwhile", waits, failed)
        print(
            f"  of the file {before:,} rows were written before and {export.written:,} after, "
            f"{'which went on' if during else 'which was over'}; ",
            end="",
        )
        export.join(600)
        print(f"{export.lines:,} lines were fetched {export.failed}", flush=True)


def main() -> None:
    for kind in (SQLITE, POSTGRESQL):
        with databases(kind, ("rush",)) as urls:
            if urls is None:
                print(f"{kind}: not measured")
            else:
                with scratch() as folder:
                    measure(urls[0], kind, folder)


if __name__ == "__main__":
    main()
