"""The ticket in an answer form: its submission key, when it was opened, and whose invitation it belongs to.

Signed, so that nobody opens a form before closing after it; and bound to the invitation by an HMAC, so that a form left
open while somebody else's invitation was opened in the same browser is not sent in their name. Nothing of it is stored
but the hash of the key.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeTimedSerializer

from consult.core.identifiers import keyed_digest, new_secret
from consult.responses.rules import tidy_receipt


@dataclass(frozen=True)
class Ticket:
    """What a form carries."""

    key: str
    opened_at: datetime


def issue(secret_key: str, invitation_id: str) -> str:
    """A ticket with a fresh 128-bit key, opened now."""
    key = new_secret()
    return _serializer(secret_key).dumps([key, _tag(secret_key, invitation_id, key)])


def read(secret_key: str, invitation_id: str, ticket: str | None) -> Ticket | None:
    """The ticket, or None when it is not ours or was made for another invitation."""
    try:
        (key, tag), opened_at = _serializer(secret_key).loads(ticket or "", return_timestamp=True)
    except (BadData, ValueError, TypeError):
        return None
    belongs = hmac.compare_digest(str(tag), _tag(secret_key, invitation_id, str(key)))
    return Ticket(str(key), opened_at) if belongs else None


def tab_key(secret_key: str, invitation_id: str) -> str:
    """The name under which this tab keeps what is being typed: another invitation's is another."""
    return keyed_digest(secret_key.encode("utf-8"), "tab", invitation_id).hex()[:16]


def tab_key_of_code(secret_key: str, code: str) -> str:
    """The same for a form that a response code opens. The code cannot be told from it."""
    return keyed_digest(secret_key.encode("utf-8"), "tab-of-code", tidy_receipt(code)).hex()[:16]


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret_key, salt="answer-form", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _tag(secret_key: str, invitation_id: str, key: str) -> str:
    return keyed_digest(secret_key.encode("utf-8"), "ticket", f"{invitation_id}\x00{key}").hex()
