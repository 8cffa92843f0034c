"""Random identifiers and secrets. None of them carries order, time or anything about a person."""

import base64
import hashlib
import hmac
import os
import secrets

ID_LENGTH = 26
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 9


_LETTER_OF = bytes(b"abcdefghijklmnopqrstuvwxyz234567"[byte & 31] for byte in range(256))


def new_id() -> str:
    """130 random bits as 26 lower-case base32 characters: safe in an address, ordered alike everywhere."""
    return os.urandom(ID_LENGTH).translate(_LETTER_OF).decode("ascii")


def new_shuffle_key() -> int:
    """A random 63-bit integer that orders lists without saying what came first."""
    return secrets.randbits(63)


def new_secret() -> str:
    """A secret of at least 128 bits for an address, 26 characters."""
    return new_id()


def secret_from(derived: bytes) -> str:
    """A secret for an address out of a keyed digest: 128 bits of it, in the form of `new_secret`."""
    return base64.b32encode(derived[:16]).decode("ascii").rstrip("=").lower()


def code_from(derived: bytes) -> str:
    """A typed code out of a keyed digest: 9 characters without 0, O, 1, I, L."""
    number, characters = int.from_bytes(derived, "big"), []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        characters.append(CODE_ALPHABET[place])
    return "".join(characters)


def tidy_code(typed: str) -> str:
    """What a person typed, as it is stored: upper case, letters and digits only."""
    return "".join(character for character in typed.upper() if character.isalnum())


def digest(secret: str) -> str:
    """SHA-256 in hex of a secret with at least 40 random bits. Never of an e-mail address or a name."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def keyed_digest(key: bytes, purpose: str, value: str) -> bytes:
    """HMAC-SHA-256 of `value` for one `purpose`, 32 bytes: a function only of those who hold the key."""
    return hmac.digest(key, f"{purpose}\x00{value}".encode(), "sha256")


def in_groups(code: str, size: int = 4) -> str:
    """A code as it is read aloud: `ABCD-EFGH-…`."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
