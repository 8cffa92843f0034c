"""Files opened by programs that are not ours and that no Python package brings: LibreOffice, PSPP, qpdf, veraPDF.

`make interop` runs these. A program that is not on the machine is named among what was skipped.
"""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest

from consult.exports.formats import EDITION_FORMATS
from tests.exports.test_data_golden import AWKWARD, EDITION, FORMATS, made, view

TIME = 180


def program(*names: str) -> str:
    """Where the first of these programs is; without any of them the test is skipped and says so."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"none of these is on this machine: {', '.join(names)}")
    return found


def converted(file: Path, to: str, *, read_as: str = "") -> Path:
    """What LibreOffice makes of a file, with a profile of its own; `read_as` where its ending does not say all."""
    office = program("soffice", "libreoffice")
    profile = f"-env:UserInstallation=file://{file.parent / 'profile'}"
    command = [office, profile, "--headless", *([f"--infilter={read_as}"] if read_as else [])]
    command += ["--convert-to", to, "--outdir", str(file.parent), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME, check=False)
    made_of_it = file.with_suffix(f".{to.partition(':')[0]}")
    assert made_of_it.exists(), done.stderr
    return made_of_it


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_libreoffice_opens_the_word_file_with_its_headings_and_pictures(tmp_path: Path) -> None:
    file = written(tmp_path, "report.docx", EDITION_FORMATS["docx"].render(EDITION))
    read = pypdf.PdfReader(converted(file, "pdf"))
    words = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    for heading in ("Numbers", "What was asked", "Takeaways", "Meeting by meeting", "What was withheld"):
        assert heading in words
    assert "quote_unattributed" not in words
    assert sum(len(page.images) for page in read.pages) >= 1, "the charts are there"


def test_libreoffice_reads_the_workbook_as_text_and_runs_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, "answers.xlsx", made(FORMATS["xlsx"]))
    text = converted(file, "csv:Text - txt - csv (StarCalc):44,34,76").read_text("utf-8")
    head, *rows = csv.reader(io.StringIO(text))
    texts = [dict(zip(head, row, strict=True))["text"] for row in rows]
    assert texts == [row.text for row in view().rows]
    assert set(AWKWARD) <= set(texts)


def test_libreoffice_reads_the_csv_with_every_letter(tmp_path: Path) -> None:
    file = written(tmp_path, "answers.csv", made(FORMATS["csv"]))
    book = converted(file, "xlsx", read_as="CSV:44,34,76,1")
    again = converted(book.rename(tmp_path / "again.xlsx"), "csv:Text - txt - csv (StarCalc):44,34,76")
    head, *rows = csv.reader(io.StringIO(again.read_text("utf-8")))
    assert head[0] == "consultation", "the mark of the letters is no part of the first name"
    texts = [dict(zip(head, row, strict=True))["text"].removeprefix("'") for row in rows]
    assert texts == [row.text for row in view().rows]


def test_pspp_reads_the_sav_with_its_labels(tmp_path: Path) -> None:
    pspp = program("pspp")
    written(tmp_path, "answers.sav", made(FORMATS["sav"]))
    syntax = "GET FILE='answers.sav'.\nDISPLAY DICTIONARY.\nLIST VARIABLES=meeting /CASES=FROM 1 TO 2.\n"
    done = subprocess.run(
        [pspp, "-O", "format=csv", "-o", "-"],
        input=syntax, cwd=tmp_path, capture_output=True, text=True, timeout=TIME, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "text,4,The answer as published" in done.stdout.replace('"', "")
    assert ",2,rethinking-deterrence-2016" in done.stdout, "a meeting's number has its name"


def test_qpdf_finds_nothing_wrong_with_the_pdf(tmp_path: Path) -> None:
    qpdf = program("qpdf")
    file = written(tmp_path, "report.pdf", EDITION_FORMATS["pdf"].render(EDITION))
    done = subprocess.run(
        [qpdf, "--check", str(file)], capture_output=True, text=True, timeout=TIME, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_verapdf_finds_the_pdf_accessible(tmp_path: Path) -> None:
    verapdf = program("verapdf")
    file = written(tmp_path, "report.pdf", EDITION_FORMATS["pdf"].render(EDITION))
    command = [verapdf, "--flavour", "ua1", "--format", "text", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME, check=False)
    assert done.stdout.startswith("PASS"), done.stdout + done.stderr
