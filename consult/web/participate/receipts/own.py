"""The answer of this invitation, as far as this browser may be shown it.

A link that the desk has had in its hands leads to no words: whoever holds it may be the desk. There the receipt code
does, which the desk never sees; the browser that just submitted has it in its cookie.
"""

from flask import session

from consult.core.identifiers import digest
from consult.responses.models import Response
from consult.responses.queries import own_response
from consult.responses.rules import tidy_receipt
from consult.web.guards import Invited
from consult.web.installation import current_seal

RECEIPT = "receipt"
"""Where the cookie keeps the receipt code until the browser is closed."""


def own_answer(guest: Invited) -> Response | None:
    """What came in with this invitation, where the mode keeps a way to it and this browser may go it."""
    own = own_response(guest.session, guest.invitation, guest.rules.mode, current_seal())
    if own is None or not guest.invitation.seen_at_desk:
        return own
    return own if own.receipt_hash == digest(tidy_receipt(session.get(RECEIPT, ""))) else None


def opens_all(guest: Invited) -> bool:
    """Whether everything held about its person may be given to whoever opened this invitation."""
    return not guest.invitation.seen_at_desk or own_answer(guest) is not None
