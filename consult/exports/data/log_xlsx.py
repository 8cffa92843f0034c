"""The log of moderation as a workbook: what was done to answers, never their words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consult.exports.data.xlsx import sheet, workbook


@dataclass(frozen=True)
class LogFile:
    """The log before it is a file: columns with widths, rows of text that can be walked once, and what to know."""

    title: str
    handling: str
    sheets: tuple[str, str]
    """Names of the sheets: the acts, and the notes."""
    columns: tuple[tuple[str, int], ...]
    rows: Iterable[tuple[str, ...]]
    notes: tuple[tuple[str, str], ...]
    notes_columns: tuple[str, str]


def render(file: LogFile) -> Iterator[bytes]:
    """The file in pieces."""

    def fill(book: object) -> None:
        acts, notes = file.sheets
        sheet(
            book,
            acts,
            file.handling,
            columns=tuple(name for name, _width in file.columns),
            rows=file.rows,
            widths=[width for _name, width in file.columns],
        )
        sheet(book, notes, file.handling, columns=file.notes_columns, rows=file.notes, widths=[24, 100])

    return workbook(file.title, file.handling, fill)
