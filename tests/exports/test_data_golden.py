"""Every data format of one published view says what its golden file says, and the same bytes again.

The golden files are renewed by `CONSULT_GOLDEN=write pytest tests/exports/test_data_golden.py`; read the difference.
"""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyreadstat
import pytest

from consult.analysis.disclosure import Profile
from consult.consultations.kinds import Column
from consult.exports.data.released import Released, Row
from consult.exports.formats import DATA_FORMATS, DataFormat, bundled
from consult.exports.speaking import voice
from consult.reports.document import parsed

GOLDEN = Path(__file__).parent / "golden"
EDITION = parsed((GOLDEN / "warsaw-edition.json").read_text("utf-8"))
DANGER = '=HYPERLINK("x")'
AWKWARD = (
    f"{DANGER}; a line\nbroken, ąęłżź, Київ, قال, 中, 🕊",
    "-12 is a number, and so it seems is @this",
)
CHOICE = Column("priority", "Which matters most?")
FORMATS = {**DATA_FORMATS, "csv.zip": bundled(DATA_FORMATS["csv"])}


def view(language: str = "en") -> Released:
    """Of the edition, with cells that a spreadsheet would run, and a question with choices."""
    quotes = EDITION["quotes"]
    rows = [
        Row(
            "warsaw-2016",
            q["meeting"],
            q["question"],
            q["text"],
            q["line"],
            q["language"],
            tuple(q["themes"]),
            ("",),
        )
        for q in quotes
    ]
    first = rows[0]
    rows += [first._replace(text=text, themes=()) for text in AWKWARD]
    rows.append(first._replace(question="priority", text="dialogue", attribution="", choices=("dialogue",)))
    facts = EDITION["consultation"]
    return Released(
        consultation=facts["slug"],
        title=facts["title"],
        demonstration=True,
        profile=Profile.PUBLICATION,
        meeting=None,
        ground_rules=EDITION["ground_rules"],
        codebook=EDITION["codebook"],
        themes=EDITION["themes"],
        pages=[rows[:10], rows[10:]],
        convenor=facts["convenor"],
        participation=EDITION["participation"],
        questions=EDITION["questions"],
        choices=(CHOICE,),
        licensed="CC BY 4.0",
        language=language,
    )


def made(format_: DataFormat, language: str = "en") -> bytes:
    return b"".join(format_.render(view(language)))


def told(code: str, content: bytes, folder: Path) -> str:
    """What a file says, as text that a person can compare."""
    if code == "xlsx":
        return "\n".join(_of_workbook(content))
    if code == "sav":
        path = folder / "answers.sav"
        path.write_bytes(content)
        return "\n".join(_of_sav(path))
    if code.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            return "\n".join(f"== {name}\n{files.read(name).decode('utf-8')}" for name in files.namelist())
    return content.decode("utf-8")


def _of_workbook(content: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        yield f"== {sheet.title}: frozen at {sheet.freeze_panes}, filter {sheet.auto_filter.ref}"
        for row in sheet.iter_rows():
            yield " | ".join(f"{cell.data_type}:{cell.value}" for cell in row if cell.value is not None)


def _of_sav(path: Path) -> Iterator[str]:
    cells, about = pyreadstat.read_sav(str(path), output_format="dict")
    yield about.file_label
    yield from about.notes
    for name in about.column_names:
        yield f"{name} ({about.column_names_to_labels[name]}): {about.variable_value_labels.get(name, '')}"
        yield f"  {cells[name]}"


@pytest.mark.parametrize("code", FORMATS)
def test_a_data_format_says_what_its_golden_file_says(code: str, tmp_path: Path) -> None:
    content = made(FORMATS[code])
    assert content == made(FORMATS[code]), "the same bytes again"
    said = told(code, content, tmp_path).replace("\r\n", "\n") + "\n"
    golden = GOLDEN / f"data-{code.replace('.', '-')}.txt"
    if os.environ.get("CONSULT_GOLDEN") == "write":
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")
    assert "CC BY 4.0" in said or code in {"csv", "jsonl"}


def test_a_read_me_is_in_english_and_in_the_consultations_own_language() -> None:
    with zipfile.ZipFile(io.BytesIO(made(FORMATS["csv.zip"], "pl"))) as files:
        assert [name for name in files.namelist() if name.startswith("READ")] == [
            "READ-ME.txt",
            "READ-ME.pl.txt",
        ]
        told_in = [files.read(name).decode() for name in ("READ-ME.txt", "READ-ME.pl.txt")]
    polish = voice("pl").gettext("May be published")
    assert polish != "May be published"
    assert [polish in words for words in told_in] == [False, True]
    sheets = openpyxl.load_workbook(io.BytesIO(made(FORMATS["xlsx"], "pl")), read_only=True).sheetnames
    assert sheets[-2:] == ["read-me", "read-me (pl)"]
    with zipfile.ZipFile(io.BytesIO(made(FORMATS["csv.zip"], "ar"))) as files:
        assert "READ-ME.ar.txt" not in files.namelist(), "there is no catalogue of that language"
