"""Exports and the story page, each beside the bare limit in the same run, on SQLite and on PostgreSQL.

CSV of very many answers beside csv.writer on rows in memory, with the memory each size takes, and as the worker
prepares it for directors and for release; XLSX beside xlsxwriter in constant-memory mode; a PDF of forty pages; the
story page beside a bare Flask route that returns the same bytes, and made anew of an edition of very many answers.
Ratios are of processor time, which other work disturbs less; seconds that passed stand beside. BENCH_ROWS=100000
shrinks the CSV; BENCH_ONLY=sqlite or postgresql leaves the other out.
"""

import copy
import csv
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pypdf  # noqa: E402
import xlsxwriter  # noqa: E402
from flask import Flask  # noqa: E402
from parts.databases import new_database, postgresql_server  # noqa: E402
from parts.exporting import export  # noqa: E402
from parts.filling import scratch  # noqa: E402
from parts.published import SLUG, fill  # noqa: E402

from consult.accounts.models import User  # noqa: E402
from consult.analysis.disclosure import Profile  # noqa: E402
from consult.app import create_app  # noqa: E402
from consult.consultations.queries import consultation_by_slug, ground_rules_in_force  # noqa: E402
from consult.core.clock import now  # noqa: E402
from consult.core.database import Database, unhurried  # noqa: E402
from consult.core.storage import store  # noqa: E402
from consult.exports.editions import pdf  # noqa: E402
from consult.exports.prepared.actions import ask_for, drop  # noqa: E402
from consult.exports.prepared.models import PreparedExport, Stage  # noqa: E402
from consult.exports.prepared.writing import write  # noqa: E402
from consult.exports.queries import released  # noqa: E402
from consult.reports.document import STORY, abridged, canonical, document_hash, parsed  # noqa: E402
from consult.reports.enums import EditionState  # noqa: E402
from consult.reports.models import Edition, EditionFile  # noqa: E402
from consult.settings import Settings, load  # noqa: E402

