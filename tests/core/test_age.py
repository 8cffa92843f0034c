"""Encrypted files: another program's are read, ours are read back, and what was changed is refused."""

import io
from base64 import b64decode
from pathlib import Path

import pytest

from consult.core import age
from consult.core.errors import Refused

IDENTITY = "AGE-SECRET-KEY-1D5KHZE3DTFYQYRG6L36MJZGQ0XLNG3CAAK99DUPFU4Z655JW5DUQU3C6EM"
RECIPIENT = "age1d9xu8c8vws27zjy6j3re5y7npacg8eavk4pgyahpsec4f3qua3cqnpwggg"
BY_RAGE = b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBKUmZjMUc4aDE5OW8yZVk1Z2VOUmFtbjlhdHhCVEo1UERmSjNac1FGcjM4CnVqTmV4"
    "R01GNmNrZm9BUVBOaDZ4YzJ0aFlkWUlwQVZ1VnMzVXlTR1pZalEKLT4gRkpJMS0tZ3JlYXNlIEIpQntwWmcKRERTSHZuL0p3dXBXVlFmSUFu"
    "cmFBUHFuRm05clp4YWxVTEVxY2d1K1JKOTRhZzhEdEEzQ3pGTVJOdlZnNERLKwp4UXZpZmo2VHk4bnBRUFRmeHBVWk12dzBRT2hCTzdRRHFL"
    "MEVYdHJjMmtTL3ZCZVdJQ1RkMS96NHcwNjVkUTMzCmQvbwotLS0gcmhpM2taK1NqeGk2eCt5aStCS0swZmNzTVlwdk5UWVBCSk9sRk41MXlM"
    "Ywrvq2FCs2ceApupsQ3IlKSw2DPBiIlFacEaTxzTJL8lJEAF3laEIXfydjvbr4VFeL0Ge72B3Ffw9w=="
)
"""Written by rage for RECIPIENT, with the stanza of another kind that it adds so that readers learn to pass it."""


def read(sealed: bytes, identity: str = IDENTITY) -> bytes:
    out = io.BytesIO()
    age.decrypt(io.BytesIO(sealed), out, identity)
    return out.getvalue()


def written(plain: bytes, recipient: str = RECIPIENT) -> bytes:
    out = io.BytesIO()
    age.encrypt(io.BytesIO(plain), out, recipient)
    return out.getvalue()


def test_what_another_program_wrote_is_read() -> None:
    assert read(BY_RAGE) == b"What stands in a backup."


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_there_and_back(length: int) -> None:
    plain = bytes(number % 251 for number in range(length))
    sealed = written(plain)
    assert age.is_encrypted(sealed)
    assert read(sealed) == plain
    assert written(plain) != sealed
    assert not plain or plain[:40] not in sealed or length < 40


def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        age.encrypt(io.BytesIO(b"Words. " * 20_000), full, RECIPIENT)
    sealed = io.BytesIO(written(b"Words. " * 20_000))
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        age.decrypt(sealed, full, IDENTITY)


def test_what_was_changed_cut_or_is_for_another_is_refused() -> None:
    sealed = written(b"Words. " * 20_000)
    for place in (len(age.START) + 20, len(sealed) // 2, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Refused):
            read(bytes(changed))
    chunk = 64 * 1024 + 16
    for cut in (
        sealed[:-1],
        sealed[: len(sealed) - len(sealed) % chunk],
        sealed + b"x",
        sealed[:100],
        age.START,
        b"",
    ):
        with pytest.raises(Refused):
            read(cut)
    identity, recipient = age.new_identity()
    with pytest.raises(Refused, match="somebody else"):
        read(sealed, identity)
    for wrong in ("", "age1", RECIPIENT[:-1] + "q", identity, recipient.upper()[:-1]):
        with pytest.raises(Refused):
            written(b"", wrong)
    with pytest.raises(Refused):
        read(sealed, RECIPIENT)
