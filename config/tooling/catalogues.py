"""Bring the French and Polish catalogues up to date with the source, compile them, and print what is not translated.

    config/tooling/catalogues            writes; exits 1 if a sentence is not translated
    config/tooling/catalogues --check    writes nothing; exits 1 also if the above would change a file

A catalogue holds no date, path, line number or obsolete entry, so it changes only when a sentence does. To translate,
write into the empty `msgstr` in consult/web/translations and run this again.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "consult" / "web" / "translations"
LANGUAGES = ("fr", "pl")
GETTEXT = frozenset({"_", "_l", "N_", "say", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"})
MARKS = GETTEXT | {"Said", "NotNow", "Undeliverable", "NoReason"}
"""Functions whose first argument is a sentence. What raises a domain error marks its sentence too."""
TABLES = frozenset({"Withheld"})
"""Enums whose values are sentences."""
LASTING = frozenset({"Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"})
"""Header lines that are the same whoever runs this, and when."""

Sentence = str | tuple[str, str]
"""As the catalogues key it: one sentence, or its singular and plural."""


class PlainCatalog(Catalog):
    """A catalogue whose header does not change from day to day."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Name and value of each header line; the last ends the header with a line break."""
        kept = [(name, value) for name, value in self._get_mime_headers() if name in LASTING]
        return [*kept[:-1], (kept[-1][0], f"{kept[-1][1]}\n")]


def sentences() -> list[Sentence]:
    """Every sentence of the program, sorted."""
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "consult").rglob("*.py"))]
    marks = MARKS | error_names(trees)
    found = {sentence for tree in trees for sentence in sentences_in(tree, marks)}
    for path in (ROOT / "templates").rglob("*.*"):
        with path.open("rb") as template:
            for _line, function, message, _comments in babel_extract(
                template, sorted(MARKS), [], {"silent": "false"}
            ):
                first, *rest = message if isinstance(message, tuple) else (message,)
                found.add((first, rest[0]) if function == "ngettext" else first or "")
    plurals = {sentence[0]: sentence for sentence in found if isinstance(sentence, tuple)}
    found -= plurals.keys()
    return sorted(found - {""}, key=lambda sentence: sentence if isinstance(sentence, str) else sentence[0])


def error_names(trees: list[ast.Module]) -> frozenset[str]:
    """DomainError and every class that inherits from it, however far."""
    bases = {
        node.name: {last_name(base) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    names = {"DomainError"}
    while more := {name for name, parents in bases.items() if parents & names} - names:
        names |= more
    return frozenset(names)


def sentences_in(tree: ast.Module, marks: frozenset[str]) -> Iterator[Sentence]:
    """What a module marks, written in place or as one of the module's own constants."""
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and (name := last_name(node.func)) in marks:
            first = [*texts(node.args[0], constants)]
            if not first:  # passes on a sentence that is marked elsewhere
                continue
            if name.endswith("ngettext"):
                yield first[0], next(texts(node.args[1], constants))
            else:
                yield from first
        elif isinstance(node, ast.ClassDef) and node.name in TABLES:
            for line in node.body:
                if isinstance(line, ast.Assign):
                    yield from texts(line.value, constants)


def texts(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The text of an expression, or each of those it chooses between."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, constants)
        yield from texts(node.orelse, constants)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from texts(constants[node.id], {})


def last_name(node: ast.expr) -> str:
    """`errors.NotFound` and `NotFound` are both "NotFound"."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def catalogue_path(language: str) -> Path:
    """Where a language's sentences are written; the compiled file lies beside it."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def updated(language: str, wanted: list[Sentence]) -> Catalog:
    """The wanted sentences, each with its translation where the present catalogue has one."""
    path, known = catalogue_path(language), Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    language_name = Locale(language).get_display_name("en")
    fresh = PlainCatalog(
        locale=language, header_comment=f"# The sentences of Consult in {language_name}.", fuzzy=False
    )
    for sentence in wanted:
        standing = known.get(sentence[0] if isinstance(sentence, tuple) else sentence)
        usable = standing is not None and isinstance(standing.string, str) == isinstance(sentence, str)
        fresh.add(sentence, standing.string if standing and usable and any(standing.string) else None)
    return fresh


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences without words, or without those for some plural."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not all([message.string] if isinstance(message.id, str) else message.string or [""])
    ]


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as the translators' file and as the compiled one."""
    readable, compiled = io.BytesIO(), io.BytesIO()
    write_po(readable, catalogue, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    write_mo(compiled, catalogue)
    return readable.getvalue(), compiled.getvalue()


def main() -> int:
    """Update every language. Returns the exit code."""
    check, wrong, wanted = "--check" in sys.argv[1:], False, sentences()
    for language in LANGUAGES:
        path, catalogue = catalogue_path(language), updated(language, wanted)
        for place, content in zip((path, path.with_suffix(".mo")), written(catalogue), strict=True):
            if place.exists() and place.read_bytes() == content:
                continue
            print(f"{'out of date' if check else 'written'}: {place.relative_to(ROOT)}")
            wrong |= check
            if not check:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        missing = untranslated(catalogue)
        wrong |= bool(missing)
        print(f"{language}: {len(wanted)} sentences, {len(missing)} not translated")
        for sentence in missing:
            print(f"  {sentence}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
