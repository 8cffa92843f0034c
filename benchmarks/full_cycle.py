"""A participant's full cycle (load the form, post, durable commit, receipt) against a bare Flask application's.

Everybody has opened their invitation before the first cycle begins.

Same tables, inserts, server, database and load generator, in turn, in one run; the figure is the ratio. Then ours on an
empty database and on one with BENCH_STORED responses (1,000,000), in turn: how much longer a cycle takes there.
BENCH_PEOPLE changes how many people answer in each run, BENCH_STORED=0 leaves the second part out, BENCH_ONLY=sqlite or
postgresql the other database. The servers' own processor time stands beside, which other work disturbs less.
"""

import os
import statistics

from parts import answers, pressing, serving
from parts.filling import with_invitations
from parts.places import POSTGRESQL, SQLITE, databases

from consult.core.database import Database

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "300"))
ROUNDS = 3
CLIENTS = (2, 8, 16)
STORED = int(os.environ.get("BENCH_STORED", "1000000"))
STORED_CLIENTS = 8
TEXT = "A standing channel for incidents at sea and in the air, before we need one."
KEYS = {"CONSULT_SECRET_KEY": "s" * 40, "CONSULT_LINK_KEY": "l" * 40}


def our_opening(browser: pressing.Browser, secret: str) -> None:
    """What is no part of the cycle: the link of the invitation, and its button."""
    browser.post(f"/i/{secret}", pressing.hidden(browser.get(f"/i/{secret}")))


def our_cycle(browser: pressing.Browser, _secret: str) -> None:
    fields = pressing.hidden(browser.get("/respond/"))
    browser.post("/respond/", {**fields, "text_1": TEXT, "use_1": "quote_unattributed"})
    if "We have it" not in browser.get("/respond/receipt"):
        raise RuntimeError("no receipt")


def bare_cycle(browser: pressing.Browser, secret: str) -> None:
    fields = pressing.hidden(browser.get(f"/form/{secret}"))
    browser.post(f"/form/{secret}", {**fields, "text": TEXT, "use": "quote_unattributed"})
    if "We have it" not in browser.get("/receipt"):
        raise RuntimeError("no receipt")


def measure(url: str, name: str) -> None:
    people = invited(url, PEOPLE * len(CLIENTS) * ROUNDS * 2)
    environment = {**KEYS, "CONSULT_DATABASE_URL": url, "BENCH_DATABASE_URL": url}
    port, bare_port = serving.free_port(), serving.free_port()
    with (
        serving.running(serving.ours(port), environment, f"http://127.0.0.1:{port}/healthz") as ours,
        serving.running(
            serving.gunicorn("parts.bare:create()", bare_port), environment, f"http://127.0.0.1:{bare_port}/"
        ) as bare,
    ):
        for clients in CLIENTS:
            ratios, ours_rate, bare_rate, slow, spent = [], [], [], [], [0.0, 0.0]
            for _ in range(ROUNDS):
                mine, theirs, people = people[:PEOPLE], people[PEOPLE : 2 * PEOPLE], people[2 * PEOPLE :]
                kept = pressing.opened(port, mine, clients, our_opening)
                used = serving.processor(ours.pid)
                spans = pressing.run(port, mine, clients, our_cycle, kept)
                spent[0] += serving.processor(ours.pid) - used
                used = serving.processor(bare.pid)
                bare_spans = pressing.run(bare_port, theirs, clients, bare_cycle, {})
                spent[1] += serving.processor(bare.pid) - used
                rate, limit = (clients / statistics.mean(part) for part in (spans, bare_spans))
                ratios.append(rate / limit)
                ours_rate.append(rate)
                bare_rate.append(limit)
                slow.append(pressing.percentile(spans, 0.99))
            each = [seconds * 1000 / (PEOPLE * ROUNDS) for seconds in spent]
            print(
                f"{name}, {clients:2} clients: ours {statistics.median(ours_rate):6.0f}/s, bare "
                f"{statistics.median(bare_rate):6.0f}/s, ratio {statistics.median(ratios):.2f}, "
                f"p99 {statistics.median(slow) * 1000:.0f} ms, at worst {max(slow) * 1000:.0f} ms; "
                f"processor {each[0]:.1f} and {each[1]:.1f} ms a cycle",
                flush=True,
            )


def measure_stored(empty: str, full: str, name: str) -> None:
    """The same work on both, in turn."""
    database = Database(full)
    answers.fill(database, STORED)
    database.close()
    people = [invited(url, PEOPLE * ROUNDS) for url in (empty, full)]
    ports = [serving.free_port() for _ in people]
    servers = [
        serving.running(
            serving.ours(port), {**KEYS, "CONSULT_DATABASE_URL": url}, f"http://127.0.0.1:{port}/healthz"
        )
        for port, url in zip(ports, (empty, full), strict=True)
    ]
    taken: list[list[float]] = [[], []]
    spent = [0.0, 0.0]
    with servers[0] as first, servers[1] as second:
        for turn in range(ROUNDS):
            for place, server in enumerate((first, second)):
                part = people[place][turn * PEOPLE : (turn + 1) * PEOPLE]
                kept = pressing.opened(ports[place], part, STORED_CLIENTS, our_opening)
                used = serving.processor(server.pid)
                spans = pressing.run(ports[place], part, STORED_CLIENTS, our_cycle, kept)
                spent[place] += serving.processor(server.pid) - used
                taken[place].append(statistics.mean(spans))
    ratio = statistics.median(after / before for before, after in zip(*taken, strict=True))
    print(
        f"{name}, {STORED:,} stored: a cycle takes {ratio:.2f} of what it takes on an empty database, "
        f"{spent[1] / spent[0]:.2f} of its processor time",
        flush=True,
    )


def invited(url: str, number: int) -> list[str]:
    database = Database(url)
    people = with_invitations(database, number)
    database.close()
    return people


def main() -> None:
    for kind in (SQLITE, POSTGRESQL):
        with databases(kind, ("cycle", "empty", "full")) as urls:
            if urls is None:
                print(f"{kind}: not measured")
                continue
            measure(urls[0], kind)
            if STORED:
                measure_stored(urls[1], urls[2], kind)


if __name__ == "__main__":
    main()
