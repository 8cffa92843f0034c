"""Vendored files are what the manifest says, carry their licences, and hold nothing licensed for gov.uk only."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "consult" / "web" / "static" / "vendor"
ENTRIES = tomllib.loads((VENDOR / "MANIFEST.toml").read_text(encoding="utf-8"))["file"]
RESERVED = re.compile(r"GDS[ -]?Transport|Tudor|crown|crest|Margaret Calvert|@font-face", re.IGNORECASE)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_a_vendored_file_has_the_checksum_and_licence_the_manifest_names(entry: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["licence"]
    assert (VENDOR / entry["licence_file"]).read_text(encoding="utf-8").strip()


def test_no_vendored_file_is_missing_from_the_manifest() -> None:
    listed = {entry["file"] for entry in ENTRIES} | {entry["licence_file"] for entry in ENTRIES}
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found - {"MANIFEST.toml", "README.md"} == listed


def test_nothing_reserved_for_gov_uk_is_served() -> None:
    served = [path for path in VENDOR.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    assert [str(path) for path in served if RESERVED.search(path.read_text(encoding="utf-8"))] == []
    assert [str(path) for path in VENDOR.rglob("*") if path.suffix in {".ico", ".png", ".woff"}] == []


def test_an_english_page_loads_two_fonts_under_110_kilobytes() -> None:
    latin = list(VENDOR.rglob("*-latin-wght-normal.woff2"))
    assert len(latin) == 2
    assert sum(path.stat().st_size for path in latin) < 110_000
