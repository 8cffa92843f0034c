"""The house stays small-roomed and in use."""

import re
from collections import Counter
from pathlib import Path

from consult.consultations.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 400
SPELLED_ALIKE = re.compile(r"\b(TODO|FIXME|XXX)\b|\banonym", re.IGNORECASE)
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}


def _sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_no_file_is_over_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _sources("consult", "tests")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_files_are_named_by_what_they_hold() -> None:
    assert [path for path in _sources("consult") if path.stem in EMPTY_WORDS] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _sources("consult")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_only_the_three_named_places_commit() -> None:
    """The request's end, and the transaction of commands, jobs and the throttle in core."""
    commits = {
        str(path.relative_to(ROOT / "consult"))
        for path in _sources("consult")
        if re.search(r"\.commit\(\)", path.read_text(encoding="utf-8"))
    }
    assert commits == {"core/database.py", "web/transactions.py"}


def test_every_function_class_and_constant_is_used_by_the_product() -> None:
    """What only a test calls is no part of it. A decorator uses what stands under it; handing on is no use."""
    sources = {path: path.read_text(encoding="utf-8") for path in _sources("consult", "migrations")}
    handed_on = re.compile(r'^from .+ import (?:\([^)]*\)|.+)|^ +"\w+",$', re.MULTILINE)
    used = [handed_on.sub("", text) if path.name == "__init__.py" else text for path, text in sources.items()]
    pages = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    named = Counter(re.findall(r"\w+", "\n".join([*used, *pages])))
    defined = re.compile(r"^(?![@)]).*\n(?:(?:def|class) (\w+)|([A-Z]\w+)(?=:| =))", re.MULTILINE)
    idle = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, text in sources.items()
        if path.is_relative_to(ROOT / "consult")
        for name in map("".join, defined.findall(text))
        if named[name] < 2
    ]
    assert idle == []


def test_every_template_and_macro_is_used() -> None:
    templates = {path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html")}
    everything = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*_sources("consult"), *(ROOT / "templates" / name for name in templates)]
    )
    of_kinds = {kind.template for kind in KINDS.values()}
    unused = [
        str(name)
        for name in templates
        if f'"{name.as_posix()}"' not in everything and name.as_posix() not in of_kinds
    ]
    assert unused == []
    macros = {
        macro
        for name in templates
        for macro in re.findall(
            r"{%-?\s*macro\s+(\w+)", (ROOT / "templates" / name).read_text(encoding="utf-8")
        )
    }
    named = Counter(re.findall(r"\w+", everything))
    uncalled = [macro for macro in macros if named[macro] < 2]
    assert uncalled == []


def test_every_class_of_the_styles_is_on_some_page() -> None:
    """In a template or a script, whole or up to what is filled in there: `bars__fill-{{ number }}`."""
    styles = "".join(
        re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for path in (ROOT / "consult" / "web" / "static" / "css").glob("*.css")
    )
    scripts = (ROOT / "consult" / "web" / "static" / "js").glob("*.js")
    written = [*(ROOT / "templates").rglob("*.html"), *_sources("consult"), *scripts]
    pages = "\n".join(path.read_text(encoding="utf-8") for path in written)
    named, begun = set(re.findall(r"[\w-]+", pages)), tuple(re.findall(r"([\w-]+-)\{", pages))
    theirs = ("govuk-", "htmx-")
    idle = {
        name for name in re.findall(r"\.([A-Za-z][\w-]*)", styles) if not name.startswith((*theirs, *begun))
    }
    assert idle - named == set()


def test_templates_ask_nothing_of_the_browser_that_the_policy_forbids() -> None:
    """Of pages. A report's own file and a message are read elsewhere, and carry their styles with them."""
    inline = re.compile(
        r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son(?:abort|blur|change|click|error|focus|input|key\w+|load|mouse\w+|pointer\w+|submit)=|hx-on|\|\s*safe\b",
        re.IGNORECASE,
    )
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in (ROOT / "templates").rglob("*.html")
        if path.parent.name not in {"report", "email"}
        and (match := inline.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_nobody_is_promised_anonymity_and_nothing_is_left_over() -> None:
    """The product never says "anonymous", because it could not keep the word in every mode."""
    spoken = [
        path
        for folder in ("consult", "templates", "config/consultations")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".toml"} and "vendor" not in path.parts
    ]
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in spoken
        if (match := SPELLED_ALIKE.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}
