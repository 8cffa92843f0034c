"""The list of consultations, and whether the machine is well."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from consult.operations.readiness import is_ready
from consult.reports.queries import Listed, listed
from consult.web.guards import anyone
from consult.web.public.showing import moment, show
from consult.web.transactions import current_session

public = Blueprint("public", __name__)


@public.get("/")
@anyone
def consultations() -> Response:
    entries = [_entry(found) for found in listed(current_session())]
    return show("public/consultations.html", entries=entries)


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


def _entry(found: Listed) -> dict[str, object]:
    state = moment(found.consultation, found.rules, found.meetings)
    return {
        "consultation": found.consultation,
        "meetings": found.meetings,
        "state": state.words,
        "open": state.is_open,
        "published": _("Report published") if found.published else "",
        "url": url_for("public.story", slug=found.consultation.slug),
    }
