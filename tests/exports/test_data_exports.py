"""CSV, XLSX and JSON of the published view, opened again and compared with what was approved."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from itertools import product

import openpyxl
import pytest
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.core.errors import NotFound
from consult.exports.data import xlsx
from consult.exports.data.released import COLUMNS, Released, Row
from consult.exports.data.xlsx import LONGEST_CELL
from consult.exports.formats import DATA_FORMATS
from consult.exports.queries import released
from tests.factories import World
from tests.reports.scenes import AWKWARD, CANARIES, Told, tell

FORMATS = ("xlsx", "csv", "json")
DANGEROUS = tuple("=+-@\t\r")


def file_of(session: Session, world: World, code: str, profile: Profile, meeting: str | None = None) -> bytes:
    return b"".join(DATA_FORMATS[code].render(released(session, world.consultation, profile, meeting)))


def rows_of(code: str, content: bytes) -> list[dict[str, str]]:
    """The rows as another program reads them; a CSV's apostrophes are taken off as a spreadsheet hides them."""
    if code == "json":
        return [row | {"themes": " ".join(row["themes"])} for row in json.loads(content)["rows"]]
    if code == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["answers"]
        head, *lines = ([cell or "" for cell in line] for line in sheet.iter_rows(values_only=True))
        return [dict(zip(map(str, head), map(str, line), strict=True)) for line in lines]
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in reader]


def test_every_text_comes_back_as_it_was_approved(session: Session, world: World) -> None:
    told = tell(session, world)
    for code, profile in product(FORMATS, Profile):
        _check_texts(rows_of(code, file_of(session, world, code, profile)), told)


def _check_texts(rows: list[dict[str, str]], told: Told) -> None:
    assert len(rows) == len(told.quotable)
    assert set(AWKWARD) <= {row["text"] for row in rows}
    assert {row["consultation"] for row in rows} == {"warsaw"}
    assert {(row["meeting"], row["question"]) for row in rows} == {
        (meeting, question)
        for meeting in ("october", "may")
        for question in ("single-outcome", "greatest-risk")
    }
    assert {row["themes"] for row in rows} == {"deterrence", "dialogue", "unity"}
    assert all("[another person]" in row["text"] for row in rows if "hold the line" in row["text"])


def test_no_word_that_was_not_approved_is_in_any_byte(session: Session, world: World) -> None:
    tell(session, world)
    for code, profile in product(FORMATS, Profile):
        content = file_of(session, world, code, profile)
        if code == "xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                content += b"".join(parts.read(name) for name in parts.namelist())
        for canary in (*CANARIES, world.participant.participant.email, "Participant 001"):
            assert canary.encode() not in content


def test_columns_are_the_same_in_every_format(session: Session, world: World) -> None:
    tell(session, world)
    for code in FORMATS:
        rows = rows_of(code, file_of(session, world, code, Profile.DESK))
        assert list(rows[0]) == list(COLUMNS) + (["handling"] if code == "csv" else [])
    assert list(COLUMNS) == [
        "consultation", "meeting", "question", "text", "attribution", "language", "themes"
    ]  # fmt: skip


def test_one_meeting_holds_that_meeting_alone(session: Session, world: World) -> None:
    tell(session, world)
    for code in FORMATS:
        rows = rows_of(code, file_of(session, world, code, Profile.PUBLICATION, "may"))
        assert {row["meeting"] for row in rows} == {"may"}
    with pytest.raises(NotFound):
        released(session, world.consultation, Profile.DESK, "june")


def test_a_csv_starts_with_a_bom_and_keeps_line_breaks(session: Session, world: World) -> None:
    tell(session, world)
    content = file_of(session, world, "csv", Profile.DESK)
    assert content.startswith(b"\xef\xbb\xbfconsultation,meeting,")
    assert b"First line\nsecond line" in content
    assert content.endswith(b"\r\n")


def test_no_csv_cell_starts_as_a_formula_and_nothing_is_deleted(session: Session, world: World) -> None:
    tell(session, world)
    text = file_of(session, world, "csv", Profile.DESK).decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line]
    assert not [cell for cell in cells if cell.startswith(DANGEROUS)]
    for words in AWKWARD:
        assert words in cells or f"'{words}" in cells


