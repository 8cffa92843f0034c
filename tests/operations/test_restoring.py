"""A backup put back is whole, holds no key, and does not bring back what was taken back since."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.database import Database
from consult.core.errors import Refused
from consult.core.storage import store
from consult.operations.backing_up import back_up, read_ledger
from consult.operations.restoring import restore
from consult.operations.verification import faults
from consult.operations.withdrawal import change_answers, withdraw_response
from consult.responses.actions import GivenAnswer
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import response_by_id, standing_revisions
from consult.responses.rules import standing_hash
from consult.settings import Settings
from tests.cli.commands import refused, run
from tests.factories import World, make_answer
from tests.web.scenes import approve

TAKEN_BACK, CHANGED, KEPT = "Taken back before long.", "Said at first.", "Kept by its writer."


def store_archives(session: Session) -> None:
    """Editions as archives, enough of them to be the last that stands in the database's file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", "An edition.")
    store(session, archive.getvalue() * 500, name="edition.zip", content_type="application/zip")


def texts(session: Session) -> set[str | None]:
    return set(session.scalars(select(Revision.text)))


def response_of(session: Session, answer_id: str) -> Response:
    answer = session.get_one(Answer, answer_id)
    found = response_by_id(session, answer.response_id)
    assert found is not None
    return found


def damages(file: Path) -> Iterator[bytes]:
    """The file with bytes changed in its middle; of an archive also in its manifest and in its directory."""
    places = [slice(start := file.stat().st_size // 2, start + 4096)]
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            manifest = archive.getinfo("manifest.json")
            words = manifest.header_offset + manifest.compress_size // 2
            places += [slice(words, words + 64), slice(archive.start_dir + 4, archive.start_dir + 20)]
    for place in places:
        content = bytearray(file.read_bytes())
        content[place] = b"\x55" * (place.stop - place.start)
        yield bytes(content)


def test_what_was_taken_back_since_stays_so(
    database: Database, session: Session, world: World, settings: Settings, tmp_path: Path
) -> None:
    file, ledger = tmp_path / "backup", tmp_path / "ledger.jsonl"
    gone, other, kept = (
        make_answer(session, world.consultation, world.rules, world.asking, words)
        for words in (TAKEN_BACK, CHANGED, KEPT)
    )
    for answer in (gone, other, kept):
        approve(session, answer, world.director)
    session.commit()
    back_up(database, file, keys=(settings.secret_key, settings.link_key))
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(Refused, match="is there already"):
        back_up(database, file, keys=())

    withdraw_response(session, response_of(session, gone.id))
    changing = response_of(session, other.id)
    given = GivenAnswer(world.asking, "Said later.", world.rules.ceiling, "en")
    change_answers(session, changing, [given], seen=standing_hash(standing_revisions(changing)))
    session.commit()
    session.close()
    run(settings, "backup", "--ledger", ledger)
    assert ledger.stat().st_mode & 0o077 == 0
    assert run(settings, "backup", "--ledger", "-").stdout == ledger.read_text(encoding="utf-8")
    assert TAKEN_BACK not in ledger.read_text(encoding="utf-8")

    with pytest.raises(Refused, match="--replace"):
        restore(database, file)
    for entries in ([], read_ledger(ledger)):  # from the database that stands, then from the file alone
        if entries:
            with database.transaction() as writing:
                writing.execute(text("DELETE FROM erasure"))
        done = restore(database, file, ledger=entries, replace=True)
        assert (done.withdrawn, done.waiting_again) == (1, 1)
        with database.reading() as reading:
            assert faults(reading) == []
            assert texts(reading) == {CHANGED, KEPT}
            assert reading.get_one(Answer, gone.id).state is AnswerState.WITHDRAWN
            assert reading.get_one(Answer, other.id).state is AnswerState.WAITING
            assert reading.get_one(Answer, kept.id).state is AnswerState.APPROVED
            with pytest.raises(Exception, match=r"read-only|readonly"):
                reading.execute(delete(Revision))


def test_a_damaged_or_foreign_file_leaves_everything_as_it_stands(
    database: Database, session: Session, world: World, settings: Settings, tmp_path: Path
) -> None:
    make_answer(session, world.consultation, world.rules, world.asking, KEPT)
    session.commit()
    session.close()
    file = tmp_path / "backup"
    assert "no key is inside" in run(settings, "backup", file).stdout
    for number, damaged in enumerate(damages(file)):
        (tmp_path / f"damaged-{number}").write_bytes(damaged)
    (tmp_path / "words").write_text("no backup", encoding="utf-8")
    for path in (*tmp_path.glob("damaged-*"), tmp_path / "words", tmp_path / "none"):
        refused(run(settings, "restore", path, "--replace"))
        with database.reading() as reading:
            assert faults(reading) == []
            assert texts(reading) == {KEPT}
            assert reading.scalar(select(func.count()).select_from(Consultation)) == 2


def test_an_encrypted_backup_opens_with_its_identity_alone(
    database: Database, session: Session, world: World, settings: Settings, tmp_path: Path
) -> None:
    make_answer(session, world.consultation, world.rules, world.asking, KEPT)
    session.commit()
    session.close()
    file, own, other = tmp_path / "backup.age", tmp_path / "own.identity", tmp_path / "other.identity"
    recipient = run(settings, "identity", own).stdout.split()[-1]
    run(settings, "identity", other)
    assert own.stat().st_mode & 0o077 == 0
    assert "encrypted" in run(settings, "backup", "--recipient", recipient, file).stdout
    assert file.stat().st_mode & 0o077 == 0
    assert KEPT.encode() not in file.read_bytes()
    assert b"SQLite format" not in file.read_bytes()
    refused(run(settings, "backup", "--recipient", "age1nobody", tmp_path / "none"))
    assert not (tmp_path / "none").exists()
    with database.transaction() as writing:
        writing.execute(text("UPDATE meeting SET title = 'Renamed since'"))
    refused(run(settings, "restore", file, "--replace"))
    refused(run(settings, "restore", file, "--replace", "--identity", other))
    with database.reading() as reading:
        assert reading.scalar(text("SELECT count(*) FROM meeting WHERE title = 'Renamed since'")) == 4
    run(settings, "restore", file, "--replace", "--identity", own)
    with database.reading() as reading:
        assert reading.scalar(text("SELECT count(*) FROM meeting WHERE title = 'Renamed since'")) == 0
        assert texts(reading) == {KEPT}


def test_a_key_in_the_database_stops_the_backup(
    database: Database, session: Session, world: World, settings: Settings, tmp_path: Path
) -> None:
    make_answer(session, world.consultation, world.rules, world.asking, f"See {settings.link_key}.")
    store_archives(session)
    session.commit()
    session.close()
    with pytest.raises(Refused, match="A key of this installation"):
        back_up(database, tmp_path / "backup", keys=(settings.secret_key, settings.link_key))
    assert list(tmp_path.iterdir()) == []
