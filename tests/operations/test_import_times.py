"""When a row was given: as files write it, and stored no finer than a participant's own answer would be."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Timing
from consult.consultations.models import Consultation
from consult.core.database import Database
from consult.core.errors import Invalid
from consult.core.tabular import Table, opened_table, read_table
from consult.meetings.queries import meetings_of
from consult.operations.definition import parse
from consult.operations.importing.responses import ImportReport, import_responses
from consult.operations.importing.times import read_time
from consult.operations.loading.consultation import load
from consult.responses.models import Response, Revision
from tests.operations.small import SMALL

KEY = "secret-key-of-the-tests-0123456789abcdef"
SAME = datetime(2017, 7, 17, 9, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("1500282615559", SAME.replace(microsecond=559000)),
        ("1500282615", SAME),
        ("Mon Jul 17 16:10:15 WIB 2017", SAME),
        ("Mon Jul 17 02:10:15 PDT 2017", SAME),
        ("2017-07-17T11:10:15+02:00", SAME),
        ("2017-07-17 09:10:15", SAME),
        ("17.07.2017 09:10", SAME.replace(second=0)),
        ("17/07/2017", SAME.replace(hour=0, minute=0, second=0)),
        ("07/17/2017", SAME.replace(hour=0, minute=0, second=0)),
        ("1980-01-01 00:00:00", None),
        (" ", None),
    ],
)
def test_times_are_read_as_files_write_them(cell: str, instant: datetime | None) -> None:
    assert read_time(cell) == instant


@pytest.mark.parametrize(
    "cell", ["yesterday", "03/04/2017", "Mon Jul 17 16:10:15 IST 2017", "2017-13-01", "9" * 14, "31.02.2017"]
)
def test_a_time_that_may_mean_two_or_none_is_refused(cell: str) -> None:
    with pytest.raises(Invalid):
        read_time(cell)


def consulted(session: Session, timing: Timing = Timing.NONE) -> Consultation:
    definition = SMALL.replace(
        'mode = "confidential"\n', f'mode = "confidential"\ntiming = "{timing.value}"\n'
    )
    return load(session, parse(definition)).consultation


def imported(
    session: Session, consultation: Consultation, table: Table, mapping: dict[str, str] | None = None
) -> ImportReport:
    spring = meetings_of(session, consultation)[1]
    return import_responses(session, consultation, spring, table, secret_key=KEY, mapping=mapping or {})


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    database = Database(sqlite_url)
    with database.session(writing=True) as opened:
        yield opened
    database.close()


@pytest.mark.parametrize("timing", list(Timing))
def test_times_are_stored_no_finer_than_the_switch(session: Session, timing: Timing) -> None:
    consultation = consulted(session, timing)
    header = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    content = (
        header + "1500282615559,Mon Jul 17 16:10:15 WIB 2017,36,0,38,7,1,Peace.\nnever,,37,0,1,1,1,Bread.\n"
    )
    report = imported(session, consultation, read_table(content.encode(), name="comments.csv"))
    assert report.notes[0] == "Recognised as a Polis export."
    stored = session.scalars(select(Response.submitted_at).where(Response.source == "import")).all()
    if timing is Timing.NONE:
        assert (report.taken, stored) == (2, [None, None]), "a time that is not kept is not even read"
        return
    kept = {
        Timing.DAY: SAME.replace(hour=0, minute=0, second=0),
        Timing.MINUTE: SAME.replace(second=0),
    }[timing]
    assert (report.taken, stored) == (1, [kept])
    assert report.reasons[0].startswith("line 3: “never” is no time")


def test_json_is_read_as_a_list_under_a_name_and_by_the_line(session: Session) -> None:
    consultation = consulted(session)
    rows = [
        {"id": 1, "text": "Peace.", "language": "pl"},
        {"text": "Bread.", "id": 2, "language": None},
        {"id": 3, "text": ["a", "list"]},
        "no record",
    ]
    mapping = {"answer": "text", "id": "id", "language": "language"}
    for number, content in enumerate(
        (json.dumps(rows), json.dumps({"answers": rows}), "\n".join(json.dumps(row) for row in rows))
    ):
        report = imported(session, consultation, read_table(content.encode(), name="answers.json"), mapping)
        assert (report.taken, report.already, report.refused) == ((0, 2, 2) if number else (2, 0, 2))
    assert report.reasons == [
        "line 3: “text” holds a list or a record, not a value",
        "line 4: it is no record: its values have no names",
    ]
    assert {tuple(row) for row in session.execute(select(Revision.text, Revision.language))} == {
        ("Peace.", "pl"),
        ("Bread.", "en"),
    }
    for broken in ("[{]", "{}", '{"a": [], "b": []}', '[{"a":' + "[" * 100_000):
        with pytest.raises(Invalid):
            read_table(broken.encode(), name="answers.json")


def test_a_long_file_is_read_while_it_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    row = f'"{"é" * 1000},\n{"x" * 1000}",pl\n'
    path.write_text("﻿text,language\n" + row * 8000, encoding="utf-8")
    assert path.stat().st_size > 20 * 1024 * 1024
    with opened_table(path) as table:
        assert table.columns == ("text", "language")
        assert sum(1 for each in table.rows if not each.problem and each.cells[1] == "pl") == 8000
    with path.open("ab") as file:
        file.write(b"\xff\xfe,pl\n")
    with opened_table(path) as table, pytest.raises(Invalid, match="not UTF-8 text"):
        for _each in table.rows:
            pass