def test_xlsx_cells_are_text_and_headers_stay_in_view(session: Session, world: World) -> None:
    tell(session, world)
    book = openpyxl.load_workbook(io.BytesIO(file_of(session, world, "xlsx", Profile.DESK)))
    assert book.sheetnames == ["answers", "themes", "tallies", "codebook", "ground rules", "read-me"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.value is None or cell.data_type in "sn", (cell.coordinate, cell.value)
                assert (
                    cell.data_type == "s"
                    or sheet.title in {"themes", "tallies", "ground rules"}
                    or not cell.value
                )
                assert cell.hyperlink is None
                if str(cell.value).startswith(DANGEROUS):
                    assert cell.quotePrefix


def test_a_row_of_xlsx_is_as_high_as_its_words() -> None:
    """LibreOffice shows the first line alone of a row that says no height."""
    rows = [("short",), ("word " * 60,), ("a\nb\nc",)]
    book = xlsx.workbook(
        "Title", "", lambda made: xlsx.sheet(made, "s", "", columns=("text",), rows=rows, widths=[80])
    )
    heights = openpyxl.load_workbook(io.BytesIO(b"".join(book)))["s"].row_dimensions
    assert [heights[number].height for number in (2, 3, 4)] == [None, 60, 45]


def test_a_desk_file_says_not_for_release(session: Session, world: World) -> None:
    tell(session, world)
    said = ((Profile.DESK, "Not for release"), (Profile.PUBLICATION, "May be published"))
    for code, (profile, words) in product(FORMATS, said):
        content = file_of(session, world, code, profile)
        if code == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(content))["read-me"]
            assert words in {cell for line in sheet.iter_rows(values_only=True) for cell in line}
        else:
            assert words.encode() in content


def test_figures_of_themes_are_the_gates(session: Session, world: World) -> None:
    tell(session, world)
    shown = released(session, world.consultation, Profile.DESK)
    book = openpyxl.load_workbook(io.BytesIO(file_of(session, world, "xlsx", Profile.DESK)))
    lines = list(book["themes"].iter_rows(min_row=2, values_only=True))
    assert [(line[3], line[4], line[5]) for line in lines] == [
        (share["percent"], share["count"], table["base"])
        for table in shown.themes
        for share in table["shares"]
    ]
    tallies = list(book["tallies"].iter_rows(min_row=2, values_only=True))
    assert [line[1:] for line in tallies] == [tuple(entry.values())[1:] for entry in shown.rates()]
    assert len(tallies) == 3


def test_the_same_view_gives_the_same_bytes(session: Session, world: World) -> None:
    tell(session, world)
    for code in FORMATS:
        assert file_of(session, world, code, Profile.DESK) == file_of(session, world, code, Profile.DESK)


def test_a_view_without_answers_is_a_file_with_headers(session: Session, world: World) -> None:
    for code in FORMATS:
        assert rows_of(code, file_of(session, world, code, Profile.PUBLICATION)) == []


def made_up(texts: Sequence[str]) -> Released:
    """A release that no database holds."""
    from consult.reports.document import GroundRulesEntry

    rules = GroundRulesEntry(
        version=1,
        mode="confidential",
        ceiling="named",
        smallest_group=5,
        speaker="closed",
        affiliation="closed",
        attendance="closed",
        timing="none",
        promise={},
        rules={},
        quantifiers=[],
    )
    rows = [Row("c", "=1+1", "q", text, "@x", "en", ("-a", "+b")) for text in texts]
    pages = (rows[first : first + 500] for first in range(0, len(rows), 500))
    return Released("c", "=title", False, Profile.DESK, None, rules, {}, [], pages)


def test_texts_that_break_a_workbook_do_not() -> None:
    texts = ["\ufffe\uffff", "_x0041_", "a\tb", "😀" * 20_000, "x" * (LONGEST_CELL + 10), "\x7f\x85"]
    content = b"".join(DATA_FORMATS["xlsx"].render(made_up(texts)))
    rows = rows_of("xlsx", content)
    assert len(rows) == len(texts)
    assert rows[1]["text"] == "_x005F_x0041_", (
        "as a workbook writes an underscore that is none of its escapes"
    )
    for row in rows[3:5]:
        assert len(row["text"].encode("utf-16-le")) // 2 <= LONGEST_CELL
        assert "The CSV and JSON files have all of it." in row["text"]
    assert json.loads(b"".join(DATA_FORMATS["json"].render(made_up(texts))))["rows"][4]["text"] == texts[4]


def test_thousands_of_rows_come_in_pieces() -> None:
    pieces = list(DATA_FORMATS["csv"].render(made_up(["word"] * 2_000)))
    assert len(pieces) > 3
    assert len(rows_of("csv", b"".join(pieces))) == 2_000
    assert len(rows_of("json", b"".join(DATA_FORMATS["json"].render(made_up(["w"] * 1_001))))) == 1_001
