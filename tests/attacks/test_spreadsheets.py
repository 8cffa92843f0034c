"""A participant whose answer is to run in the spreadsheet of whoever opens an export."""

import csv
import io

import pytest

from consult.exports.data.csv import neutral, table

STARTS = ("=", "+", "-", "@")
RUNNING = '=HYPERLINK("https://elsewhere.example";"Open")'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "words",
    [
        RUNNING,
        f"Unity; budgets;{RUNNING};",
        f"Unity.\n{RUNNING};",
        "Unity;+cmd|'/C calc'!A0;",
        "Unity, and more; @SUM(1)",
        'Quoted "; =1+1;',
        "Tabs\t=1+1\t",
    ],
)
def test_no_cell_runs_however_a_country_separates_them(words: str, delimiter: str) -> None:
    """Excel takes the separator of the reader's country, and in Polish or French cuts our lines at semicolons."""
    written = b"".join(table(("meeting", "text"), [("october", words)], "not for release")).decode(
        "utf-8-sig"
    )
    cells = [
        cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter) for cell in row
    ]
    assert cells
    assert [cell for cell in cells if cell.lstrip(" ").startswith(STARTS)] == []


def test_other_words_are_left_as_they_are() -> None:
    for words in (
        "Unity; budgets = plans.",
        "Good ;-)",
        "Two points:\n- one\n- two",
        "x;-1;+2",
        "a@b.example",
    ):
        assert neutral(words) == words
