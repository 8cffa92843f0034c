"""CSV as people save it, and what only looks like CSV."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.core.tabular import LIMITS, Limits, Row, Table, read_file, read_table

WORDS = "ąęłżź, Кириллица, العربية, 🕊️ and “quotes”"


def read(content: bytes | str, *, encoding: str | None = None, limits: Limits = LIMITS) -> Table:
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return read_table(raw, name="file.csv", encoding=encoding, limits=limits)


def rows(content: bytes | str, **options: object) -> list[Row]:
    return list(read(content, **options).rows)  # type: ignore[arg-type]


def cells(content: bytes | str, **options: object) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(content, **options)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separators_and_line_ends_are_found_out(delimiter: str, ending: str) -> None:
    text = ending.join([delimiter.join(row) for row in (["id", "text"], ["1", '"a, b; c"'], ["2", "d"])])
    table = read(text)
    assert table.columns == ("id", "text")
    assert list(table.rows) == [Row(2, ("1", "a, b; c")), Row(3, ("2", "d"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_as_it_was_saved(encoding: str) -> None:
    assert cells(f'id,text\n1,"{WORDS}"\n'.encode(encoding)) == [("1", WORDS)]


def test_another_encoding_is_read_once_it_is_named() -> None:
    content = "id,text\n1,żółć\n".encode("cp1250")
    with pytest.raises(Invalid, match=r"file\.csv, line 2: this is not UTF-8 text.*--encoding cp1250"):
        read(content)
    assert cells(content, encoding="cp1250") == [("1", "żółć")]
    with pytest.raises(Invalid, match="no encoding that is known"):
        read(content, encoding="klingon")


def test_lines_are_counted_where_a_row_begins() -> None:
    found = rows('id,text\n1,"two\nlines"\n\n2,next\n')
    assert [(row.line, row.cells[1]) for row in found] == [(2, "two\nlines"), (5, "next")]


def test_line_breaks_and_formulas_are_kept_as_text() -> None:
    assert cells('id,text\n1,"=HYPERLINK(""http://x"")"\n2,"+1\n-1"\n') == [
        ("1", '=HYPERLINK("http://x")'),
        ("2", "+1\n-1"),
    ]


def test_one_column_is_a_table_too() -> None:
    table = read("text\nOne; two\nThree; four; five\n")
    assert table.columns == ("text",)
    assert [row.cells for row in table.rows] == [("One; two",), ("Three; four; five",)]


def test_short_rows_are_filled_and_long_ones_refused() -> None:
    short, long = rows("a,b,c\n1\n1,2,3,4\n")
    assert (short.cells, short.problem) == (("1", "", ""), "")
    assert "4 cells, the first row 3" in long.problem


def test_what_cannot_be_stored_is_refused_row_by_row() -> None:
    nul, surrogate, good = rows(b"id,text\n1,a\x00b\n2,\xed\xa0\x80\n3,good\n")
    assert (nul.line, surrogate.line) == (2, 3)
    assert "NUL" in nul.problem
    assert "surrogate" in surrogate.problem
    assert not good.problem


def test_half_a_pair_in_utf_16_is_refused_row_by_row() -> None:
    content = b"\xff\xfe" + "id,text\n1,".encode("utf-16-le") + b"\x00\xd8" + "\n2,good\n".encode("utf-16-le")
    broken, good = rows(content)
    assert "surrogate" in broken.problem
    assert good.cells == ("2", "good")


def test_a_quotation_mark_inside_a_cell_is_that_rows_affair() -> None:
    bad, good = rows('id,text\n1,"said "so" twice"\n2,fine\n')
    assert (bad.line, bad.problem) == (2, "a quotation mark inside a cell is not doubled")
    assert good == Row(3, ("2", "fine"))


@pytest.mark.parametrize("length", [10, 200_000])
def test_a_quotation_mark_that_is_never_closed_is_named(length: int) -> None:
    with pytest.raises(Invalid, match=r"line 3: a quotation mark that opens here is never closed"):
        rows('id,text\n1,x\n2,"' + "y" * length)


PICTURES = [b"\x89PNG\r\n\x1a\n\x00", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBPVP8 "]


@pytest.mark.parametrize("content", PICTURES)
def test_a_picture_that_calls_itself_csv_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"^file\.csv is a picture, not a table\.") as caught:
        read(content + bytes(100))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"\xef\xbb\xbf,,\n", "is empty"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or password-protected Excel"),
        (bytes(range(1, 128)) * 4, "no text file"),
        ("id,text\n1,x".encode("utf-16-le"), "no text file|not UTF-8"),
        (b"id,te\x00xt\n" + b"1,x\n" * 20, "name of column 2 holds a NUL"),
        (b"x" * 2000 + b",y\n1,2", "name of column 1 is longer"),
        (b"\x89text\n", "line 1: this is not UTF-8"),
    ],
)
def test_other_files_are_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        rows(content)


def test_sizes_are_capped() -> None:
    small = Limits(content=200, rows=2, columns=3, cell=5)
    with pytest.raises(Invalid, match="larger than"):
        read("a" * 201, limits=small)
    with pytest.raises(Invalid, match="4 columns; at most 3"):
        read("a,b,c,d\n", limits=small)
    with pytest.raises(Invalid, match="more than 2 rows"):
        rows("a\n1\n2\n3\n", limits=small)
    assert rows("a\n123456\n", limits=small)[0].problem == "a cell has 6 characters; at most 5 are read"


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(LIMITS.content + 1)
    with pytest.raises(Invalid, match=r"large\.csv is larger than 20 MB"):
        read_file(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="No such file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(Invalid, match="cannot be read"):
        read_file(tmp_path)


def test_columns_are_found_by_name() -> None:
    table = read("Id,Text,text ,note,note\n")
    assert table.column("Text") == 1
    assert table.column("text") == 2
    assert table.column("ID") == 0
    with pytest.raises(Invalid, match="2 columns called “note”"):
        table.column("note")
    with pytest.raises(Invalid, match=r"no column “comment”\. It has: Id, Text, text, note, note"):
        table.column("comment")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    with suppress(Invalid):
        assert all(row.line >= 1 for row in read(content).rows)


@pytest.mark.parametrize(
    ("file", "columns", "count"),
    [
        ("polis/march-on.operation-marchin-orders/comments.csv", 8, 2162),
        ("polis/vtaiwan.uberx/comments.csv", 8, 197),
        ("open-access-consultation/responses.csv", 62, 732),
        ("nhs-feedback/coded-answers.csv", 61, 5096),
    ],
)
def test_real_files_are_read_whole(shared_data: Path, file: str, columns: int, count: int) -> None:
    table = read_file(shared_data / file)
    assert len(table.columns) == columns
    found = list(table.rows)
    assert len(found) == count
    assert [row for row in found if row.problem] == []
