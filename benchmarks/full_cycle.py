"""A participant's full cycle (load the form, post, durable commit, receipt) against a bare Flask application's.

Same tables, inserts, server, database and load generator, in turn, in one run; the figure is the ratio. Set
CONSULT_TEST_DATABASE_URL to a PostgreSQL server to measure on it too; BENCH_PEOPLE changes how many people answer in
each run, BENCH_SERVERS=gunicorn,granian compares servers under our application.
"""

import os
import statistics
import time

from parts import pressing, serving
from parts.filling import scratch, with_invitations

from consult.core.database import Database

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "300"))
ROUNDS = 3
CLIENTS = (2, 8, 16)
TEXT = "A standing channel for incidents at sea and in the air, before we need one."
KEYS = {"CONSULT_SECRET_KEY": "s" * 40, "CONSULT_LINK_KEY": "l" * 40}


def our_cycle(browser: pressing.Browser, secret: str) -> tuple[float, float]:
    browser.new_person()
    page = browser.get(f"/i/{secret}")
    browser.post(f"/i/{secret}", pressing.hidden(page))
    began = time.perf_counter()
    fields = pressing.hidden(browser.get("/respond/"))
    browser.post("/respond/", {**fields, "text_1": TEXT, "use_1": "quote_unattributed"})
    if "We have it" not in browser.get("/respond/receipt"):
        raise RuntimeError("no receipt")
    return began, time.perf_counter()


def bare_cycle(browser: pressing.Browser, secret: str) -> tuple[float, float]:
    browser.new_person()
    began = time.perf_counter()
    fields = pressing.hidden(browser.get(f"/form/{secret}"))
    browser.post(f"/form/{secret}", {**fields, "text": TEXT, "use": "quote_unattributed"})
    if "We have it" not in browser.get("/receipt"):
        raise RuntimeError("no receipt")
    return began, time.perf_counter()


def measure(url: str, name: str) -> None:
    database = Database(url)
    people = with_invitations(database, PEOPLE * len(CLIENTS) * ROUNDS * 2)
    database.close()
    environment = {**KEYS, "CONSULT_DATABASE_URL": url, "BENCH_DATABASE_URL": url}
    port, bare_port = serving.free_port(), serving.free_port()
    with (
        serving.running(serving.ours(port), environment, f"http://127.0.0.1:{port}/healthz"),
        serving.running(
            serving.gunicorn("parts.bare:create()", bare_port), environment, f"http://127.0.0.1:{bare_port}/"
        ),
    ):
        for clients in CLIENTS:
            ratios, ours_rate, bare_rate, slow = [], [], [], []
            for _ in range(ROUNDS):
                mine, people = people[:PEOPLE], people[PEOPLE:]
                _, spans = pressing.run(port, mine, clients, our_cycle)
                theirs, people = people[:PEOPLE], people[PEOPLE:]
                _, bare_spans = pressing.run(bare_port, theirs, clients, bare_cycle)
                rate, limit = (clients / statistics.mean(part) for part in (spans, bare_spans))
                ratios.append(rate / limit)
                ours_rate.append(rate)
                bare_rate.append(limit)
                slow.append(pressing.percentile(spans, 0.99))
            print(
                f"{name}, {clients:2} clients: ours {statistics.median(ours_rate):6.0f}/s, bare "
                f"{statistics.median(bare_rate):6.0f}/s, ratio {statistics.median(ratios):.2f}, "
                f"p99 {max(slow) * 1000:.0f} ms"
            )


def main() -> None:
    with scratch() as directory:
        measure(f"sqlite:///{directory}/bench.db", "SQLite FULL")
    if postgresql := os.environ.get("CONSULT_TEST_DATABASE_URL"):
        measure(postgresql, "PostgreSQL")
    else:
        print("PostgreSQL: not measured, CONSULT_TEST_DATABASE_URL is not set")


if __name__ == "__main__":
    main()
