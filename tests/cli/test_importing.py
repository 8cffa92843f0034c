"""`import participants` and `import responses`, with what a terminal shows."""

import io
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from consult.core.audit import AuditEntry
from consult.core.database import Database
from consult.participants.models import Invitation, Participant
from consult.responses.models import Answer, ImportedRow
from consult.settings import Settings
from tests.cli.commands import refused, run
from tests.factories import World

ROSTER = (
    "Full Name;E-mail;Country;Organisation\nEwa Łącka;Ewa@Example.org;PL;MSZ\nJo Li;jo@example.org;Norway;\n"
)


def written(tmp_path: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def count(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_roster_is_taken_in_and_invited(
    settings: Settings, database: Database, world: World, tmp_path: Path
) -> None:
    file = written(tmp_path, ROSTER)
    command = ("import", "participants", world.slug, "--meeting", "october", file)
    dry = run(settings, *command, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "2 would be added" in dry.output
    assert count(database, Participant) == 2  # the cast's two
    first = run(settings, *command)
    assert "Read: name from “Full Name”, email from “E-mail”" in first.output
    assert "On the roster: 2 added, 0 brought up to date, 0 unchanged." in first.output
    assert "Invited to october: 2 new, 0 already." in first.output
    again = run(settings, *command)
    assert "On the roster: 0 added, 0 brought up to date, 2 unchanged." in again.output
    assert "Invited to october: 0 new, 2 already." in again.output
    with database.reading() as session:
        ewa = session.scalars(select(Participant).where(Participant.email == "ewa@example.org")).one()
        assert (ewa.name, ewa.country, ewa.organisation) == ("Ewa Łącka", "PL", "MSZ")
        jo = session.scalars(select(Participant).where(Participant.email == "jo@example.org")).one()
        assert jo.country == "NO"


def test_a_roster_with_a_faulty_row_changes_nothing(
    settings: Settings, database: Database, world: World, tmp_path: Path
) -> None:
    before = count(database, Participant), count(database, Invitation), count(database, AuditEntry)
    content = ROSTER + "No Address;;PL;\nTwice;jo@example.org;PL;\nWho;who@example.org;Atlantis;\n"
    file = written(tmp_path, content)
    told = refused(run(settings, "import", "participants", world.slug, "--meeting", "october", file))
    for line, what in (
        ("line 4, email", "e-mail"),
        ("line 5, email", "line 3"),
        ("line 6, country", "Atlantis"),
    ):
        assert line in told
        assert what in told
    assert (count(database, Participant), count(database, Invitation), count(database, AuditEntry)) == before


def test_a_workbook_is_a_roster_too(
    settings: Settings, database: Database, world: World, tmp_path: Path
) -> None:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["name", "email"])
    book.active.append(["=cmd|' /C calc'!A0 Łącka", "ewa@example.org"])
    book.active["A2"].data_type = "s"
    book.save(made)
    file = written(tmp_path, made.getvalue(), "people.xlsx")
    result = run(settings, "import", "participants", world.slug, "--meeting", "may", file)
    assert result.exit_code == 0, result.output
    assert count(database, Participant) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture"),
        (b"naam,adres\nx,y\n", "no column name and no column email"),
        ("name,email\nŻółw,z@example.org\n".encode("cp1250"), "line 2: this is not UTF-8"),
        (b"name,email\n", "names nobody"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_one_sentence(
    settings: Settings, world: World, tmp_path: Path, content: bytes, said: str
) -> None:
    file = written(tmp_path, content)
    told = refused(run(settings, "import", "participants", world.slug, "--meeting", "may", file))
    assert said in told
    assert len(told.splitlines()) == 1


def test_answers_are_taken_once(settings: Settings, database: Database, world: World, tmp_path: Path) -> None:
    file = written(tmp_path, "nr,said\n1,Peace\n2,\n3,a\x00\n")
    command = ["import", "responses", world.slug, "--meeting", "may", "--question", "greatest-risk"]
    mapping = ["--map", "answer=said", "--map", "id=nr"]
    dry = run(settings, *command, *mapping, "--dry-run", file)
    assert "1 rows would be taken" in dry.output
    assert (count(database, Answer), count(database, ImportedRow)) == (0, 0)
    first, again = run(settings, *command, *mapping, file), run(settings, *command, *mapping, file)
    assert first.exit_code == again.exit_code == 0
    assert "1 rows taken, 1 skipped (0 already there, 1 empty), 1 refused." in first.stdout
    assert "line 4: it holds a NUL character" in first.stderr
    assert "0 rows taken, 2 skipped (1 already there, 1 empty), 1 refused." in again.stdout
    assert count(database, Answer) == 1


def test_a_file_of_which_nothing_can_be_taken_is_refused(
    settings: Settings, database: Database, world: World, tmp_path: Path
) -> None:
    file = written(tmp_path, "said\n" + ("x" * 2000 + "\n") * 30)
    command = ["import", "responses", world.slug, "--meeting", "may", "--question", "greatest-risk"]
    told = refused(run(settings, *command, "--map", "answer=said", file))
    assert "and 10 more" in told
    assert told.endswith("Error: No row could be taken.\n")
    assert count(database, Answer) == 0


@pytest.mark.parametrize("pair", ["answer", "=said", "answer=", "answer=a --map answer=b"])
def test_a_mapping_that_is_none_is_wrong_usage(
    settings: Settings, world: World, tmp_path: Path, pair: str
) -> None:
    file = written(tmp_path, "said\nPeace\n")
    words = ["import", "responses", world.slug, "--meeting", "may", "--map", *pair.split(" ")]
    result = run(settings, *words, file)
    assert result.exit_code == 2
    assert "--map" in result.stderr
