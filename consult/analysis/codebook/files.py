"""A codebook as a file: CSV, and REFI-QDA's .qdc."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from consult.analysis.codebook.rules import Entry, checked_entries, code_from
from consult.core.errors import Invalid
from consult.core.qda.reading import read_codebook
from consult.core.qda.shapes import Code, guid_of
from consult.core.qda.writing import codebook_file
from consult.core.tabular import Table, read_table

COLUMNS = (
    "code",
    "title",
    "description",
    "includes",
    "excludes",
    "examples",
    "colour",
    "parent",
    "retired",
)
_BOM = b"\xef\xbb\xbf"
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_PARTS = {"Includes: ": "includes", "Excludes: ": "excludes", "Example: ": "examples"}
_YES = frozenset({"yes", "true", "1", "x"})


def as_csv(entries: Iterable[Entry]) -> bytes:
    """One theme a row, those merged into others left out; examples one a line. Text is neutral for spreadsheets."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        if not entry.merged_into:
            cells = [getattr(entry, name) for name in COLUMNS]
            cells[5], cells[8] = "\n".join(entry.examples), "yes" if entry.retired else ""
            writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return _BOM + written.getvalue().encode("utf-8")


def as_qdc(entries: Sequence[Entry], *, of: str) -> bytes:
    """Themes in use as a tree of codes. `of`: whose codebook, from which the identifiers are made."""
    codes = codes_of(entries, of=of)
    if not codes:
        raise Invalid("The codebook has no theme in use, so there is nothing to write.")
    return codebook_file(codes)


def codes_of(entries: Sequence[Entry], *, of: str) -> tuple[Code, ...]:
    """The same before it is written. A theme whose parent is not in use stands by itself."""
    used = [entry for entry in entries if not entry.retired]
    present = {entry.code for entry in used}

    def under(parent: str) -> tuple[Code, ...]:
        return tuple(
            Code(
                guid=guid_of(of, "theme", entry.code),
                name=entry.title,
                description=entry.spoken(),
                colour=entry.colour,
                under=under(entry.code),
            )
            for entry in used
            if (entry.parent if entry.parent in present else "") == parent
        )

    return under("")


def from_file(
    content: bytes, name: str, *, taken: Iterable[str] = (), known: Sequence[Entry] = ()
) -> list[Entry]:
    """The codebook in a CSV, XLSX, .qdc or .qdpx file. Raises Invalid naming what is wrong.

    REFI-QDA codes have names and no codes: one whose name is that of a `known` theme is that theme.
    """
    if content.lstrip(_BOM).lstrip()[:1] == b"<" or (
        content.startswith(b"PK\x03\x04") and name.lower().endswith(".qdpx")
    ):
        return checked_entries(from_codes(read_codebook(content, name), taken=taken, known=known))
    return checked_entries(_from_table(read_table(content, name=name)))


def from_codes(
    codes: Iterable[Code], *, taken: Iterable[str] = (), known: Sequence[Entry] = ()
) -> list[Entry]:
    """Entries of a tree of codes, in its order."""
    by_title = {entry.title.casefold(): entry.code for entry in known if not entry.merged_into}
    given: set[str] = set()
    found: list[Entry] = []

    def add(code: Code, parent: str) -> None:
        title = " ".join(code.name.split())[:200]
        made = by_title.get(title.casefold(), "")
        if not made or made in given:
            made = code_from(title, {*taken, *given})
        given.add(made)
        parts = _parts(code.description)
        found.append(
            Entry(
                code=made,
                title=title or made,
                description=str(parts["description"]),
                includes=str(parts["includes"]),
                excludes=str(parts["excludes"]),
                examples=tuple(parts["examples"]),
                colour=code.colour.lower(),
                parent=parent,
            )
        )
        for each in code.under:
            add(each, made)

    for code in codes:
        add(code, "")
    return found


def _parts(description: str) -> dict[str, str | list[str]]:
    """The other way round."""
    texts: dict[str, list[str]] = {"description": [], "includes": [], "excludes": []}
    examples: list[str] = []
    part = "description"
    for line in re.split(r"\r\n?|\n", description):
        mark = next((mark for mark in _PARTS if line.startswith(mark)), "")
        part = _PARTS.get(mark, part)
        words = line.removeprefix(mark)
        if part != "examples":
            texts[part].append(words)
        elif mark or not examples:
            examples.append(words)
        else:
            examples[-1] += f"\n{words}"
    return {**{name: "\n".join(lines).strip() for name, lines in texts.items()}, "examples": examples}


def _from_table(table: Table) -> list[Entry]:
    columns = [column.strip().casefold() for column in table.columns]
    if "code" not in columns or "title" not in columns:
        raise Invalid(
            "%(file)s needs the columns “code” and “title”. It may have: %(known)s.",
            field="file",
            file=table.name,
            known=", ".join(COLUMNS),
        )
    places = {name: columns.index(name) for name in COLUMNS if name in columns}
    found: list[Entry] = []
    for row in table.rows:
        if row.problem:
            raise Invalid(
                "%(file)s, line %(line)s: %(why)s.",
                field="file",
                file=table.name,
                line=row.line,
                why=row.problem,
            )
        cells = {
            name: _unquoted(row.cells[place].strip()) if place < len(row.cells) else ""
            for name, place in places.items()
        }
        if any(cells.values()):
            found.append(
                Entry(
                    **{name: cells.get(name, "") for name in COLUMNS[:5]},
                    examples=tuple(line for line in cells.get("examples", "").splitlines() if line.strip()),
                    colour=cells.get("colour", ""),
                    parent=cells.get("parent", ""),
                    retired=cells.get("retired", "").casefold() in _YES,
                )
            )
    return found


def _unquoted(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from calculating."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
