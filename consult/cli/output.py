"""Writing what a command makes: to a file, whole or not at all, or to standard output."""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from consult.core.errors import Refused

STANDARD_OUTPUT = "-"
QUIET_FOR = 2.0
"""Seconds before a long export begins to say how far it is, and between two times of saying it."""


class Counting:
    """Says on standard error how far a long piece of work has come; a short one says nothing."""

    def __init__(self, what: str) -> None:
        self._what, self._said, self._last = what, False, time.monotonic()

    def __enter__(self) -> "Counting":
        return self

    def reached(self, number: int) -> None:
        """So many are done."""
        if time.monotonic() - self._last < QUIET_FOR:
            return
        self._last, self._said = time.monotonic(), True
        # One line that renews itself for a person; a line each for a file.
        sys.stderr.write(f"{chr(13) if sys.stderr.isatty() else ''}{number:,} {self._what}")
        sys.stderr.write("" if sys.stderr.isatty() else "\n")
        sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._said and sys.stderr.isatty():
            sys.stderr.write("\n")


def write_out(out: str, pieces: Iterable[bytes], *, private: bool = False) -> None:
    """Write the pieces in order. A file is in its place only once it is complete; an earlier one stays until then.

    `private`: it is for the owner of this process alone, else for whom that user's files are. Raises Refused.
    """
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
        if not private:
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