ONLY = os.environ.get("BENCH_ONLY")
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
SHEET_ROWS = min(ROWS, 100_000)
RUNS = 3
EXPORTING = str(ROOT / "benchmarks" / "parts" / "exporting.py")
WARSAW = ROOT / "tests" / "exports" / "golden" / "warsaw-edition.json"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor, and those that passed."""
    processor, began = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - processor, time.perf_counter() - began


def in_memory(url: str, most: int) -> list[tuple[str, ...]]:
    database = Database(url)
    with database.reading() as session:
        consultation = consultation_by_slug(session, SLUG)
        assert consultation is not None
        view = released(session, consultation, Profile.DESK)
        rows = [(*cells, view.handling) for _place, cells in zip(range(most), view.cells(), strict=False)]
    database.close()
    return rows


def measure_files(name: str, url: str, folder: Path) -> None:
    for rows in sorted({ROWS // 10, ROWS}):
        said = subprocess.run(
            [sys.executable, EXPORTING, url, SLUG, str(rows), str(folder / "out.csv")],
            check=True, capture_output=True, text=True,
        ).stdout.split()  # fmt: skip
        print(
            f"{name}: CSV of {rows:,}: {float(said[0]):.1f} s processor, {float(said[1]):.1f} s, {said[2]} MB at most"
        )
    rows_held = in_memory(url, ROWS)

    def bare() -> None:
        with (folder / "bare.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\r\n").writerows(rows_held)

    floor = statistics.median(timed(bare)[0] for _ in range(RUNS))
    print(
        f"{name}: csv.writer on {len(rows_held):,} rows in memory: {floor:.1f} s; "
        f"ours {floor / float(said[0]):.2f} of it"
    )

    def bare_sheet() -> None:
        with xlsxwriter.Workbook(str(folder / "bare.xlsx"), {"constant_memory": True}) as book:
            page = book.add_worksheet()
            for number, cells in enumerate(rows_held[:SHEET_ROWS]):
                for column, cell in enumerate(cells[:-1]):
                    page.write_string(number, column, cell)

    floor_sheet = timed(bare_sheet)[0]
    ours = timed(lambda: export(url, SLUG, "xlsx", folder / "out.xlsx", SHEET_ROWS))
    print(
        f"{name}: XLSX of {SHEET_ROWS:,}: {ours[0]:.1f} s processor, {ours[1]:.1f} s; "
        f"bare {floor_sheet:.1f} s; ours {floor_sheet / ours[0]:.2f} of it"
    )


def measure_prepared(name: str, url: str, folder: Path) -> None:
    """What the worker takes for a file of its own, from the first look to the last byte on the disk."""
    database = Database(url)
    for profile in (Profile.DESK, Profile.PUBLICATION):
        with database.transaction() as session:
            consultation = consultation_by_slug(session, SLUG)
            director = session.query(User).first()
            assert consultation is not None
            assert director is not None
            asked = ask_for(
                session,
                consultation,
                code="csv",
                notes=False,
                profile=profile,
                meeting=None,
                columns=(),
                by=director,
            ).id
        spent = timed(lambda asked=asked: write(database, folder, asked))  # type: ignore[misc]
        with database.transaction() as session:
            prepared = session.get_one(PreparedExport, asked)
            assert prepared.stage is Stage.READY, prepared.stage
            print(
                f"{name}: CSV of {prepared.rows_expected:,} prepared for {profile.value}: {spent[0]:.1f} s processor, "
                f"{spent[1]:.1f} s, {prepared.size / 1e6:.0f} MB"
            )
            drop(session, prepared, folder)
    database.close()


def settings(url: str) -> Settings:
    """Those of config/default.toml, on that database."""
    return load({"CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": "s" * 40, "CONSULT_LINK_KEY": "l" * 40})


def publish(url: str, quotes: int) -> None:
    """An edition of so many views, with what the worker keeps of it."""
    document = parsed(WARSAW.read_text("utf-8"))
    base = document["quotes"]
    document["quotes"] = [copy.copy(base[number % len(base)]) for number in range(quotes)]
    database = Database(url)
    with database.transaction() as session:
        unhurried(session)
        consultation = consultation_by_slug(session, SLUG)
        assert consultation is not None
        words = canonical(document)
        director = session.query(User).first()
        assert director is not None
        edition = Edition(
            consultation_id=consultation.id, number=1, state=EditionState.PUBLISHED, document=words,
            document_hash=document_hash(words), ground_rules_id=ground_rules_in_force(session, consultation).id,
            frozen_by=director.id, frozen_at=now(), published_at=now(), before_approval=True,
        )  # fmt: skip
        session.add(edition)
        session.flush()
        kept = canonical(abridged(document)).encode("utf-8")
        file = store(session, kept, name="story.json", content_type="application/json")
        session.add(EditionFile(edition_id=edition.id, format=STORY, file_id=file.id))
        session.commit()
    database.close()


def measure_story(name: str, url: str) -> None:
    publish(url, ROWS)
    database = Database(url)
    app = create_app(settings(url), database)
    client, address = app.test_client(), f"/c/{SLUG}"
    client.get("/")  # templates and catalogues of the frame are read once by a process
    content = client.get(address).data
    cold, asking = [], app.test_client()
    asking.set_cookie("consult", "none")  # so that no page stands ready for it
    for _ in range(RUNS):
        app.extensions["public_pages"] = type(app.extensions["public_pages"])()
        cold.append(timed(lambda: asking.get(address))[1] * 1000)
    plain = Flask("bare")
    plain.add_url_rule(address, view_func=lambda: content)
    bare_client = plain.test_client()
    bare_client.get(address)
    ours, floor = [], []
    for _ in range(10):
        ours.append(timed(lambda: [client.get(address) for _ in range(50)])[0] / 50 * 1000)
        floor.append(timed(lambda: [bare_client.get(address) for _ in range(50)])[0] / 50 * 1000)
    one, bare = statistics.median(ours), statistics.median(floor)
    print(
        f"{name}: story page of {ROWS:,} answers, {len(content) / 1000:.0f} kB: cold {statistics.median(cold):.0f} ms; "
        f"warm {one:.2f} ms, bare Flask {bare:.2f} ms, {bare / one:.2f} of it"
    )
    database.close()


def measure_pdf() -> None:
    document = parsed(WARSAW.read_text("utf-8"))
    base = [quote for quote in document["quotes"] if not quote.get("withdrawn")]
    document["quotes"] = [base[number % len(base)] for number in range(330)]
    first = timed(lambda: pdf.render(document))
    again = timed(lambda: pdf.render(document))
    pages = len(pypdf.PdfReader(io.BytesIO(pdf.render(document))).pages)
    print(f"PDF of {pages} pages: {first[1]:.2f} s the first time in a process, {again[1]:.2f} s again")


@contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    with scratch() as folder, postgresql_server() as server:
        found = [("sqlite", f"sqlite:///{folder / 'bench.db'}")] if ONLY != "postgresql" else []
        if server is None:
            yield found
            return
        with new_database(server, "bench_exports") as url:
            yield [*found, ("postgresql", url)]


def main() -> None:
    measure_pdf()
    with databases() as found, tempfile.TemporaryDirectory() as folder:
        for name, url in found:
            database = Database(url)
            fill(database, ROWS)
            database.close()
            measure_files(name, url, Path(folder))
            measure_prepared(name, url, Path(folder) / "prepared")
            measure_story(name, url)


if __name__ == "__main__":
    main()
