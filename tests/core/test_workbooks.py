"""XLSX from strangers: measured before it is parsed."""

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date

import pytest
import xlsxwriter

from consult.core.errors import Invalid
from consult.core.tabular import LIMITS, Limits, Table, read_table

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*sheets: list[list[object]], first_row: int = 0) -> bytes:
    """Real workbooks, their formulas live."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows, start=first_row):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell, day)
                    elif isinstance(cell, str) and cell.startswith("text:"):
                        sheet.write_string(number, place, cell.removeprefix("text:"))
                    else:
                        sheet.write(number, place, cell)
    return made.getvalue()


def with_part(content: bytes, name: str, part: bytes | str) -> bytes:
    """The same workbook with one of its parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, part)
    return made.getvalue()


def read(content: bytes, limits: Limits = LIMITS) -> Table:
    return read_table(content, name="file.xlsx", limits=limits)


def sheet_of(cells: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<worksheet xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>'


SIMPLE = workbook([["id", "text"], [1, "one"]])
SHEET = "xl/worksheets/sheet1.xml"


def test_cells_come_as_text() -> None:
    table = read(
        workbook([["id", "when", "share", "yes", "text"], [12, date(2016, 5, 14), 0.5, True, "ąęł 🕊️"]])
    )
    assert table.columns == ("id", "when", "share", "yes", "text")
    (row,) = table.rows
    assert row.cells == ("12", "2016-05-14", "0.5", "true", "ąęł 🕊️")


def test_formulas_are_never_calculated_and_text_like_them_stays_text() -> None:
    (row,) = read(workbook([["a", "b"], ["=1+1", 'text:=HYPERLINK("http://x")']])).rows
    assert row.cells == ("0", '=HYPERLINK("http://x")')  # what the file holds as the result, which is nothing


def test_lines_are_those_of_the_sheet() -> None:
    table = read(workbook([["id"], [1], [], [2]], first_row=4))
    assert table.columns == ("id",)
    assert [(row.line, row.cells) for row in table.rows] == [(6, ("1",)), (7, ("",)), (8, ("2",))]


def test_what_is_left_out_is_said() -> None:
    table = read(workbook([], [["id"], [1]], [["other"]]))
    assert table.columns == ("id",)
    assert table.notes == ["Only the sheet “Sheet2” was read, not: Sheet1, Sheet3."]


def test_the_content_decides_not_the_name() -> None:
    assert read_table(SIMPLE, name="really.csv").columns == ("id", "text")


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(Invalid, match="is empty"):
        read(workbook([]))


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = with_part(SIMPLE, "xl/media.xml", b"<a>" + b" " * (40 * 1024 * 1024) + b"</a>")
    assert len(bomb) < 200_000
    with pytest.raises(Invalid, match="unpacks to far more"):
        read(bomb)


def test_many_parts_that_are_large_together_are_refused() -> None:
    content = SIMPLE
    for number in range(4):
        content = with_part(content, f"xl/part{number}.xml", b"<a>" + b"x" * 300_000 + b"</a>")
    with pytest.raises(Invalid, match="unpacks to far more"):
        read(content, Limits(unpacked=1_000_000))


def test_a_size_that_lies_is_found_out() -> None:
    """The directory says ten bytes; there are a million."""
    content = bytearray(with_part(SIMPLE, SHEET, sheet_of(" " * 1_000_000)))
    directory = content.index(b"PK\x01\x02")
    while content[directory + 46 : directory + 46 + len(SHEET)] != SHEET.encode():
        directory = content.index(b"PK\x01\x02", directory + 4)
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(Invalid, match="damaged"):
        read(bytes(content))


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row><c/></row><row r="9000000"><c/></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        "<row>" + "<c/>" * 2000 + "</row>",
    ],
)
def test_two_cells_far_apart_are_not_laid_out(cells: str) -> None:
    with pytest.raises(Invalid, match="too large"):
        read(with_part(SIMPLE, SHEET, sheet_of(cells)))


def test_a_document_type_is_refused() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(Invalid, match="damaged"):
        read(with_part(SIMPLE, SHEET, sheet_of("<row><c t='str'><v>&b;</v></c></row>", entities)))


def test_a_part_of_the_wrong_kind_is_never_handed_on() -> None:
    """Other formats in a ZIP are not tried: an OpenDocument table repeats a row a million times in a few bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", "<office:document-content/>")
    with pytest.raises(Invalid, match="no Excel workbook"):
        read(made.getvalue())


def test_a_password_is_asked_to_be_left_out() -> None:
    content = bytearray(SIMPLE)
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(mark, place + 4)
    with pytest.raises(Invalid, match="protected by a password"):
        read(bytes(content))


@pytest.mark.parametrize("cut", [4, 30, 200, -10])
def test_a_torn_file_is_refused(cut: int) -> None:
    with pytest.raises(Invalid, match=r"damaged|no Excel workbook"):
        read(SIMPLE[:cut])


def test_a_flipped_byte_never_does_more_than_be_refused() -> None:
    for place in range(0, len(SIMPLE), 37):
        content = bytearray(SIMPLE)
        content[place] ^= 0xFF
        with suppress(Invalid):
            list(read(bytes(content)).rows)


def test_broken_xml_is_refused() -> None:
    with pytest.raises(Invalid, match="damaged"):
        read(with_part(SIMPLE, SHEET, "<worksheet><row>"))
    with pytest.raises(Invalid, match="is empty"):
        read(with_part(SIMPLE, "xl/workbook.xml", "<workbook/>"))


def test_merged_and_hidden_cells_are_read_where_they_stand() -> None:
    """A merged cell is its first one; what was hidden from a reader's eye is still in the file, and is taken."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(("Name", "E-mail", "Country", "Organisation")):
            sheet.write_string(0, place, name)
        sheet.merge_range(1, 0, 2, 0, "Ada Nowak")
        sheet.merge_range(1, 2, 1, 3, "Poland")
        sheet.write_string(1, 1, "ada@example.org")
        sheet.write_string(2, 1, "ben@example.org")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        book.add_worksheet("veiled").hide()
    rows = [row.cells for row in read(made.getvalue()).rows]
    assert rows == [("Ada Nowak", "ada@example.org", "Poland", ""), ("", "ben@example.org", "", "")]
