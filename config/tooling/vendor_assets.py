"""Copy third-party front-end files from an unpacked package folder into consult/web/static/vendor.

    python config/tooling/vendor_assets.py PACKAGE_FOLDER [PACKAGE_FOLDER …]

Each folder holds the package.json its publisher wrote. What may not be used outside gov.uk (its typeface,
crown, crest, logos and icons) is taken out on the way; MANIFEST.toml says what was taken out and the checksum
of what is left. Needs fonttools and brotli, which nothing else here does.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fontTools import subset, ttLib  # type: ignore[import-not-found]

VENDOR = Path(__file__).resolve().parents[2] / "consult" / "web" / "static" / "vendor"

Cleaner = Callable[[bytes], tuple[bytes, list[str]]]


@dataclass(frozen=True)
class Package:
    """What is taken from one package, what is done to files by their ending, and where its licence text is."""

    files: tuple[str, ...]
    licence: str
    licence_source: str | None
    cleaners: dict[str, Cleaner] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One vendored file as the manifest records it."""

    name: str
    version: str
    file: str
    sha256: str
    licence: str
    licence_file: str
    source: str
    source_sha256: str
    removed: tuple[str, ...]


def clean_stylesheet(content: bytes) -> tuple[bytes, list[str]]:
    """Without @font-face, without rules for crown, crest and logos; every face named through --face-sans."""
    css = content.decode("utf-8")
    removed: list[str] = []

    def drop(pattern: str, label: str, text: str) -> str:
        text, count = re.subn(pattern, "", text, flags=re.IGNORECASE)
        if count:
            removed.append(f"{label} ({count})")
        return text

    css = drop(r"/\*![^*]*Margaret Calvert[^*]*\*/", "notice of the gov.uk typeface", css)
    css = drop(r"@font-face\{[^}]*\}", "@font-face rules", css)
    css = drop(r"[^{}]*(?:crown|crest|govuk-logo)[^{}]*\{[^{}]*\}", "rules for a crown, crest or logo", css)
    css = drop(r"[^{};]*(?:mask|background)-image:url\([^)]*crest[^)]*\);?", "crest images", css)
    css = drop(r"/\*# sourceMappingURL=[^*]*\*/", "source map reference", css)
    css, faces = re.subn(r"GDS Transport(,arial,sans-serif)?", "var(--face-sans,sans-serif)", css)
    removed.append(f"names of the gov.uk typeface ({faces})")
    if re.search(r"url\(/assets|GDS Transport|crest|crown", css, flags=re.IGNORECASE):
        raise SystemExit("The stylesheet still names gov.uk type or images; adapt clean_stylesheet.")
    return css.strip().encode("utf-8") + b"\n", removed


def clean_script(content: bytes) -> tuple[bytes, list[str]]:
    """Without the reference to a source map that is not served."""
    script, count = re.subn(r"//# sourceMappingURL=\S*", "", content.decode("utf-8"))
    return script.strip().encode("utf-8") + b"\n", ["source map reference"] if count else []


def subset_font(ranges: str) -> Cleaner:
    """Keeps these characters of a font, e.g. "0100-0130 0218", and takes the reserved name "Source" out of it."""

    def cut(content: bytes) -> tuple[bytes, list[str]]:
        font = ttLib.TTFont(io.BytesIO(content), recalcTimestamp=False)
        subsetter = subset.Subsetter(subset.Options(layout_features=["*"]))
        subsetter.populate(unicodes=subset.parse_unicodes(ranges))
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID in {1, 3, 4, 6, 16, 25}:
                record.string = str(record).replace("Source", "Consult")
        font.flavor = "woff2"
        output = io.BytesIO()
        font.save(output)
        return output.getvalue(), [f"characters other than {ranges}", "the name Source"]

    return cut


EUROPEAN = {"-latin-ext-wght-normal.woff2": subset_font("0100-0130 0132-0151 0154-017F 0218-021B")}
ARABIC = {".woff2": subset_font("0600-06FF 200C-200F")}


def _fonts(name: str, *subsets: str) -> tuple[str, ...]:
    return tuple(f"files/{name}-{subset}-wght-normal.woff2" for subset in subsets)


PACKAGES: dict[str, Package] = {
    "govuk-frontend": Package(
        files=("dist/govuk/govuk-frontend.min.css", "dist/govuk/govuk-frontend.min.js"),
        licence="MIT",
        licence_source=None,
        cleaners={".css": clean_stylesheet, ".js": clean_script},
    ),
    "htmx.org": Package(("dist/htmx.min.js",), "0BSD", "LICENSE", {".js": clean_script}),
    "@fontsource-variable/source-serif-4": Package(
        _fonts("source-serif-4", "latin", "latin-ext", "cyrillic"),
        "OFL-1.1",
        "LICENSE",
        EUROPEAN,
    ),
    "@fontsource-variable/source-sans-3": Package(
        _fonts("source-sans-3", "latin", "latin-ext", "cyrillic"),
        "OFL-1.1",
        "LICENSE",
        EUROPEAN,
    ),
    "@fontsource-variable/noto-naskh-arabic": Package(
        _fonts("noto-naskh-arabic", "arabic"), "OFL-1.1", "LICENSE", ARABIC
    ),
}


def _short(package: str) -> str:
    return package.rpartition("/")[2].removesuffix(".org")


def vendor(folder: Path) -> list[Entry]:
    """Copy one package; the licence text of a package that carries none is kept by hand."""
    described = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    package, version = PACKAGES[described["name"]], str(described["version"])
    name = _short(described["name"])
    target = VENDOR / f"{name}-{version}"
    target.mkdir(parents=True, exist_ok=True)
    licence_file = target / "LICENCE.txt"
    if package.licence_source:
        shutil.copyfile(folder / package.licence_source, licence_file)
    elif not licence_file.exists():
        raise SystemExit(f"{name} carries no licence text; write {licence_file} by hand first.")
    entries = []
    for source in package.files:
        original = (folder / source).read_bytes()
        content, removed = original, list[str]()
        for ending, clean in package.cleaners.items():
            if source.endswith(ending):
                content, removed = clean(original)
        (target / Path(source).name).write_bytes(content)
        entries.append(
            Entry(
                name=name,
                version=version,
                file=f"{target.name}/{Path(source).name}",
                sha256=hashlib.sha256(content).hexdigest(),
                licence=package.licence,
                licence_file=f"{target.name}/{licence_file.name}",
                source=source,
                source_sha256=hashlib.sha256(original).hexdigest(),
                removed=tuple(removed),
            )
        )
    return entries


def manifest(entries: list[Entry]) -> str:
    """The manifest's text: one [[file]] per vendored file, in a stable order."""
    lines = ["# Written by config/tooling/vendor_assets.py; tests/habits/test_vendored.py compares it."]
    for entry in sorted(entries, key=lambda entry: entry.file):
        lines += ["", "[[file]]"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in vars(entry).items() if key != "removed"]
        lines += [f"removed = {json.dumps(list(entry.removed))}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path, help="unpacked folders, all in one run")
    folders: list[Path] = parser.parse_args().folders
    entries = [entry for folder in folders for entry in vendor(folder)]
    missing = {_short(package) for package in PACKAGES} - {entry.name for entry in entries}
    if missing:
        raise SystemExit(f"Give every package at once; missing: {', '.join(sorted(missing))}")
    (VENDOR / "MANIFEST.toml").write_text(manifest(entries), encoding="utf-8")
    for entry in entries:
        sys.stdout.write(f"{entry.file}: removed {', '.join(entry.removed) or 'nothing'}\n")


if __name__ == "__main__":
    main()
