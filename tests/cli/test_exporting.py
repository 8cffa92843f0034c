"""`export` and `report`: the right file, whole or not at all."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.orm import Session

from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.reports.actions import freeze
from consult.settings import Settings
from tests.cli.commands import refused, run
from tests.factories import World, make_answer
from tests.reports.scenes import publish_approved

APPROVED = "=Zażółć, Кириллица, العربية 🕊️"
ELSEWHERE = "Said in May alone."
REJECTED = "The rejected canary."


@pytest.fixture
def told(session: Session, world: World) -> World:
    """One answer approved at each meeting, one rejected; edition 1 published, edition 2 frozen."""
    for asking, text, verdict in (
        (world.asking, APPROVED, Verdict.APPROVE),
        (world.askings[world.may.id][0], ELSEWHERE, Verdict.APPROVE),
        (world.asking, REJECTED, Verdict.REJECT),
    ):
        answer = make_answer(session, world.consultation, world.rules, asking, text)
        reason = RejectReason.OFF_TOPIC if verdict is Verdict.REJECT else None
        read = answer.revisions[0].hash
        decide(session, answer, verdict, read=read, read_number=0, by=world.director, reason=reason)
    publish_approved(session, world, freeze(session, world.consultation, by=world.director))
    freeze(session, world.consultation, by=world.director)
    session.commit()
    return world


def texts(path: Path, code: str) -> list[str]:
    if code == "json":
        return [row["text"] for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]
    if code == "csv":
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        return [row["text"] for row in rows]
    head, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    place = list(head).index("text")
    return [str(row[place]) for row in rows]


@pytest.mark.parametrize("code", ["csv", "xlsx", "json"])
def test_the_published_view_is_written_whole(
    settings: Settings, told: World, tmp_path: Path, code: str
) -> None:
    out = tmp_path / f"out.{code}"
    result = run(settings, "export", told.slug, "--format", code, "--out", out)
    assert result.exit_code == 0, result.output
    found = texts(out, code)
    assert len(found) == 2
    assert any(APPROVED in text for text in found)
    assert REJECTED not in out.read_bytes().decode("utf-8", "ignore")
    run(
        settings, "export", told.slug, "--format", code, "--meeting", "may", "--profile", "desk", "--out", out
    )
    assert texts(out, code) == [ELSEWHERE]
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_standard_output_holds_the_file_and_nothing_else(settings: Settings, told: World) -> None:
    result = run(settings, "export", told.slug, "--format", "json", "--out", "-")
    assert len(json.loads(result.stdout_bytes)["rows"]) == 2


def test_a_report_is_the_published_edition_unless_another_is_named(
    settings: Settings, told: World, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    result = run(settings, "report", told.slug, "--format", "html", "--out", out)
    assert result.output == f"Wrote edition 1 to {out}.\n"
    page = out.read_text(encoding="utf-8")
    assert APPROVED in page
    assert REJECTED not in page
    second = run(settings, "report", told.slug, "--format", "json", "--edition", "2", "--out", "-")
    assert json.loads(second.stdout_bytes)["edition"]["number"] == 2


def test_a_report_of_one_meeting_has_only_its_views(settings: Settings, told: World, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    run(settings, "report", told.slug, "--format", "html", "--meeting", "may", "--out", out)
    page = out.read_text(encoding="utf-8")
    assert ELSEWHERE in page
    assert APPROVED not in page


def test_what_cannot_be_written_leaves_what_was_there(
    settings: Settings, told: World, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    out.write_text("the earlier one")
    refused(run(settings, "report", told.slug, "--format", "html", "--edition", "9", "--out", out))
    refused(run(settings, "export", "nowhere", "--format", "csv", "--out", out))
    refused(run(settings, "export", told.slug, "--format", "csv", "--meeting", "june", "--out", out))
    assert out.read_text() == "the earlier one"
    assert "folder" in refused(run(settings, "report", told.slug, "--format", "html", "--out", tmp_path))
    nowhere = tmp_path / "none" / "report.html"
    assert "cannot be written" in refused(
        run(settings, "report", told.slug, "--format", "html", "--out", nowhere)
    )


def test_without_an_edition_there_is_no_report(settings: Settings, world: World) -> None:
    told = refused(run(settings, "report", world.slug, "--format", "html", "--out", "-"))
    assert "no published edition" in told


def test_a_format_that_does_not_exist_is_wrong_usage(settings: Settings, world: World) -> None:
    assert run(settings, "export", world.slug, "--format", "doc", "--out", "-").exit_code == 2
