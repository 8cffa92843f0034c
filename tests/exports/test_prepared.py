"""Long exports lie on the disk for a day, and not one minute longer than everything in them is published."""

from collections.abc import Iterator
from datetime import timedelta
from json import loads
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.analysis.kept import ReleasedFigures
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused
from consult.exports.data import csv
from consult.exports.data.released import Released
from consult.exports.formats import DATA_FORMATS, DataFormat
from consult.exports.prepared import writing
from consult.exports.prepared.actions import ask_for, clear_away, drop, file_of
from consult.exports.prepared.models import PreparedExport, Stage
from consult.exports.prepared.queries import prepared_for, readable
from consult.exports.prepared.writing import write
from consult.exports.queries import released
from consult.operations.withdrawal import withdraw_response
from consult.responses.models import Answer, Response
from consult.responses.queries import response_by_id
from tests.factories import World
from tests.reports.scenes import CANARIES, approve, tell

BACK = "Zimorodek sits on the hotline."


@pytest.fixture
def answer(session: Session, world: World) -> Answer:
    tell(session, world, each=3)
    answer = approve(session, world, world.asking, BACK, "dialogue")
    session.commit()
    return answer


def ask(
    session: Session,
    world: World,
    code: str = "csv",
    *,
    notes: bool = False,
    profile: Profile = Profile.DESK,
) -> str:
    prepared = ask_for(
        session,
        world.consultation,
        code=code,
        notes=notes,
        profile=profile,
        meeting=None,
        columns=(),
        by=world.director,
    )
    session.commit()
    return prepared.id


def response_of(session: Session, answer: Answer) -> Response:
    response = response_by_id(session, answer.response_id)
    assert response is not None
    return response


def stage_of(session: Session, export_id: str) -> tuple[Stage, bool]:
    """Where it stands, and whether it may be read. The transaction ends here."""
    session.rollback()
    prepared = session.get_one(PreparedExport, export_id, populate_existing=True)
    found = prepared.stage, readable(session, prepared)
    session.rollback()
    return found


def test_a_file_is_what_a_download_gives_and_goes_with_what_is_taken_back(
    session: Session, database: Database, world: World, answer: Answer, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    export_id = ask(session, world)
    write(database, folder, export_id)
    assert stage_of(session, export_id) == (Stage.READY, True)
    file = file_of(export_id, folder)
    assert file.stat().st_mode & 0o777 == 0o600
    with database.reading() as reading:
        streamed = b"".join(csv.render(released(reading, world.consultation, Profile.DESK)))
    content = file.read_bytes()
    assert content == streamed
    assert BACK.encode() in content
    assert not [canary for canary in CANARIES if canary.encode() in content]
    prepared = session.get_one(PreparedExport, export_id)
    assert prepared.size == len(content)
    assert prepared.rows_expected == content.count(b"\r\n") - 1
    approve(session, world, world.asking, "One more view.", "dialogue")
    session.commit()
    assert stage_of(session, export_id) == (Stage.READY, True), "what is added later voids nothing"
    withdraw_response(session, response_of(session, answer))
    session.commit()
    assert stage_of(session, export_id) == (Stage.READY, False), "void in the very transaction"
    assert clear_away(database, folder) == 1
    assert stage_of(session, export_id) == (Stage.REMOVED, False)
    assert list(folder.iterdir()) == []


def test_a_file_for_release_is_entered_among_what_was_published_once(
    session: Session, database: Database, world: World, answer: Answer, tmp_path: Path
) -> None:
    for _time in range(2):
        write(database, tmp_path, ask(session, world, profile=Profile.PUBLICATION))
        entries = session.scalars(select(ReleasedFigures)).all()
        assert [entry.number for entry in entries] == [1], "the same said again is entered once"
        assert entries[0].released_by == world.director.id
        session.rollback()


def test_what_is_entered_and_what_is_written_are_of_one_moment(
    session: Session,
    database: Database,
    world: World,
    answer: Answer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A dozen answers are approved after the figures were entered and before the first row is read."""

    def late(*asked: Any, **more: Any) -> Released:
        with database.transaction() as other:
            for number in range(12):
                approve(other, world, world.asking, f"A late view, number {number}.", "dialogue")
        return released(*asked, **more)

    export_id = ask(session, world, "json", profile=Profile.PUBLICATION)
    monkeypatch.setattr(writing, "released", late)
    write(database, tmp_path, export_id)
    assert stage_of(session, export_id) == (Stage.READY, True)
    written = loads(file_of(export_id, tmp_path).read_bytes())
    [entry] = session.scalars(select(ReleasedFigures)).all()
    assert written["themes"]["figures"] == entry.document["themes"]
    assert not [row for row in written["rows"] if "late" in row["text"]]


def test_what_leaves_the_view_while_the_file_is_written_voids_it(
    session: Session,
    database: Database,
    world: World,
    answer: Answer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    response_id = answer.response_id

    def interrupted(view: Released) -> Iterator[bytes]:
        yield b"".join(csv.render(view))
        with database.transaction() as other:
            response = response_by_id(other, response_id)
            assert response is not None
            withdraw_response(other, response)

    export_id = ask(session, world)
    monkeypatch.setitem(DATA_FORMATS, "csv", DataFormat("csv", "", "text/csv", interrupted))
    write(database, tmp_path, export_id)
    assert stage_of(session, export_id) == (Stage.REMOVED, False)
    assert list(tmp_path.iterdir()) == []


def test_a_day_later_nothing_is_left(
    session: Session, database: Database, world: World, answer: Answer, tmp_path: Path
) -> None:
    ids = [ask(session, world, "jsonl"), ask(session, world, "csv", notes=True), ask(session, world, "xlsx")]
    with pytest.raises(Refused, match="already"):
        ask(session, world)
    session.rollback()
    for export_id in ids:
        write(database, tmp_path, export_id)
    (tmp_path / "strayed.export-unfinished").touch()
    assert clear_away(database, tmp_path) == 1, "what nobody knows of"
    drop(session, session.get_one(PreparedExport, ids[0]), tmp_path)
    session.commit()
    assert len(list(tmp_path.iterdir())) == 2
    with time_machine.travel(now() + timedelta(hours=24, minutes=1), tick=False):
        assert stage_of(session, ids[1]) == (Stage.READY, False)
        assert prepared_for(session, world.consultation, world.director) == []
        session.rollback()
        assert clear_away(database, tmp_path) == 2
    session.rollback()
    assert session.query(PreparedExport).count() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_nothing_is_said(
    session: Session, database: Database, world: World, answer: Answer, tmp_path: Path
) -> None:
    export_id = ask(session, world)
    occupied = tmp_path / "taken"
    occupied.touch()
    write(database, occupied / "exports", export_id)
    assert stage_of(session, export_id) == (Stage.FAILED, False)
