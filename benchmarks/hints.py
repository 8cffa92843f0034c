"""How many hints are right, how many are missed, and what hints and duplicates cost. Writes docs/hints.md's figures.

    python benchmarks/hints.py [--answers 50000] [--dry-run]

Figures on real statements need the folder ../shared/data; where it is absent they are left out and said so.
"""

import argparse
import csv
import os
import random
import resource
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from consult.core.text import fold  # noqa: E402
from consult.moderation.hints.rules.finding import REDACTS_AS, find  # noqa: E402
from consult.moderation.hints.rules.grouping import Compared, Placed, grouped  # noqa: E402
from consult.moderation.hints.rules.likeness import can_find_near  # noqa: E402
from consult.moderation.hints.rules.people import Person, Roster, topics_in  # noqa: E402
from consult.operations.roster import roster  # noqa: E402
from tests.moderation.planted import HARD, Measured, measured, written  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
POLIS = {
    "march-on.operation-marchin-orders": "en",
    "austria-climate.5twd2jsnkf.2022-08-08": "de",
    "vtaiwan.uberx": "zh",
}
PAGE = ROOT / "docs" / "hints.md"
BEGIN, END = "<!-- figures: written by benchmarks/hints.py -->", "<!-- end of figures -->"


def warsaw() -> tuple[Roster, list[dict[str, object]]]:
    """The demonstration's roster of 142 invented people, and its answers."""
    folder = ROOT / "config" / "consultations"
    demo = tomllib.loads((folder / "warsaw-2016.demonstration.toml").read_text(encoding="utf-8"))
    people = [
        Person(p.name, p.email, p.country, p.organisation, "", p.role_label, p.sector)
        for p in roster(demo["roster"])
    ]
    about = written()["about"]
    return Roster(people, topics=topics_in(about)), demo["answers"]


