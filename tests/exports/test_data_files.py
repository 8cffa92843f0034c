"""SPSS, JSON Lines, chosen columns and the ZIP with notes, opened again by programs that are not ours."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pyreadstat
import pytest
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.core.errors import Invalid
from consult.exports.data.released import COLUMNS
from consult.exports.formats import DATA_FORMATS, bundled
from consult.exports.queries import released
from consult.exports.rates import rate
from tests.exports.reading import unpacked
from tests.factories import World
from tests.reports.scenes import AWKWARD, CANARIES, tell


def test_every_file_holds_what_was_approved_and_says_what_it_is(
    session: Session, world: World, tmp_path: Path
) -> None:
    told = tell(session, world)

    def made(code: str, *, notes: bool = False, columns: tuple[str, ...] = ()) -> bytes:
        view = released(session, world.consultation, Profile.PUBLICATION, columns=columns)
        format_ = bundled(DATA_FORMATS[code]) if notes else DATA_FORMATS[code]
        return b"".join(format_.render(view))

    whole = json.loads(made("json"))
    texts = [row["text"] for row in whole["rows"]]
    assert len(texts) == len(told.quotable)
    assert set(AWKWARD) <= set(texts)
    assert list(whole["dictionary"]) == [*COLUMNS]
    assert {"licence", "citation", "non_response", "questions"} <= set(whole)
    assert [entry["meeting"] for entry in whole["participation"]] == ["october", "may", None]

    lines = [json.loads(line) for line in made("jsonl").splitlines()]
    assert [line["text"] for line in lines] == texts
    assert {line["handling"] for line in lines} == {"May be published"}

    path = tmp_path / "answers.sav"
    path.write_bytes(made("sav"))
    cells, about = pyreadstat.read_sav(str(path), output_format="dict")
    assert [words.rstrip() for words in cells["text"]] == [words.rstrip() for words in texts]
    assert about.file_label == whole["title"][:64]
    assert about.variable_value_labels["meeting"] == {1.0: "october", 2.0: "may"}
    assert about.column_names_to_labels["text"].startswith("The answer as published")
    assert "May be published" in " ".join(about.notes)
    titles = [name for name in about.column_names if name.startswith("theme_")]
    assert [about.column_names_to_labels[name] for name in titles] == [
        f"{theme['title']} [{theme['code']}]" for theme in whole["codebook"]
    ]
    for place, row in enumerate(whole["rows"]):
        named = [
            theme["code"] for name, theme in zip(titles, whole["codebook"], strict=True) if cells[name][place]
        ]
        assert sorted(named) == sorted(row["themes"])

    packed = made("csv", notes=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        inside = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert set(inside) == {
        "READ-ME.txt", "answers.csv", "data-dictionary.csv", "response-rates.csv", "codebook.csv"
    }  # fmt: skip
    assert inside["answers.csv"].encode("utf-8-sig") == made("csv")
    assert "How to cite" in inside["READ-ME.txt"]
    rates = list(csv.reader(io.StringIO(inside["response-rates.csv"], newline="")))
    assert [line[0] for line in rates[1:]] == ["october", "may", "all meetings"]
    assert [line[3] for line in rates[1:]] == [
        "" if entry["response_rate_percent"] is None else str(entry["response_rate_percent"])
        for entry in whole["participation"]
    ]

    rows = list(
        csv.reader(io.StringIO(made("csv", columns=("text", "meeting")).decode("utf-8-sig"), newline=""))
    )
    assert rows[0] == ["meeting", "text", "handling"]
    assert len(rows) == len(texts) + 1
    with pytest.raises(Invalid, match="no column “colour”"):
        made("csv", columns=("colour",))

    for code in DATA_FORMATS:
        for notes in (False, True):
            content = made(code, notes=notes)
            assert content == made(code, notes=notes), f"{code} is another file each time"
            for canary in (*CANARIES, "Participant 001"):
                assert canary.encode() not in unpacked(content), (code, canary)


def test_a_rate_is_told_only_of_released_figures() -> None:
    assert rate(84, 72) == (86, None, None)
    assert rate(8, 1) == (13, None, None)
    assert rate(3000, 10) == (0, 1, None)
    assert rate(None, 3) is rate(5, None) is rate(0, 0) is rate(3, 4) is None
