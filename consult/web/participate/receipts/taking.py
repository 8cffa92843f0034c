"""What a participant takes away: the receipt as a file and as a picture to scan, and everything that is held.

A receipt code travels in the body of a request or in the cookie, never in an address.
"""

import segno
from flask import Response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from consult.core.errors import NotFound
from consult.operations.receipts import StoredResponse, UnusedCode
from consult.operations.subject_access import held_about
from consult.web.guards import Invited, anyone, invited
from consult.web.installation import current_seal, site_address
from consult.web.participate.form.forms import CodeForm, OpenForm
from consult.web.participate.receipts.own import RECEIPT, opens_all
from consult.web.participate.receipts.page import looked_up
from consult.web.participate.receipts.standing import shown_answers
from consult.web.participate.views import participate, report_address


@participate.get("/respond/receipt/code.svg")
@invited
def receipt_picture(guest: Invited) -> ResponseReturnValue:  # noqa: ARG001
    """The code that the cookie keeps, for a phone to scan from a screen or from paper."""
    code = session.get(RECEIPT, "")
    if not code:
        raise NotFound("There is no such page.")
    picture = segno.make(code, error="m").svg_inline(scale=4, border=4, light="white", omitsize=True)
    return Response(
        picture.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1), mimetype="image/svg+xml"
    )


@participate.post("/receipt/file")
@anyone
def receipt_file() -> ResponseReturnValue:
    """The receipt to keep: plain text that opens anywhere."""
    form = CodeForm()
    found = looked_up(form)
    if not isinstance(found, (StoredResponse, UnusedCode)):
        return found
    stored = found if isinstance(found, StoredResponse) else None
    text = render_template(
        "participate/receipt.txt",
        found=found,
        code=form.code.data or "",
        shown=shown_answers(stored) if stored else [],
        may_change=stored.may_change if stored else True,
        address=site_address() + url_for("participate.receipt_lookup"),
        report_address=report_address(found.consultation),
    )
    return _file(("\ufeff" + text).encode(), "text/plain; charset=utf-8", "receipt.txt")


@participate.post("/respond/held")
@invited
def held(guest: Invited) -> ResponseReturnValue:
    """Everything that is held about whoever opened this invitation."""
    if not OpenForm().validate():
        return redirect(url_for("participate.respond"), code=303)
    person = guest.invitation.participant
    themselves = current_seal() if opens_all(guest) else None
    pack = held_about(guest.session, guest.consultation, person, themselves=themselves)
    return _file(pack.as_zip(), "application/zip", "held-about-me.zip")


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
