"""The list of consultations, the story page, the report, and whether the machine is well."""

from flask import Blueprint

from consult.operations.readiness import is_ready
from consult.web.guards import anyone
from consult.web.transactions import current_session

public = Blueprint("public", __name__)


@public.get("/healthz")
@anyone
def healthz() -> tuple[str, int, dict[str, str]]:
    return "alive\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@public.get("/readyz")
@anyone
def readyz() -> tuple[str, int, dict[str, str]]:
    ready = is_ready(current_session())
    return (
        ("ready\n" if ready else "migrations pending\n"),
        200 if ready else 503,
        {"Content-Type": "text/plain"},
    )