def table(headings: list[str], rows: list[list[object]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
    yield ""


def percent(part: int, whole: int) -> str:
    return f"{part} of {whole} ({round(100 * part / whole)} %)" if whole else "–"


def planted_figures(title: str, result: Measured) -> Iterator[str]:
    usual = [kind for kind in sorted(result.marked) if kind != HARD]
    rows: list[list[object]] = [
        [
            kind,
            percent(result.met[kind], result.marked[kind]),
            percent(result.of_its_kind[kind], result.marked[kind]),
        ]
        for kind in usual
    ]
    if result.marked[HARD]:
        rows.append(["said without any telling word", percent(result.met[HARD], result.marked[HARD]), "–"])
    rows.append(
        [
            "all",
            percent(result.met.total(), result.marked.total()),
            percent(result.of_its_kind.total(), result.marked.total() - result.marked[HARD]),
        ]
    )
    yield f"**{title}** Hints that point at something marked: {percent(result.right.total(), result.hinted.total())}."
    yield ""
    yield from table(["marked", "hinted at", "with the same kind"], rows)


def rates(texts: list[str], language: str, people: Roster) -> list[object]:
    """Shares of texts with a hint on a span, one besides a place, one of the whole, one of likeness; and the speed."""
    started = time.perf_counter()
    kinds: Counter[str] = Counter()
    spans = besides = wholes = 0
    for text in texts:
        here = {hit.kind for hit in find(text, language, people, [language])}
        kinds.update(here)
        with_span = here & set(REDACTS_AS)
        spans += bool(with_span)
        besides += bool(with_span - {"place"})
        wholes += bool(here - set(REDACTS_AS))
    speed = len(texts) / (time.perf_counter() - started)
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    share = [f"{100 * n / len(texts):.1f} %" for n in (spans, besides, wholes)]
    groups = grouped(Compared("q", f"a{n}", f"r{n}", fold(text)) for n, text in enumerate(texts))
    alike = f"{sum(map(len, groups))} in {len(groups)}"
    return [len(texts), *share, listed or "none", alike, f"{speed:,.0f}"]


def real_figures() -> Iterator[str]:
    people, answers = warsaw()
    rows = []
    marked = met = 0
    plain: list[str] = []
    for answer in answers:
        text, redactions = str(answer["text"]), answer.get("redactions", [])
        hits = [
            h for h in find(text, str(answer["language"]), people, ["en", "fr", "pl"]) if h.kind in REDACTS_AS
        ]
        for redaction in redactions if isinstance(redactions, list) else []:
            if redaction["kind"] not in {"off_topic", "allegation", "sensitive"}:
                starts = text.index(redaction["words"])
                ends = starts + len(redaction["words"])
                marked += 1
                met += any(hit.starts < ends and starts < hit.ends for hit in hits)
        if answer.get("identifying"):
            marked += 1
            met += bool(hits)
        elif not redactions and answer["language"] == "en":
            plain.append(text)
    rows.append(["demonstration, English, nothing to redact", *rates(plain, "en", people)])
    for name, language in POLIS.items():
        path = DATA / "polis" / name / "comments.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                texts = [row["comment-body"] for row in csv.DictReader(file)]
            some = random.Random(7).sample(texts, min(1000, len(texts)))
            rows.append([name, *rates(some, language, people)])
    yield f"**Demonstration answers** that identify somebody, not written for the rules: {percent(met, marked)}."
    yield ""
    if not DATA.is_dir():
        yield "The real statements are not on this machine and are left out."
        yield ""
    yield from table(
        [
            "texts, with the Warsaw roster",
            "n",
            "any span",
            "besides places",
            "of the whole",
            "texts by kind",
            "like another, in groups",
            "texts/s",
        ],
        rows,
    )


def many(count: int) -> list[Compared]:
    """Texts of about 200 characters: mostly unlike, 5 campaigns with 1,000 variants each, 2 % exact repeats."""
    chance = random.Random(11)
    words = [f"{a}{b}" for a in ("har", "tel", "mor", "vin", "sol", "dek", "pru") for b in _ENDS]
    usual = ["the", "of", "to", "a", "and", "in", "for", "we", "should", "that", "must", "be", "on", "our"]

    def text(length: int) -> str:
        return " ".join(
            chance.choice(usual) if chance.random() < 0.4 else chance.choice(words) for _ in range(length)
        )

    texts = [text(34) for _ in range(max(count - 5000 - count // 50, 0))]
    for original in [text(34).split() for _ in range(5)]:
        for _ in range(1000):
            varied = list(original)
            for _ in range(3):
                varied[chance.randrange(len(varied))] = chance.choice(words)
            texts.append(" ".join(varied))
    texts += chance.choices(texts, k=count - len(texts))
    return [Compared("q", f"a{n}", f"r{n}", fold(text)) for n, text in enumerate(texts[:count])]


_ENDS = [
    f"{a}{b}"
    for a in ("an", "ent", "ic", "os", "ul", "eth", "ard")
    for b in ("", "s", "or", "ing", "ed", "ia")
]


def cost_figures(count: int) -> Iterator[str]:
    if not can_find_near():
        yield "numpy and rapidfuzz are not installed: near duplicates are not measured."
        return
    rows = []
    for size in (count // 5, count):
        answers = many(size)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, processor, groups = timed(partial(grouped, answers))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        folded = sum(len(group) for group in groups)
        rows.append(
            [
                f"{size:,}",
                f"{seconds:.1f} s",
                f"{processor:.1f} s",
                f"{after // 1024} MB",
                f"{(after - before) // 1024} MB",
                folded,
            ]
        )
    yield from table(
        ["answers", "time", "of the processor", "peak memory", "of it for comparing", "answers in groups"],
        rows,
    )


def timed(work: Callable[[], list[list[Placed]]]) -> tuple[float, float, list[list[Placed]]]:
    started, processor = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - started, time.process_time() - processor, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=50_000)
    parser.add_argument("--dry-run", action="store_true", help="leave docs/hints.md as it is")
    wanted = parser.parse_args()
    planted = written()
    duplicates = list(cost_figures(wanted.answers))  # first, while the process is small
    lines = [
        BEGIN,
        f"Measured on {datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, at a load of {os.getloadavg()[0]:.0f}.",
        "",
        *planted_figures(
            "Planted sentences, with which the rules were made.", measured(planted, "sentences", "clean")
        ),
        *planted_figures(
            "Planted sentences written after the rules, most meant to slip through.",
            measured(planted, "unseen"),
        ),
        *real_figures(),
        "**Near duplicates**, texts of about 200 characters:",
        "",
        *duplicates,
        END,
    ]
    print("\n".join(lines))
    if not wanted.dry_run:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        PAGE.write_text(head + "\n".join(lines) + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
