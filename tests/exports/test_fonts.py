"""The fonts that travel with a PDF are those the manifest names, and draw what they are said to draw."""

import hashlib
import struct
import tomllib
from pathlib import Path

from consult.exports.editions import fonts

ENTRIES = tomllib.loads((fonts.FOLDER / "MANIFEST.toml").read_text("utf-8"))["file"]


def test_every_font_has_the_checksum_and_licence_the_manifest_names() -> None:
    assert {entry["file"] for entry in ENTRIES} == {path.name for path in fonts.FOLDER.glob("*.ttf")}
    for entry in ENTRIES:
        content = (fonts.FOLDER / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
        assert entry["changed"] or entry["sha256"] == entry["source_sha256"]
        assert "SIL OPEN FONT LICENSE" in (fonts.FOLDER / entry["licence_file"]).read_text("utf-8").upper()


def test_the_coverage_is_that_of_the_regular_fonts() -> None:
    drawn = set().union(*(characters(path) for path in fonts.FOLDER.glob("*-Regular.ttf")))
    assert len(drawn) > 2_500
    assert all(fonts.has(chr(point)) for point in drawn)
    assert not [point for point in range(0x30000) if point not in drawn and fonts.has(chr(point))]


def characters(path: Path) -> set[int]:
    """The code points in the widest Unicode table of a TrueType file."""
    data = path.read_bytes()
    tables = {
        data[12 + 16 * i : 16 + 16 * i]: struct.unpack(">2I", data[20 + 16 * i : 28 + 16 * i])
        for i in range(struct.unpack(">H", data[4:6])[0])
    }
    start = tables[b"cmap"][0]
    offsets = [
        start + struct.unpack(">I", data[start + 8 + 8 * i : start + 12 + 8 * i])[0]
        for i in range(struct.unpack(">H", data[start + 2 : start + 4])[0])
    ]
    points: set[int] = set()
    for at in offsets:
        form = struct.unpack(">H", data[at : at + 2])[0]
        if form == 12:
            groups = struct.unpack(">I", data[at + 12 : at + 16])[0]
            for group in range(groups):
                first, last, _glyph = struct.unpack(">3I", data[at + 16 + 12 * group : at + 28 + 12 * group])
                points |= set(range(first, last + 1))
        elif form == 4:
            points |= _of_format_4(data, at)
    return points


def _of_format_4(data: bytes, at: int) -> set[int]:
    half = struct.unpack(">H", data[at + 6 : at + 8])[0]
    count = half // 2
    read = lambda place: struct.unpack(f">{count}H", data[place : place + half])  # noqa: E731
    ends, starts = read(at + 14), read(at + 16 + half)
    deltas, places = read(at + 16 + 2 * half), read(at + 16 + 3 * half)
    points = set()
    for i in range(count):
        for point in range(starts[i], min(ends[i], 0xFFFE) + 1):
            glyph = point
            if places[i]:
                where = at + 16 + 3 * half + 2 * i + places[i] + 2 * (point - starts[i])
                glyph = struct.unpack(">H", data[where : where + 2])[0]
                if not glyph:
                    continue
            if (glyph + deltas[i]) & 0xFFFF:
                points.add(point)
    return points
