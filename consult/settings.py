"""Settings: `config/default.toml`, then the file that CONSULT_CONFIG names, then CONSULT_* variables.

An unknown key or a missing one stops the start, with a sentence that names it.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

_CHECKOUT = Path(__file__).resolve().parent.parent
_BUNDLED = Path(__file__).resolve().parent / "_bundled"
_PREFIX = "CONSULT_"
_OTHER_VARIABLES = frozenset({"CONSULT_CONFIG", "CONSULT_TEST_DATABASE_URL"})
_SHORTEST_KEY = 32
RANGES = {
    "port": (1, 65535),
    "workers": (1, 64),
    "threads": (1, 256),
    "session_hours": (1, 168),
    "idle_minutes": (5, 10_080),
}
"""The least and the most of each number."""
MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""Ways to a mail server, and the port of each where none is given."""


class SettingsError(Exception):
    """The settings do not allow a start; the text says which key and what to do."""


def folder(name: str) -> Path:
    """Where `templates`, `migrations` or `config` lie: in the installed package, else in the checkout."""
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _CHECKOUT / name


@dataclass(frozen=True)
class Settings:
    """Everything that an installation may choose."""

    database_url: str
    secret_key: str
    link_key: str
    base_url: str
    site_name: str
    convenor: str
    host: str
    port: int
    workers: int
    threads: int
    secure_cookies: bool
    session_hours: int
    idle_minutes: int
    mail_url: str
    mail_from: str
    exports_folder: str
    development: bool

    @property
    def jobs_url(self) -> str:
        """Where the job queue lives: beside an SQLite database, inside a PostgreSQL one."""
        if self.database_url.startswith("sqlite:///"):
            return self.database_url.removeprefix("sqlite:///") + ".jobs"
        return self.database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingsError with what to mend."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = _file(folder("config") / "default.toml")
    if own := environment.get("CONSULT_CONFIG"):
        values |= _file(Path(own))
    values |= {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(_PREFIX) and name not in _OTHER_VARIABLES
    }
    known = {field.name: field.type for field in fields(Settings)}
    if unknown := sorted(values.keys() - known.keys()):
        raise SettingsError(f"Unknown setting: {', '.join(unknown)}. Known are: {', '.join(known)}.")
    if missing := sorted(name for name in known if not str(values.get(name, "")).strip()):
        names = ", ".join(f"{_PREFIX}{name.upper()}" for name in missing)
        raise SettingsError(
            f"Missing setting: {names}. Set the variable, or the key in the file CONSULT_CONFIG names."
        )
    settings = Settings(**{name: _typed(name, known[name], values[name]) for name in known})
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    for name in ("secret_key", "link_key"):
        if len(getattr(settings, name)) < _SHORTEST_KEY:
            raise SettingsError(
                f"{_PREFIX}{name.upper()} is too short: use at least {_SHORTEST_KEY} random characters."
            )
    if settings.secret_key == settings.link_key:
        raise SettingsError("CONSULT_LINK_KEY must differ from CONSULT_SECRET_KEY.")
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            raise SettingsError(f"{_PREFIX}{name.upper()} must be from {least} to {most}.")
    _check_database(settings.database_url)
    _check_address(settings)
    _check_mail(settings)


def _check_database(url: str) -> None:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("CONSULT_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    if url.startswith("sqlite:") and url.removeprefix("sqlite:///").partition("?")[0] in ("", ":memory:"):
        raise SettingsError("CONSULT_DATABASE_URL must name a file: sqlite:////var/lib/consult/consult.db.")
    if not url.startswith("sqlite:") and _split(url) is None:  # the value itself may hold a password
        raise SettingsError(
            "CONSULT_DATABASE_URL must look like postgresql+psycopg://user:password@db.example.org:5432/consult; "
            "write / ? # @ in a password as %2F %3F %23 %40."
        )


def _check_address(settings: Settings) -> None:
    parts = _split(settings.base_url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            "CONSULT_BASE_URL must be the address that people see: https://consult.example.org."
        )
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise SettingsError("CONSULT_BASE_URL is a host's name alone: Consult cannot lie under a path.")
    if parts.scheme == "https" and not settings.secure_cookies:
        raise SettingsError("With an https address CONSULT_SECURE_COOKIES must be true.")
    if parts.scheme == "https" and settings.development:
        raise SettingsError(
            "With an https address CONSULT_DEVELOPMENT must be false: it shows mail, links and all, to anybody."
        )
    if parts.scheme == "http" and settings.secure_cookies:
        raise SettingsError(
            "With CONSULT_SECURE_COOKIES CONSULT_BASE_URL must begin with https://: else nobody can sign in."
        )


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None where its port is no number or it is otherwise no address."""
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _check_mail(settings: Settings) -> None:
    sender = parseaddr(settings.mail_from)[1]
    if not sender.rpartition("@")[0] or not settings.mail_from.isprintable():
        raise SettingsError('CONSULT_MAIL_FROM must be an address, such as "Consult <consult@example.org>".')
    if settings.mail_url.startswith("mailbox:"):
        return
    parts = _split(settings.mail_url)
    fits = parts is not None and parts.scheme in MAIL_PORTS and bool(parts.hostname)
    if parts is None or not fits or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingsError(  # the value itself may hold a password
            "CONSULT_MAIL_URL must look like smtp+starttls://user:password@mail.example.org:587, with smtp://, "
            "smtp+starttls:// or smtps://; write / ? # @ in a password as %2F %3F %23 %40."
        )
    if parts.username and parts.scheme == "smtp":
        raise SettingsError("CONSULT_MAIL_URL holds a password, so it needs smtp+starttls:// or smtps://.")
    if sender.endswith("@localhost"):
        raise SettingsError("With a mail server CONSULT_MAIL_FROM must be an address that can be answered.")


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error


def _typed(name: str, kind: Any, value: Any) -> Any:
    shown = f"{_PREFIX}{name.upper()}"
    if kind is bool:
        if str(value).lower() not in {"true", "false", "1", "0"}:
            raise SettingsError(f"{shown} must be true or false, not {value!r}.")
        return str(value).lower() in {"true", "1"}
    if kind is int:
        try:
            return int(value)
        except ValueError as error:
            raise SettingsError(f"{shown} must be a whole number, not {value!r}.") from error
    return str(value)
