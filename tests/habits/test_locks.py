"""Lock files hold names, versions and hashes: never where a package came from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "config" / "locks"
RECORDS_ADDRESSES = (
    "uv.lock",
    "pylock*.toml",
    "package-lock.json",
    "poetry.lock",
    "Pipfile.lock",
    "yarn.lock",
)
NOT_OURS = {".git", ".venv", "node_modules"}
PINNED = re.compile(r"^[a-z0-9][a-z0-9.\-]*(\[[a-z0-9,\-]+\])?==[\w.+!]+( ; .+)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def requirements(path: Path) -> list[list[str]]:
    """Each requirement of a lock file as its logical line's parts: the pin, then its hashes."""
    joined = path.read_text(encoding="utf-8").replace("\\\n", "\n ")
    found: list[list[str]] = []
    for line in joined.splitlines():
        if line.startswith(" "):
            found[-1].append(line.strip())
        elif line.strip() and not line.startswith("#"):
            found.append([line.strip()])
    return found


def pins(name: str) -> set[str]:
    return {requirement[0] for requirement in requirements(LOCKS / name)}


def test_there_is_a_lock_for_each_command() -> None:
    assert {path.name for path in LOCKS.iterdir()} == {"run.txt", "test.txt", "check.txt"}


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "check.txt"])
def test_a_lock_names_no_address(name: str) -> None:
    text = (LOCKS / name).read_text(encoding="utf-8")
    assert "://" not in text
    options = r"^\s*(-i|-f|-e|--index-url|--extra-index-url|--find-links|--trusted-host)\b"
    assert not re.search(options, text, re.MULTILINE)
    assert " @ " not in text


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "check.txt"])
def test_every_requirement_of_a_lock_is_pinned_and_hashed(name: str) -> None:
    found = requirements(LOCKS / name)
    assert found
    for pin, *hashes in found:
        assert PINNED.match(pin), f"not pinned to one version: {pin}"
        assert hashes, f"no hash: {pin}"
        assert all(HASH.match(part) for part in hashes), f"not a sha256 hash: {pin}"


@pytest.mark.parametrize("name", ["test.txt", "check.txt"])
def test_tests_and_checks_use_the_versions_that_run(name: str) -> None:
    assert pins("run.txt") <= pins(name)


@pytest.mark.parametrize("pattern", RECORDS_ADDRESSES)
def test_no_lock_file_that_records_addresses_is_kept(pattern: str) -> None:
    kept = [path for path in ROOT.rglob(pattern) if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    assert kept == []
