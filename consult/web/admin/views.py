"""The state of the installation."""

from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult import __version__
from consult.core.errors import Said
from consult.operations.fitness.finding import Finding
from consult.operations.fitness.machine import machine
from consult.operations.fitness.stored import stored
from consult.operations.readiness import installation_state
from consult.web.errors import told
from consult.web.guards import administrators_only
from consult.web.installation import current_seal, current_settings
from consult.web.transactions import Session

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("/")
@administrators_only
def overview(session: Session) -> ResponseReturnValue:
    settings = current_settings()
    found = [*stored(session, Path(settings.exports_folder), current_seal()), *machine(settings, None)]
    return render_template(
        "admin/overview.html",
        state=installation_state(session),
        version=__version__,
        found=[(_words(one.what), one.grade.value, _sentences(one)) for one in found],
    )


def _sentences(one: Finding) -> str:
    return " ".join(_words(sentence) for sentence in (one.said, one.advice) if sentence)


def _words(sentence: str) -> str:
    return told(sentence) if isinstance(sentence, Said) else str(_(sentence))
