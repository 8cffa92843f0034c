"""Servers as child processes, each ended by its own process id."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], environment: dict[str, str], ready: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command until the end of the block; entered once `ready` answers, whatever its status."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])
    child = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if not os.environ.get("BENCH_VERBOSE") else None,
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(ready, timeout=2).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if child.poll() is not None:
                    raise RuntimeError(f"{command[:3]} ended with {child.returncode}") from None
                time.sleep(0.05)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def processor(pid: int) -> float:
    """Seconds of the processor that a server has used: its own process and the workers under it."""
    server = psutil.Process(pid)
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def ours(port: int) -> list[str]:
    return [sys.executable, "-m", "consult.cli", "serve", "--port", str(port)]


def worker() -> list[str]:
    return [sys.executable, "-m", "consult.cli", "worker"]


def gunicorn(app: str, port: int, threads: int = 8) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", app, "-k", "gthread", "-w", "1", "--threads", str(threads),
        "-b", f"127.0.0.1:{port}", "--log-level", "warning", "--keep-alive", "5", "--no-control-socket",
    ]  # fmt: skip


def granian(app: str, port: int, threads: int = 8) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--workers", "1",
        "--blocking-threads", str(threads), "--port", str(port), "--no-ws", app,
    ]  # fmt: skip
