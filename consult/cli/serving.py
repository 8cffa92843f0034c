"""`serve` and `worker`: the two processes of an installation."""

import logging
import os
import socket
import sys
from typing import Any

import click

from consult.app import create_app
from consult.cli.installation import Installation, pass_installation
from consult.core.errors import Refused
from consult.core.logs import configure
from consult.jobs.note_alive import note_alive
from consult.settings import Settings

GRACE_SECONDS = 30
TURN_SECONDS = 0.0005
"""After so long a thread that computes lets another go on. With Python's own 5 ms a download, which always computes,
held up each of a request's twenty looks into the database by as much: docs/decisions/0004."""
WORKER_THREADS = 2
WORKER_NICENESS = 5
"""On a machine of one or two processors a long export gives way to those who are answering."""

log = logging.getLogger("consult.cli")


@click.command()
@click.option("--host", help="Address to listen on.  [default: the setting host]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: the setting port]")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes to answer with.  [default: the setting workers]"
)
@pass_installation
def serve(installation: Installation, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the web pages until stopped; on SIGTERM requests under way are finished first.

    Refuses to start while the database lacks a migration. Put a proxy that speaks HTTPS in front of it.
    """
    settings = installation.settings
    installation.require_current()
    host, port = host or settings.host, port or settings.port
    check_free(host, port)
    installation.close()  # each process opens its own connections
    _log_quietly()
    log.info("serving on %s port %s", host, port)
    sys.setswitchinterval(TURN_SECONDS)
    _run_gunicorn(settings, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", workers)


@click.command()
@pass_installation
def worker(installation: Installation) -> None:
    """Do what pages promise: render editions, send mail. Runs until stopped; work under way is finished first."""
    installation.require_current()
    _log_quietly()
    if sys.platform != "win32":
        os.nice(WORKER_NICENESS)
    consumer = installation.queue.huey.create_consumer(
        workers=WORKER_THREADS,
        periodic=True,
        max_delay=1.0,
        check_worker_health=True,
        shutdown_timeout=GRACE_SECONDS,
        graceful_signal="TERM",
    )
    note_alive(installation.settings)
    log.info("working")
    consumer.run()


def _log_quietly() -> None:
    """JSON lines of our own; of libraries only what went wrong."""
    configure()
    for library in ("alembic", "huey"):
        logging.getLogger(library).setLevel(logging.WARNING)


def check_free(host: str, port: int) -> None:
    """Raises Refused while something else listens at that address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                "Port %(port)s at %(host)s cannot be used: %(why)s. Choose another, e.g. PORT=%(other)s with make, "
                "or --port %(other)s.",
                port=port,
                host=host,
                why=error.strerror,
                other=port + 1 if port < 65535 else port - 1,
            ) from error


def _run_gunicorn(settings: Settings, bind: str, workers: int | None) -> None:
    if sys.platform == "win32":
        raise Refused("gunicorn does not run on Windows. Serve from Linux or macOS.")
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - cannot be imported on Windows

    from consult.cli.server_log import ServerLog  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn with our settings and without an access log, which would hold addresses and secret paths."""

        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": bind,
                "worker_class": "gthread",
                "workers": workers or settings.workers,
                "threads": settings.threads,
                "graceful_timeout": GRACE_SECONDS,
                "timeout": 60,
                "keepalive": 5,
                "accesslog": None,
                "errorlog": "-",
                "loglevel": "warning",
                "logger_class": ServerLog,
                "forwarder_headers": "",  # a reader's own SCRIPT_NAME would stand in pages kept for all
                "control_socket_disable": True,
                "proc_name": "consult",
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return create_app(settings)

    Server().run()
