"""Whether the machine is well, for those who keep it running."""

from ipaddress import ip_address
from pathlib import Path

from flask import request

from consult.core.errors import NotFound
from consult.operations.metrics import exposition
from consult.operations.readiness import is_ready
from consult.web.guards import anyone
from consult.web.installation import current_settings
from consult.web.public.views import public
from consult.web.transactions import current_session

PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""Headers of a request that came through a proxy, so not from this machine."""
Plain = tuple[str | bytes, int, dict[str, str]]


@public.get("/healthz")
@anyone
def healthz() -> Plain:
    return "alive\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@public.get("/readyz")
@anyone
def readyz() -> Plain:
    ready = is_ready(current_session())
    words = "ready\n" if ready else "migrations pending, or no room on the disk\n"
    return words, 200 if ready else 503, {"Content-Type": "text/plain; charset=utf-8"}


@public.get("/metrics")
@anyone
def metrics() -> Plain:
    """Only for a collector on this machine; to anybody else there is no such page."""
    if not _asked_from_here():
        raise NotFound("There is no page here.")
    words = exposition(current_session(), Path(current_settings().exports_folder))
    return (
        words,
        200,
        {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"},
    )


def _asked_from_here() -> bool:
    try:
        here = ip_address(request.remote_addr or "").is_loopback
    except ValueError:  # a socket of this machine has no address; who connects to it is up to the proxy
        return False
    return here and not any(name in request.headers for name in PASSED_ON)
