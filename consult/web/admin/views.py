"""The state of the installation."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult import __version__
from consult.operations.readiness import installation_state
from consult.web.guards import administrators_only
from consult.web.transactions import Session

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("/")
@administrators_only
def overview(session: Session) -> ResponseReturnValue:
    return render_template("admin/overview.html", state=installation_state(session), version=__version__)
