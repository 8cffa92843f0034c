"""Files for one recipient in the age format (age-encryption.org/v1, X25519), so that the `age` program opens them too.

Whoever has the recipient (`age1…`) can write such a file and not read it; the identity (`AGE-SECRET-KEY-1…`) reads it.
Changed, cut and lengthened files are refused; what was written before that was seen is to be thrown away.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consult.core.errors import Refused

START = b"age-encryption.org/v1\n"
_STANZA = b"-> X25519 "
_INFO = b"age-encryption.org/v1/X25519"
_CHUNK, _TAG = 64 * 1024, 16
_NO_NONCE = bytes(12)
_LONGEST_HEADER = 64 * 1024
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_RECIPIENT, _IDENTITY = "age", "age-secret-key-"


def new_identity() -> tuple[str, str]:
    """A fresh identity, and the recipient that belongs to it."""
    secret = os.urandom(32)
    return _bech32(_IDENTITY, secret).upper(), recipient_of(_bech32(_IDENTITY, secret))


def recipient_of(identity: str) -> str:
    """What may be given to everybody. Raises Refused where it is no identity."""
    return _bech32(_RECIPIENT, _public(_private(identity)))


def is_encrypted(start: bytes) -> bool:
    """Whether a file that begins like this is one of these."""
    return start.startswith(START)


def encrypt(plain: BinaryIO, out: BinaryIO, recipient: str) -> None:
    """Write what is read for that recipient. Raises Refused where it is none."""
    theirs, file_key = _recipient(recipient), os.urandom(16)
    passing = X25519PrivateKey.generate()
    shared = passing.exchange(X25519PublicKey.from_public_bytes(theirs))
    wrapped = _wrapping(shared, _public(passing), theirs).encrypt(_NO_NONCE, file_key, None)
    header = START + _STANZA + _base64(_public(passing)) + b"\n" + _base64(wrapped) + b"\n---"
    nonce = os.urandom(16)
    out.write(header + b" " + _base64(_mac(file_key, header)) + b"\n" + nonce)
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    out.writelines(
        cipher.encrypt(_counted(number, last=last), chunk, None)
        for number, chunk, last in _chunks(plain, _CHUNK)
    )


def decrypt(sealed: BinaryIO, out: BinaryIO, identity: str) -> None:
    """Write what stands in such a file. Raises Refused where it is for somebody else, or not as it was written."""
    private = _private(identity)
    header, mac, stanzas = _header(sealed)
    file_key = next((key for key in (_unwrapped(private, *stanza) for stanza in stanzas) if key), None)
    if file_key is None:
        raise Refused("This file is encrypted for somebody else: the identity does not open it.")
    nonce = sealed.read(16)
    if not hmac.compare_digest(_mac(file_key, header), mac) or len(nonce) != len(_NO_NONCE) + 4:
        raise _damaged()
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    try:
        for number, chunk, last in _chunks(sealed, _CHUNK + _TAG):
            if number and len(chunk) == _TAG:
                raise _damaged()
            out.write(cipher.decrypt(_counted(number, last=last), chunk, None))
    except InvalidTag as error:
        raise _damaged() from error


def _header(sealed: BinaryIO) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    """The header up to its mark, its MAC, and each X25519 stanza's (ephemeral share, wrapped key)."""
    if sealed.readline(len(START)) != START:
        raise Refused("This file is not encrypted by age.")
    read, stanzas, share = START, list[tuple[bytes, bytes]](), b""
    while len(read) < _LONGEST_HEADER:
        line = sealed.readline(_LONGEST_HEADER)
        if line.startswith(b"--- "):
            return read + b"---", _plain(line[4:]), stanzas
        if line.startswith(b"-> "):
            share = _plain(line.removeprefix(_STANZA)) if line.startswith(_STANZA) else b""
        elif share:
            stanzas.append((share, _plain(line)))
            share = b""
        elif not line:
            break
        read += line
    raise _damaged()


def _unwrapped(private: X25519PrivateKey, share: bytes, wrapped: bytes) -> bytes | None:
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
        return _wrapping(shared, share, _public(private)).decrypt(_NO_NONCE, wrapped, None)
    except (InvalidTag, ValueError):
        return None


def _wrapping(shared: bytes, share: bytes, recipient: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(shared, share + recipient, _INFO))


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(key)


def _counted(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """(number, bytes, whether it is the last), at least one."""
    number, chunk = 0, file.read(size)
    while True:
        following = file.read(size)
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def _public(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def _private(identity: str) -> X25519PrivateKey:
    secret = _unbech32(_IDENTITY, identity)
    if secret is None:
        raise Refused("This is no identity: it begins with AGE-SECRET-KEY-1.")
    return X25519PrivateKey.from_private_bytes(secret)


def _recipient(recipient: str) -> bytes:
    found = _unbech32(_RECIPIENT, recipient)
    if found is None:
        raise Refused("“%(recipient)s” is no recipient: it begins with age1.", recipient=recipient[:80])
    return found


def _base64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _plain(line: bytes) -> bytes:
    text = line.rstrip(b"\n")
    try:
        return b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise _damaged() from error


def _damaged() -> Refused:
    return Refused("This file is not as it was written: nothing was taken from it.")


def _bech32(kind: str, data: bytes) -> str:
    """Of BIP 173, without its limit of length."""
    values = _regrouped(data, 8, 5)
    checked = _checksum(kind, values + [0] * 6) ^ 1
    values += [(checked >> 5 * (5 - place)) & 31 for place in range(6)]
    return kind + "1" + "".join(_LETTERS[value] for value in values)


def _unbech32(kind: str, text: str) -> bytes | None:
    """32 bytes, or None where the text is not one of these."""
    text = text.strip()
    if text not in (text.lower(), text.upper()):
        return None
    found, _one, letters = text.lower().rpartition("1")
    if found != kind or any(letter not in _LETTERS for letter in letters):
        return None
    values = [_LETTERS.index(letter) for letter in letters]
    if _checksum(kind, values) != 1:
        return None
    data = bytes(_regrouped(values[:-6], 5, 8))
    return data if len(data) == len(_NO_NONCE) + 20 else None


def _checksum(kind: str, values: list[int]) -> int:
    sum_ = 1
    for value in [*(ord(c) >> 5 for c in kind), 0, *(ord(c) & 31 for c in kind), *values]:
        top, sum_ = sum_ >> 25, (sum_ & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            sum_ ^= generator if top >> bit & 1 else 0
    return sum_


def _regrouped(data: bytes | list[int], wide: int, narrow: int) -> list[int]:
    """The same bits in groups of another size; towards wider groups what is left over is dropped."""
    held = bits = 0
    out = []
    for value in data:
        held, bits = held << wide | value, bits + wide
        while bits >= narrow:
            bits -= narrow
            out.append(held >> bits & ((1 << narrow) - 1))
    if bits and narrow < wide:
        out.append(held << (narrow - bits) & ((1 << narrow) - 1))
    return out
