"""Writing what a command makes: to a file, whole or not at all, or to standard output."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from consult.core.errors import Refused

STANDARD_OUTPUT = "-"


def write_out(out: str, pieces: Iterable[bytes]) -> None:
    """Write the pieces in order. A file is in its place only once it is complete; an earlier one stays until then."""
    if out == STANDARD_OUTPUT:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    target = Path(out)
    if target.is_dir():
        raise Refused("%(path)s is a folder. Name a file in it.", path=target)
    try:
        descriptor, unfinished = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        os.fchmod(descriptor, 0o666 & ~_umask())
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(unfinished).unlink()


def _umask() -> int:
    """What this process leaves out of a new file's permissions; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _unwritable(target: Path, error: OSError) -> Refused:
    return Refused("%(path)s cannot be written: %(why)s.", path=target, why=error.strerror or str(error))
