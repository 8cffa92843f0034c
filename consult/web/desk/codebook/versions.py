"""One version of the codebook beside another: what was added, merged, split, retired and said in other words."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult.analysis.codebook.comparing import changes
from consult.analysis.codebook.queries import KeptVersion, newest_number, version_numbered
from consult.core.errors import NotFound
from consult.permissions import Permission
from consult.web.desk.codebook.words import ACTS, FIELD_TITLES
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.guards import Scope, requires

LARGEST_NUMBER = 2_000_000_000


@desk.get("/<slug>/codebook/versions/<int:version>")
@requires(Permission.CODE)
def codebook_version(scope: Scope, version: int) -> ResponseReturnValue:
    """What that version changed, compared with the one before or with the one that the address names."""
    later = _numbered(scope, version)
    wanted = request.args.get("from", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else version - 1
    earlier = _numbered(scope, number) if 0 < number < version else None
    titles = {theme["code"]: theme["title"] for theme in later.version.themes}
    return render_template(
        "desk/codebook/version.html",
        **framed(scope, "codebook"),
        later=later,
        earlier=earlier,
        act=ACTS[later.version.act],
        newest=newest_number(scope.session, scope.consultation),
        changed=changes(earlier.version.themes if earlier else [], later.version.themes),
        titles=titles,
        field_titles=FIELD_TITLES,
    )


def _numbered(scope: Scope, number: int) -> KeptVersion:
    found = version_numbered(scope.session, scope.consultation, number) if number <= LARGEST_NUMBER else None
    if found is None:
        raise NotFound("The codebook has no version with this number.")
    return found
