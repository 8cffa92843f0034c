"""Sealing and deriving with the link key, which is neither in the database nor in its backups."""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consult.core.errors import Unavailable
from consult.core.identifiers import code_from, keyed_digest, secret_from

_NONCE_BYTES = 12


class Seal:
    """Encrypts small texts and derives look-up handles. Without the key neither says anything."""

    def __init__(self, link_key: str) -> None:
        self._key = link_key.encode("utf-8")
        self._cipher = AESGCM(keyed_digest(self._key, "sealing", ""))

    def handle(self, invitation_id: str) -> str:
        """The name under which an invitation's sealed link is kept, 64 hex characters."""
        return keyed_digest(self._key, "link-handle", invitation_id).hex()

    def draft_handle(self, invitation_id: str) -> str:
        """The same for what its person has written and not sent: another name, so that the two do not meet."""
        return keyed_digest(self._key, "draft-handle", invitation_id).hex()

    def invitation_secret(self, invitation_id: str) -> str:
        """The secret in an invitation's link: never stored, the same at every sending; its hash is in the row."""
        return secret_from(keyed_digest(self._key, "invitation-secret", invitation_id))

    def invitation_code(self, invitation_id: str) -> str:
        """The typed code of an invitation, likewise."""
        return code_from(keyed_digest(self._key, "invitation-code", invitation_id))

    def join_code(self, meeting_id: str, round_: int) -> str:
        """The code that a meeting's poster shows, another one in every round."""
        return code_from(keyed_digest(self._key, "join-code", f"{meeting_id}\x00{round_}"))

    def reader_secret(self, reader_id: str) -> str:
        """The secret in the link of somebody who reads an edition before its day; its hash is in the row."""
        return secret_from(keyed_digest(self._key, "edition-reader", reader_id))

    def stop_token(self, invitation_id: str) -> str:
        """What stops the reminders of an invitation, and opens nothing: `<invitation>-<26 characters>`."""
        return f"{invitation_id}-{secret_from(keyed_digest(self._key, 'stop-reminders', invitation_id))}"

    def invitation_to_stop(self, token: str) -> str | None:
        """The invitation that a stop token names, or None for one that is not ours."""
        invitation_id = token.partition("-")[0]
        return (
            invitation_id
            if hmac.compare_digest(token.encode(), self.stop_token(invitation_id).encode())
            else None
        )

    def close(self, text: str, *, under: str) -> bytes:
        """AES-256-GCM of `text`, bound to the handle it is kept under."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode("utf-8"), under.encode("ascii"))

    def open(self, sealed: bytes, *, under: str) -> str:
        """The text again. Raises Unavailable when the key is not the one that sealed it."""
        try:
            nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, body, under.encode("ascii")).decode("utf-8")
        except InvalidTag as wrong:
            raise Unavailable("The link key of this installation does not open this link.") from wrong
