"""`consult develop` and `consult serve`, run as the processes they are."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Start = Callable[..., subprocess.Popen[str]]
PATIENCE = 120


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command in an empty directory, with nothing of ours in the environment; end what is left of it."""
    started: list[subprocess.Popen[str]] = []
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}

    def begin(*words: str, **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "consult.cli", *words],
            cwd=tmp_path,
            env=bare | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path.cwd())} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def block(process: subprocess.Popen[str]) -> dict[str, str]:
    """What `develop` prints once it serves, line by line."""
    assert process.stdout is not None
    deadline, said = time.monotonic() + PATIENCE, {}
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        words = line.strip().rsplit(maxsplit=1)
        if line.startswith("    sign in"):
            said["email"] = line.split()[3]
        elif len(words) == 2:
            said[words[0].strip()] = words[1]
        if line.startswith("  Participant's link"):
            return said
    raise AssertionError(said)


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def end(process: subprocess.Popen[str], number: int, port: int) -> int:
    """The exit code; afterwards nothing answers any more."""
    os.kill(process.pid, number)
    process.communicate(timeout=60)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    return process.returncode


def test_from_nothing_to_served_and_again_with_the_data_kept(start: Start, port: int, tmp_path: Path) -> None:
    process = start("develop", "--port", str(port))
    said = block(process)
    base = f"http://127.0.0.1:{port}"
    assert said["Story page"] == f"{base}/c/warsaw-2016"
    for address in (said["Story page"], said["Participant's link"], f"{base}/readyz"):
        assert status(address) == 200
    assert said["email"] == "director-1@example.org"
    for private in ("local.toml", "demo-access.txt"):
        assert (tmp_path / "var" / private).stat().st_mode & 0o077 == 0
    assert end(process, signal.SIGINT, port) == 0

    again = start("develop", "--port", str(port))
    assert block(again) == said
    assert end(again, signal.SIGTERM, port) == 0

    third = start("develop", "--port", str(port))
    assert block(third) == said
    os.kill(worker_of(third), signal.SIGKILL)
    _, told = third.communicate(timeout=60)
    assert third.returncode == 1
    assert "Error: worker ended by itself." in told


def worker_of(process: subprocess.Popen[str]) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return next(int(child) for child in children if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes())


def test_a_port_that_is_taken_is_told_before_anything_is_made(
    start: Start, port: int, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        process = start("develop", "--port", str(port))
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert told.startswith(f"Error: Port {port} at 127.0.0.1 cannot be used: Address already in use.")
    assert f"PORT={port + 1}" in told
    assert list(tmp_path.iterdir()) == []


def test_commands_beside_it_find_its_settings(start: Start, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    keys = f'secret_key = "{"s" * 40}"\nlink_key = "{"l" * 40}"\n'
    (tmp_path / "var" / "local.toml").write_text(keys)
    process = start("init")
    said, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, "The database is up to date.\n"), told
    assert (tmp_path / "var" / "consult.db").exists()


SECRET = "y75hkjyobwtzc6zdkzntlxpftq"
UNREADABLE = (
    f"GET /i/{SECRET}",
    f"GET /i/{SECRET} HTTP/9.9",
    f"G({SECRET} / HTTP/1.1",
    f"GET / HTTP/1.1\r\n{SECRET} : x",
    f"GET http://[bad/i/{SECRET} HTTP/1.1",
    f"GET /{SECRET * 400} HTTP/1.1",
)


def answered(port: int, *lines: str) -> str:
    """What the server answers to a request written by hand."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall("\r\n".join([*lines, "Host: 127.0.0.1", "Connection: close", "", ""]).encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def test_serving_writes_no_address_trusts_no_path_and_ends_gracefully(start: Start, port: int) -> None:
    """A reader who names a path before every path would have it stand in pages that are kept for all."""
    keys = {"CONSULT_SECRET_KEY": "s" * 40, "CONSULT_LINK_KEY": "l" * 40}
    start("init", **keys).communicate(timeout=PATIENCE)
    process = start("serve", "--port", str(port), "--workers", "2", **keys)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            assert status(f"http://127.0.0.1:{port}/readyz") == 200
            break
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    assert not [line for line in UNREADABLE if " 400 " not in answered(port, line).replace(" 414 ", " 400 ")]
    path = "//elsewhere.example"
    poisoned = answered(port, f"GET {path}/sign-in HTTP/1.1", f"SCRIPT_NAME: {path}")
    assert (" 404 " in poisoned, path in poisoned) == (True, False)
    assert end(process, signal.SIGTERM, port) == 0
    told = process.communicate()[1]
    assert told.count("Invalid request") == len(UNREADABLE)
    assert not [line for line in told.splitlines() if "127.0.0.1:" in line or "ip=" in line or SECRET in line]
