"""An installed wheel finds its templates, migrations and settings without the checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("consult", "templates", "migrations", "config", "pyproject.toml", "LICENSE", "README.md")
ASK = """
from consult.app import create_app
from consult.settings import folder, load
assert folder("templates").parent.name == "_bundled", folder("templates")
client = create_app(load()).test_client()
print(client.get("/readyz").status_code, client.get("/sign-in").status_code, client.get("/c/warsaw-2016").status_code)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, unpacked where no checkout is near."""
    source, built, installed = (tmp_path_factory.mktemp(name) for name in ("source", "built", "installed"))
    for name in SOURCES:
        path = ROOT / name
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, source / name)
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
    subprocess.run(words, cwd=source, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    return installed


def test_a_consultation_runs_from_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")},
        "PYTHONPATH": str(installed),
        "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path}/consult.db",
        "CONSULT_SECRET_KEY": "s" * 40,
        "CONSULT_LINK_KEY": "l" * 40,
    }
    definition = installed / "consult" / "_bundled" / "config" / "consultations" / "warsaw-2016.toml"
    for words in (["-m", "consult.cli", "init"], ["-m", "consult.cli", "load", str(definition)]):
        subprocess.run(
            [sys.executable, *words], env=environment, cwd=tmp_path, check=True, capture_output=True
        )
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert asked.stdout.split() == ["200", "200", "200"]


def test_the_wheel_leaves_locks_and_tooling_out(installed: Path) -> None:
    config = installed / "consult" / "_bundled" / "config"
    assert (config / "default.toml").is_file()
    assert (config / "deploy" / "consult.service").is_file()
    assert not (config / "locks").exists()
    assert not (config / "tooling").exists()
