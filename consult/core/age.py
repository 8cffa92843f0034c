"""Files for one recipient in the age format, so that the `age` program opens them too.

Whoever has the recipient (`age1…`) can write such a file and not read it; the identity (`AGE-SECRET-KEY-1…`) reads it.
Changed, cut and lengthened files are refused; what was written before that was seen is to be thrown away.
"""

from typing import BinaryIO

import pyrage

from consult.core.errors import Refused

START = b"age-encryption.org/v1\n"
_FOR_ANOTHER = "No matching keys found"


def new_identity() -> tuple[str, str]:
    """A fresh identity, and the recipient that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_encrypted(start: bytes) -> bool:
    """Whether a file that begins like this is one of these."""
    return start.startswith(START)


def encrypt(plain: BinaryIO, out: BinaryIO, recipient: str) -> None:
    """Write what is read for that recipient. Raises Refused where it is none, OSError of the disk."""
    try:
        theirs = pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError as error:
        raise Refused(
            "“%(recipient)s” is no recipient: it begins with age1.", recipient=recipient[:80]
        ) from error
    try:
        pyrage.encrypt_io(plain, out, [theirs])
    except pyrage.EncryptError as error:
        raise OSError(str(error).removeprefix("OSError: ")) from error  # the disk is full, say


def decrypt(sealed: BinaryIO, out: BinaryIO, identity: str) -> None:
    """Write what stands in such a file. Raises Refused where it is for somebody else, or not as it was written."""
    key = _identity(identity)
    if not is_encrypted(sealed.read(len(START))):
        raise Refused("This file is not encrypted by age.")
    sealed.seek(0)
    try:
        pyrage.decrypt_io(sealed, out, [key])
    except pyrage.DecryptError as error:
        if str(error) == _FOR_ANOTHER:
            raise Refused(
                "This file is encrypted for somebody else: the identity does not open it."
            ) from error
        raise _damaged() from error
    except OSError as error:
        if error.errno is not None:
            raise  # the disk, not the file
        raise _damaged() from error


def _identity(identity: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError as error:
        raise Refused("This is no identity: it begins with AGE-SECRET-KEY-1.") from error


def _damaged() -> Refused:
    return Refused("This file is not as it was written: nothing was taken from it.")
