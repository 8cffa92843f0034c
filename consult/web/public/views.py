"""The list of consultations."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

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
