"""`develop`: the whole thing on this machine, from nothing, with the demonstration in it."""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

import click

from consult.cli.access import write_private
from consult.cli.installation import LOCAL, Installation
from consult.cli.preparing import describe, make_demonstration
from consult.cli.serving import check_free
from consult.core.database import migrate
from consult.core.errors import Refused

START_SECONDS = 60
STOP_SECONDS = 15
HOST = "127.0.0.1"


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to serve on."
)
def develop(port: int) -> None:
    """Serve the Warsaw demonstration on this machine: `make run`.

    Makes var/ with settings, keys and a database on the first run and keeps them; the later ones start in seconds.
    Runs the web server and the worker until Ctrl-C.
    """
    check_free(HOST, port)
    _prepare_settings(port)
    installation = Installation()
    try:
        migrate(installation.settings.database_url)
        lines = describe(installation, make_demonstration(installation))
    finally:
        installation.close()
    with _Processes() as processes:
        try:
            _serve(processes, port, lines)
        except KeyboardInterrupt:
            click.echo("\nStopping.")


def _serve(processes: "_Processes", port: int, lines: list[str]) -> None:
    processes.start("serve", "--host", HOST, "--port", str(port))
    processes.start("worker")
    processes.wait_until_answering(f"http://{HOST}:{port}/readyz")
    words = ["", "Consult is running. Ctrl-C stops it; the data stays in var/.", ""]
    click.echo("\n".join([*words, *(f"  {line}" for line in lines), ""]))
    processes.wait()


def _prepare_settings(port: int) -> None:
    """Settings of this working directory, made once; variables that are set already go first."""
    if not LOCAL.exists():
        write_private(
            LOCAL,
            "# Made by `consult develop` for this machine alone. Never use these keys elsewhere.\n"
            f'secret_key = "{secrets.token_urlsafe(48)}"\n'
            f'link_key = "{secrets.token_urlsafe(48)}"\n'
            "development = true\n",
        )
    os.environ.setdefault("CONSULT_CONFIG", str(LOCAL.resolve()))
    os.environ.setdefault("CONSULT_BASE_URL", f"http://{HOST}:{port}")


class _Processes:
    """The server and the worker as children. When one ends, or this process is told to, both end."""

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "_Processes":
        # SIGINT too: who starts this from a script in the background hands down that it be ignored.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C does not leave children behind
        for child in self._children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def start(self, *command: str) -> None:
        """Start one `consult` command, in the same process group, so that what ends the group ends all of it."""
        words = [sys.executable, "-m", "consult.cli", *command]
        self._children.append(subprocess.Popen(words, stdin=subprocess.DEVNULL))  # noqa: S603 - our own words

    def wait_until_answering(self, address: str) -> None:
        """Raises Refused when a child ends, or nothing answers in time."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._check_alive()
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise Refused("The server did not answer within %(seconds)s seconds.", seconds=START_SECONDS)

    def wait(self) -> None:
        """Until this process is told to stop, which is the ordinary end; a child that ends by itself raises Refused."""
        while True:
            self._check_alive()
            time.sleep(0.5)

    def _check_alive(self) -> None:
        for child in self._children:
            if child.poll() is not None:
                raise Refused("%(command)s ended by itself. Its lines above say why.", command=child.args[3])  # type: ignore[index]


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
