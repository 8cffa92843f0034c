"""The demonstration's sign-in, made once and kept where only this user reads it."""

import os
import secrets
from pathlib import Path

from consult.core.errors import Refused
from consult.operations.demonstration import Demonstrated

KEPT_IN = Path("var") / "demo-access.txt"
_PASSWORD = "password: "  # noqa: S105 - the word before it


def demonstration_password() -> str:
    """The kept password; a new one where none is kept."""
    try:
        for line in KEPT_IN.read_text(encoding="utf-8").splitlines():
            if line.startswith(_PASSWORD):
                return line.removeprefix(_PASSWORD)
    except FileNotFoundError:
        pass
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    write_private(KEPT_IN, f"{_PASSWORD}{password}\n")
    return password


def keep_demonstration_access(made: Demonstrated) -> None:
    """Write down whom the password lets in."""
    emails = "\n".join(f"email: {director.email}" for director in made.directors)
    write_private(
        KEPT_IN,
        f"# Sign-in to the demonstration of {made.consultation.slug}. Everything in it is invented.\n"
        f"{emails}\n{_PASSWORD}{demonstration_password()}\n",
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, at once and whole."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        raise Refused("%(path)s cannot be written: %(why)s.", path=path, why=error.strerror) from error
