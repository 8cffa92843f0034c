"""Who asks: a program with a token may read what its token is for, and nothing else that is not public."""

from flask import g, request

from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.errors import Forbidden, Unknown
from consult.reports.tokens.models import ApiToken
from consult.reports.tokens.queries import token_by_secret
from consult.web.installation import current_database
from consult.web.transactions import current_session

_SCHEME = "Bearer "


def bears_token() -> bool:
    """Whether this request names a token; then nobody may keep the answer."""
    return bool(request.headers.get("Authorization"))


def allowed(consultation: Consultation, what: str) -> bool:
    """Whether the request's token reads "editions" or "answers" of that consultation; without a token nothing is.

    That it was read stands in the audit log, once a day. Raises Unknown for a token that does not work, Forbidden for
    another consultation's or one for something else.
    """
    if not bears_token():
        return False
    token = _token()
    if token.consultation_id != consultation.id and consultation.draft:
        return False  # as if there were none, which is all that others may know of it
    if token.consultation_id != consultation.id or not getattr(token, f"reads_{what}"):
        raise Forbidden("This token is not for that.")
    audit.record_once_a_day(
        current_database(),
        "api_token.read",
        consultation_id=consultation.id,
        subject=token.id,
        what=what,
    )
    return True


def _token() -> ApiToken:
    if "token" not in g:
        given = request.headers["Authorization"]
        found = (
            token_by_secret(current_session(), given.removeprefix(_SCHEME))
            if given.startswith(_SCHEME)
            else None
        )
        if found is None:
            raise Unknown("This token does not work: it may have ended, or was taken back.")
        g.token = found
    token: ApiToken = g.token
    return token
