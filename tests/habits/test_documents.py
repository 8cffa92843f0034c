"""What is written for readers is true: each path, command, target and address that a document names is there."""

import re
from pathlib import Path

import click

from consult.cli.commands import cli
from consult.web.transactions import TransactionalFlask

ROOT = Path(__file__).resolve().parent.parent.parent
README, TOUR = ROOT / "README.md", ROOT / "docs" / "tour.md"
DOCUMENTS = [README, *(ROOT / "docs").rglob("*.md")]
A_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w.-]+/")
ON_A_READERS_MACHINE = ("var/",)
WHILE_DEVELOPING = "/dev/mailbox"


def _marked(document: Path) -> list[str]:
    """What stands in code marks or between the brackets of a link."""
    text = document.read_text(encoding="utf-8")
    return [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"\]\(([^)#:]+)\)", text)]


def _paths(document: Path) -> list[str]:
    return [found.group() for marked in _marked(document) if (found := A_PATH.match(marked))]


def _is_there(path: str, document: Path) -> bool:
    """From the root, the package or the document. `0001` begins a name; `actions.submit` is defined in `actions`."""
    for place in (ROOT / path, ROOT / "consult" / path, document.parent / path):
        if place.exists() or (place.name.isdigit() and list(place.parent.glob(f"{place.name}[-_]*"))):
            return True
        module, name = place.with_suffix(""), place.suffix[1:]
        for file in (module.with_suffix(".py"), module / "__init__.py"):
            if name and file.is_file() and re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")):
                return True
    return False


def test_every_path_named_in_a_document_is_there() -> None:
    missing = [
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in _paths(document)
        if not _is_there(path, document) and not path.startswith(ON_A_READERS_MACHINE)
    ]
    assert missing == []


def test_the_tour_passes_through_every_room_and_no_other() -> None:
    drawn = set(re.findall(r"^      (\w+)(?:/|\.py) ", TOUR.read_text(encoding="utf-8"), re.MULTILINE))
    package = ROOT / "consult"
    assert drawn == {
        p.stem for p in package.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()
    } - {"__init__"}


def test_every_command_target_and_address_named_in_a_document_is_there(
    shared_app: TransactionalFlask,
) -> None:
    text = "\n".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    quoted = "\n".join(re.findall(r"`[^`\n]+`|^    .+$", text, re.MULTILINE))
    context = click.Context(cli)
    commands = set(re.findall(r"(?:^ +|`|bin/)consult ([a-z][a-z-]+)", quoted, re.MULTILINE))
    assert commands >= {"load", "verify"}
    assert commands - set(cli.list_commands(context)) == set()
    targets = set(re.findall(r"(?:^ +|`)make ([a-z]+)", quoted, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets - set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) == set()
    rules = [re.sub(r"<.*?>", "<>", str(rule)) for rule in shared_app.url_map.iter_rules()]
    addresses = {re.sub(r"<.*?>", "<>", marked).rstrip("…") for marked in _marked(README) if marked[0] == "/"}
    assert "/desk/<>/queue" in addresses
    assert {one for one in addresses if not any(rule.startswith(one) for rule in rules)} == {WHILE_DEVELOPING}
